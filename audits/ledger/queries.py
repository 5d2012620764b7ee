"""What the ledger can say of entries: their place, and the proof that the signed head covers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from audits.ledger import merkle
from audits.ledger.guard import remembered
from audits.ledger.models import Checkpoint, LedgerEntry, LedgerIndex, LedgerWaiting


@dataclass(frozen=True)
class Proof:
    """position: place in the log, from 0. path: hashes of 32 bytes from the leaf to the head of the checkpoint."""

    position: int
    path: list[bytes]


@dataclass(frozen=True)
class Standing:
    """entries: with a place. waiting: without one yet. is_whole: the head that was remembered elsewhere is in the log."""

    entries: int
    waiting: int
    checkpoint: Checkpoint | None
    is_whole: bool


def last_checkpoint(organisation_id: UUID | None) -> Checkpoint | None:
    return Checkpoint.objects.filter(organisation_id=organisation_id).order_by("-size").first()


def proofs_of(entries: Iterable[LedgerEntry], checkpoint: Checkpoint) -> Mapping[UUID, Proof]:
    """Proofs of those entries that the checkpoint covers. One read of the log's leaves, 32 bytes an entry."""
    places = LedgerIndex.objects.filter(
        organisation_id=checkpoint.organisation_id, position__lt=checkpoint.size
    ).order_by("position")
    leaves = [bytes(leaf) for leaf in places.values_list("leaf", flat=True).iterator()]
    asked = [entry.pk for entry in entries]
    found = LedgerIndex.objects.filter(entry__in=asked, position__lt=checkpoint.size)
    tree = merkle.Tree(leaves)
    return {index.entry_id: Proof(index.position, tree.inclusion(index.position)) for index in found}


def recorded(organisation_id: UUID | None) -> int:
    """How many entries a log has, with a place or waiting for one: another number after each recorded write.

    Those with a place first: what is given one in between is counted in neither, so that the number may be too low for once, and
    is never too high.
    """
    of = {"organisation_id": organisation_id}
    last = LedgerIndex.objects.filter(**of).order_by("-position").values_list("position", flat=True).first()
    placed = 0 if last is None else last + 1
    return placed + LedgerWaiting.objects.filter(**of).count()


def standing(organisation_id: UUID | None) -> Standing:
    """How the log of an organisation stands, for the page of health and for whoever audits."""
    checkpoint = last_checkpoint(organisation_id)
    size, root = remembered(organisation_id)
    known = Checkpoint.objects.filter(organisation_id=organisation_id, size=size).first()
    return Standing(
        entries=LedgerIndex.objects.filter(organisation_id=organisation_id).count(),
        waiting=LedgerWaiting.objects.filter(organisation_id=organisation_id).count(),
        checkpoint=checkpoint,
        is_whole=not size or (known is not None and bytes(known.root).hex() == root),
    )
