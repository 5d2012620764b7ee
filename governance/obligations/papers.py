"""Pulls the papers of models into their evidence: the register below cannot call up, so news is fetched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Min, QuerySet
from django.utils import timezone

from governance.inventory.models import Revision
from governance.inventory.reviewed import Reviewed
from governance.obligations.edition import vocabularies
from governance.obligations.evidence import TEXTS
from governance.obligations.facts import DOCUMENT
from governance.obligations.models import Evidence, EvidenceVerdict
from governance.people.acting import acting
from governance.people.actor import Actor

NEVER_ON_PAPER = frozenset({"approval"})
"""Kinds that only the register itself can record: an uploaded file is not the committee's decision."""

SUPERSEDED = "superseded"
"""In the summary of evidence that a later revision put aside, and that no person revoked."""

Wanted = Mapping[tuple[str, UUID], Evidence]
"""By kind and revision: the row that says so, where none is on record yet."""


@dataclass(frozen=True)
class Difference:
    """What parts the evidence on record from what should count. gone, back: keys of rows; fresh: rows to come."""

    gone: Sequence[UUID]
    back: Sequence[UUID]
    fresh: Sequence[Evidence]

    def __bool__(self) -> bool:
        return bool(self.gone or self.back or self.fresh)


def pull(*, by: Actor, ids: Collection[UUID]) -> bool:
    """Bring evidence in line with the revision of every document that counts. Returns whether anything was written.

    ids: of models.
    """
    wanted = {
        (kind, revision.pk): _evidence(kind, revision)
        for revision in _latest(ids)
        for kind in kinds_of(revision.kinds or revision.document.kinds)
    }
    return align(by=by, rows=Evidence.objects.filter(model__in=ids, source=DOCUMENT), wanted=wanted)


def align(*, by: Actor, rows: QuerySet[Evidence], wanted: Wanted) -> bool:
    """Write what parts these rows from what is wanted. Returns whether anything was written."""
    parted = difference(rows, wanted)
    if not parted:
        return False
    with acting(by, "evidence.pulled"):
        _supersede(rows.filter(pk__in=parted.gone))
        _reinstate(rows.filter(pk__in=parted.back))
        Evidence.objects.bulk_create(parted.fresh)
    return True


def difference(rows: QuerySet[Evidence], wanted: Wanted) -> Difference:
    """Evidence that a person revoked stays revoked until a new revision arrives. What was only superseded counts again
    when the revision after it is withdrawn.
    """
    there = {
        (kind, source_id): (key, revoked, SUPERSEDED in summary)
        for key, kind, source_id, revoked, summary in rows.values_list(
            "pk", "kind", "source_id", "revoked_at", "summary"
        )
    }
    return Difference(
        [key for pair, (key, revoked, _by_us) in there.items() if pair not in wanted and revoked is None],
        [key for pair, (key, revoked, by_us) in there.items() if pair in wanted and revoked and by_us],
        [row for pair, row in wanted.items() if pair not in there],
    )


def _supersede(rows: QuerySet[Evidence]) -> None:
    for row in rows:
        row.revoked_at, row.summary = timezone.now(), {**row.summary, SUPERSEDED: True}
        row.save(update_fields=["revoked_at", "summary"])


def _reinstate(rows: QuerySet[Evidence]) -> None:
    for row in rows:
        row.revoked_at = None
        row.summary = {name: value for name, value in row.summary.items() if name != SUPERSEDED}
        row.save(update_fields=["revoked_at", "summary"])


def _latest(ids: Collection[UUID]) -> Iterator[Revision]:
    standing = Revision.objects.filter(model__in=ids).standing(timezone.localdate())
    yield from standing.select_related("document")


def kinds_of(listed: Iterable[str]) -> list[str]:
    """Kinds of evidence that one file answers for: "model_card" is a document, "human_oversight_log" a kind of its own."""
    words = vocabularies()
    kinds = []
    for kind in dict.fromkeys(listed):
        name = kind.removeprefix("document:")
        if name in words["evidence_document_kinds"]:
            kinds.append(f"document:{name}")
        elif name in words["other_evidence"] and name not in NEVER_ON_PAPER:
            kinds.append(name)
    return kinds


def _evidence(kind: str, revision: Revision) -> Evidence:
    return Evidence(
        organisation_id=revision.organisation_id,
        model_id=revision.model_id,
        kind=kind,
        verdict=EvidenceVerdict.ON_FILE,
        source=DOCUMENT,
        source_id=revision.pk,
        digest=revision.sha256,
        taken_at=beginning(revision.effective_on),
        valid_until=revision.valid_until,
        summary=summary_of(kind, revision.document_id, revision),
    )


def beginning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def coming(ids: Collection[UUID]) -> Mapping[UUID, date]:
    """By id of the model the next day on which a paper of it begins to count."""
    later = Revision.objects.filter(model__in=ids, effective_on__gt=timezone.localdate()).counted()
    return dict(later.order_by().values_list("model_id").annotate(Min("effective_on")))


def summary_of(kind: str, document_id: UUID, revision: Reviewed) -> dict[str, Any]:
    """Which paper it is; a text is filed as "text in use" with its language, and a later revision takes its place."""
    summary: dict[str, Any] = {"document": str(document_id), "number": revision.number}
    return {**summary, "in_use": True, "language": revision.language} if kind in TEXTS else summary
