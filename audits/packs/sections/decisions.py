"""Decisions: what was put before the committee, recommendations, votes, conditions, and the permissions that followed."""

from __future__ import annotations

from collections.abc import Iterator

from audits.packs.parts import Part, Piece
from audits.packs.subject import Subject
from governance.approvals.canonical import canonical
from governance.approvals.models import (
    ApprovalRequest,
    Authorisation,
    Condition,
    Decision,
    Recommendation,
    Vote,
)

ORDER = 70


def parts(subject: Subject) -> Iterator[Part]:
    """The manifests stand a second time in files named by their digest, as the exact bytes that were digested."""
    tables = ApprovalRequest, Recommendation, Condition, Vote, Decision, Authorisation
    yield from subject.rows("decisions", *tables)
    written = set()
    for request in subject.stood(ApprovalRequest.objects.filter(model=subject.model).order_by("id")):
        if request.manifest_sha256 not in written:
            written.add(request.manifest_sha256)
            yield Piece(f"decisions/manifests/{request.manifest_sha256}.json", [canonical(request.manifest)])
