"""Pulls the papers of models into their evidence: the register below cannot call up, so news is fetched."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from governance.inventory.models import Revision
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

Wanted = dict[tuple[str, UUID], Revision]


def pull(*, by: Actor, ids: Collection[UUID]) -> bool:
    """Bring evidence in line with the revision of every document that counts. Returns whether anything was written.

    ids: models. Evidence that a person revoked stays revoked until a new revision arrives. What was only superseded counts
    again when the revision after it is withdrawn.
    """
    wanted: Wanted = {
        (kind, revision.pk): revision for revision in _latest(ids) for kind in kinds_of(revision)
    }
    rows = Evidence.objects.filter(model__in=ids, source=DOCUMENT)
    there = {
        (kind, source_id): (key, revoked, SUPERSEDED in summary)
        for key, kind, source_id, revoked, summary in rows.values_list(
            "pk", "kind", "source_id", "revoked_at", "summary"
        )
    }
    gone = [key for pair, (key, revoked, _by_us) in there.items() if pair not in wanted and revoked is None]
    back = [key for pair, (key, revoked, by_us) in there.items() if pair in wanted and revoked and by_us]
    fresh = {pair: revision for pair, revision in wanted.items() if pair not in there}
    if not (gone or back or fresh):
        return False
    with acting(by, "evidence.pulled"):
        _supersede(rows.filter(pk__in=gone))
        _reinstate(rows.filter(pk__in=back))
        Evidence.objects.bulk_create([_evidence(kind, revision) for (kind, _id), revision in fresh.items()])
    return True


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
    yield from Revision.objects.filter(model__in=ids).latest_of_each().select_related("document")


def kinds_of(revision: Revision) -> list[str]:
    """Kinds of evidence that one file answers for: "model_card" is a document, "human_oversight_log" a kind of its own."""
    words = vocabularies()
    kinds = []
    for kind in dict.fromkeys(revision.document.kinds):
        name = kind.removeprefix("document:")
        if name in words["evidence_document_kinds"]:
            kinds.append(f"document:{name}")
        elif name in words["other_evidence"] and name not in NEVER_ON_PAPER:
            kinds.append(name)
    return kinds


def _evidence(kind: str, revision: Revision) -> Evidence:
    summary = {"document": str(revision.document_id), "number": revision.number}
    if kind in TEXTS:
        summary["in_use"] = True  # it is filed as "text in use", and a later revision takes its place
    return Evidence(
        organisation_id=revision.organisation_id,
        model_id=revision.model_id,
        kind=kind,
        verdict=EvidenceVerdict.ON_FILE,
        source=DOCUMENT,
        source_id=revision.pk,
        digest=revision.sha256,
        taken_at=revision.uploaded_at,
        summary=summary,
    )
