"""What is put before the committee: everything it decides on, by digest, so that a decision means exactly this content.

Nothing of the request itself stands in it (no person, no moment, no revision of the model): the same content gives the
same manifest. It holds the six parts that `voided` compares, and beside them what a reader needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from governance.approvals.canonical import sha256
from governance.approvals.manifest import Manifest
from governance.inventory.models import ModelVersion, Revision
from governance.obligations.models import Duty, DutySheet, Evidence
from governance.risk.grades import Grade

__all__ = ["compose", "now", "sha256"]

FORMAT = "senim.manifest/1"
FAILING = ("failing", "overdue")
UNCERTAIN = ("uncertain", "amber", "insufficient_data")
APPROVAL = "approval"


def compose(
    version: ModelVersion, environment: str, *, route: dict[str, str], grade: Grade, sheet: DutySheet
) -> dict[str, Any]:
    """The whole manifest of one version for one environment, from what stands on record now."""
    revisions, evidence = _latest_revisions(version.model_id), _speaking(version)
    duties = _duties(version.model_id)
    return {
        **_decided(version, revisions, evidence, grade).as_dict(),
        "editions": sheet.editions,
        "format": FORMAT,
        "environment": environment,
        "route": route,
        "model": {"id": str(version.model_id), "number": version.model.number, "name": version.model.name},
        "version_facts": _version(version),
        "grading": _grading(grade),
        "cited_documents": [_document(revision) for revision in revisions],
        "cited_evidence": [_piece(each) for each in evidence],
        "duties": {"counts": sheet.counts, "statuses": duties},
        "open_points": _open_points(duties, evidence),
    }


def now(version: ModelVersion, grade: Grade) -> Manifest:
    """The parts that can void a decision, as they stand now: every piece of evidence that is not revoked."""
    standing = Evidence.objects.standing().filter(model_id=version.model_id).only("id", "digest")
    return _decided(version, _latest_revisions(version.model_id), standing, grade)


def _decided(
    version: ModelVersion,
    revisions: Iterable[Revision],
    evidence: Iterable[Evidence],
    grade: Grade,
) -> Manifest:
    return Manifest(
        version=version.label,
        artefact_sha256=version.artefact_sha256,
        documents={str(each.document_id): each.sha256 for each in revisions},
        grade=grade.values,
        evidence={str(each.pk): each.digest for each in evidence},
        editions={},
    )


def _latest_revisions(model_id: UUID) -> Sequence[Revision]:
    latest = Revision.objects.filter(model_id=model_id).standing(timezone.localdate())
    return sorted(latest.select_related("document"), key=lambda each: (each.document.title, str(each.pk)))


def _speaking(version: ModelVersion) -> list[Evidence]:
    """Standing evidence of the model and of this version; of each plan of a check the newest answer alone.

    A former approval is no evidence for the next one.
    """
    rows = Evidence.objects.standing().filter(Q(version=None) | Q(version=version), model_id=version.model_id)
    newest: dict[tuple[str, str], Evidence] = {}
    for each in rows.exclude(kind=APPROVAL).order_by("-taken_at", "id"):
        is_check = each.kind.startswith("check:") or each.source.startswith("plan:")
        series = each.source if is_check else str(each.pk)
        newest.setdefault((each.kind, series), each)
    return sorted(newest.values(), key=lambda each: (each.kind, str(each.pk)))


def _grading(grade: Grade) -> dict[str, Any]:
    """Where the grade comes from; what was set by hand stands beside what was computed."""
    origin = {"assessment_id": str(grade.computed.pk), "edition": grade.edition}
    by_hand = {
        axis: {"value": each.value, "computed": each.computed, "ends_on": each.ends_on.isoformat()}
        for axis, each in sorted(grade.overrides.items())
    }
    return {**origin, "overrides": by_hand} if by_hand else origin


def _version(version: ModelVersion) -> dict[str, Any]:
    return {
        "id": str(version.pk),
        "label": version.label,
        "digest": version.digest,
        "artefact_format": version.artefact_format,
        "features": version.features,
        "decision_threshold": version.decision_threshold,
    }


def _document(revision: Revision) -> dict[str, Any]:
    return {
        "document_id": str(revision.document_id),
        "revision_id": str(revision.pk),
        "title": revision.title or revision.document.title,
        "kinds": sorted(revision.kinds or revision.document.kinds),
        "number": revision.number,
        "sha256": revision.sha256,
    }


def _piece(evidence: Evidence) -> dict[str, Any]:
    return {
        "id": str(evidence.pk),
        "kind": evidence.kind,
        "verdict": evidence.verdict,
        "source": evidence.source,
        "digest": evidence.digest,
        "taken_at": evidence.taken_at.isoformat(),
        "valid_until": evidence.valid_until.isoformat() if evidence.valid_until else None,
    }


def _duties(model_id: UUID) -> dict[str, dict[str, str]]:
    rows = Duty.objects.filter(model_id=model_id).exclude(status="not_applicable").order_by("obligation__key")
    columns = rows.values_list("obligation__key", "status", "concluded")
    return {key: {"status": status, "concluded": concluded} for key, status, concluded in columns}


def _open_points(
    duties: dict[str, dict[str, str]], evidence: Iterable[Evidence]
) -> dict[str, dict[str, list[str]]]:
    """What fails, is uncertain or is missing, named outright: nobody has to find it among what is well."""
    pieces = list(evidence)

    def requirements(*statuses: str) -> list[str]:
        return [key for key, duty in duties.items() if duty["status"] in statuses]

    def kinds(*verdicts: str) -> list[str]:
        return sorted({piece.kind for piece in pieces if piece.verdict in verdicts})

    return {
        "failing": {"requirements": requirements(*FAILING), "evidence": kinds("failed")},
        "uncertain": {"requirements": requirements("open"), "evidence": kinds(*UNCERTAIN)},
        "missing": {"requirements": requirements("missing"), "evidence": kinds("not_run")},
    }
