"""Pulls the papers of a model into its evidence: the register below cannot call up, so news is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.utils import timezone

from governance.inventory.models import AIModel, Revision
from governance.obligations.edition import vocabularies
from governance.obligations.evidence import TEXTS
from governance.obligations.facts import DOCUMENT
from governance.obligations.models import Evidence, EvidenceVerdict
from governance.people.acting import acting
from governance.people.actor import Actor

NEVER_ON_PAPER = frozenset({"approval"})
"""Kinds that only the register itself can record: an uploaded file is not the committee's decision."""

Wanted = dict[tuple[str, UUID], Revision]


def pull(*, by: Actor, model: AIModel) -> bool:
    """Bring evidence in line with the latest revision of every document. Returns whether anything was written.

    Evidence that a person revoked stays revoked until a new revision arrives.
    """
    wanted: Wanted = {
        (kind, revision.pk): revision for revision in _latest(model) for kind in kinds_of(revision)
    }
    rows = Evidence.objects.filter(model=model, source=DOCUMENT)
    there = {
        (kind, source_id): (key, revoked)
        for key, kind, source_id, revoked in rows.values_list("pk", "kind", "source_id", "revoked_at")
    }
    gone = [key for pair, (key, revoked) in there.items() if pair not in wanted and revoked is None]
    fresh = {pair: revision for pair, revision in wanted.items() if pair not in there}
    if not gone and not fresh:
        return False
    with acting(by, "evidence.pulled"):
        rows.filter(pk__in=gone).update(revoked_at=timezone.now())
        Evidence.objects.bulk_create([_evidence(kind, revision) for (kind, _id), revision in fresh.items()])
    return True


def _latest(model: AIModel) -> Iterator[Revision]:
    revisions = Revision.objects.filter(model=model).select_related("document")
    yield from revisions.order_by("document_id", "-number").distinct("document_id")


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
