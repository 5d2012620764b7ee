"""Which kinds of paper are asked of an organisation, so that a form offers them first."""

from __future__ import annotations

from governance.inventory.kinds import KINDS
from governance.obligations.models import Obligation

APPROVAL = "approval"

SIGNED = frozenset(
    {
        "ai_policy",
        "governance_charter",
        "quality_management_system",
        "responsibility_matrix",
        "risk_appetite_statement",
        "risk_management_document",
    }
)
"""Papers by which an organisation is governed: only their signature is an approval that all of its models inherit."""


def asked() -> frozenset[str]:
    """Keys of `inventory.kinds` that a requirement of the organisation can be answered with."""
    rows = Obligation.objects.filter(level="organisation").values_list("facts__answered_by", flat=True)
    kinds = {kind for groups in rows for group in groups or () for kind in group["any_of"]}
    return frozenset(kind.removeprefix("document:") for kind in kinds).intersection(KINDS)
