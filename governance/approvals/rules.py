"""The pure decisions of this room under one name: the gate, the count of votes, and what voids a permission."""

from governance.approvals.gating import (
    AuthorisationFact,
    BlockingDuty,
    DutyState,
    GateFacts,
    GateReason,
    Verdict,
    gate,
)
from governance.approvals.manifest import Manifest, Voided, voided
from governance.approvals.route import BlockingRule, Committee, Route
from governance.approvals.voting import Outcome, VoteFact, tally

__all__ = [
    "AuthorisationFact",
    "BlockingDuty",
    "BlockingRule",
    "Committee",
    "DutyState",
    "GateFacts",
    "GateReason",
    "Manifest",
    "Outcome",
    "Route",
    "Verdict",
    "Voided",
    "VoteFact",
    "gate",
    "tally",
    "voided",
]
