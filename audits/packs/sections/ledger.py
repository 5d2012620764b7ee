"""The ledger's entries of the model, with what is needed to recompute them offline, and their proof under a signed head."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from audits.ledger import leaf, note
from audits.ledger import services as ledger
from audits.ledger.models import Checkpoint, LedgerEntry, LedgerIndex
from audits.packs.parts import Part, as_json, lines, text
from audits.packs.proofs import proof
from audits.packs.sections.others import OF_THE_PACKS
from audits.packs.subject import Subject
from governance.store.keys import signing_key

ORDER = 95


def parts(subject: Subject) -> Iterator[Part]:
    head = _head(subject)
    size = head.size if head else 0
    positions: list[int] = []
    yield lines("ledger/entries.jsonl", _entries(subject, size, positions))
    yield text("ledger/key.txt", note.verifier(signing_key(ledger.KEY).public_key()) + "\n")
    if head:
        yield text("ledger/checkpoint.txt", head.note)
        nodes = proof(size, _leaves(subject, size), positions)
        named = {f"{level}:{index}": value.hex() for (level, index), value in sorted(nodes.items())}
        yield as_json("ledger/proof.json", {"size": size, "nodes": named})


def _head(subject: Subject) -> Checkpoint | None:
    """The newest of then; for a past day the newest there is, which proves as much and lacks nothing."""
    heads = Checkpoint.objects.filter(organisation_id=subject.model.organisation_id)
    if subject.day is None:
        heads = heads.filter(at__lte=subject.as_of)
    return heads.order_by("-size").first()


def entries(subject: Subject) -> QuerySet[Any]:
    """In the order in which they were written. `written` is the text of the payload that the commitment covers."""
    ours = LedgerEntry.objects.filter(model=subject.model.pk, at__lte=subject.as_of).exclude(
        table=OF_THE_PACKS
    )
    with_payload = ours.select_related("payload", "index").order_by("at", "id")
    told: QuerySet[Any] = with_payload.annotate(written=Cast("payload__content", TextField()))
    return told


def _entries(subject: Subject, size: int, positions: list[int]) -> Iterator[str]:
    for entry in entries(subject).iterator(500):
        place = entry.index.position if hasattr(entry, "index") else None
        if place is not None and place < size:
            positions.append(place)
        else:
            place, subject.unplaced = None, subject.unplaced + 1
        kind, _colon, who = entry.actor.partition(":")
        if kind == "person":
            subject.people.add(who)
        yield json.dumps(_kept(subject, entry, place), ensure_ascii=False)


def _kept(subject: Subject, entry: Any, place: int | None) -> dict[str, Any]:
    """entry: the text that the leaf of the log covers; its last value is the commitment. No content: it was erased."""
    kept: dict[str, Any] = {"entry": leaf.text(entry), "position": place}
    if entry.written is None:
        subject.erased += 1
        return kept
    return {**kept, "salt": bytes(entry.payload.salt).hex(), "content": entry.written}


def _leaves(subject: Subject, size: int) -> Iterable[bytes]:
    places = LedgerIndex.objects.filter(organisation_id=subject.model.organisation_id, position__lt=size)
    return (bytes(each) for each in places.order_by("position").values_list("leaf", flat=True).iterator(5000))
