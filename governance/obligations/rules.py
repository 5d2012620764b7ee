"""The pure decisions of this room under one name: values in, value and reasons out; no clock, no database."""

from governance.obligations.applicability import (
    Applies,
    Flags,
    active_numbers,
    applies,
    groups,
    organisation_flags,
    switched_on,
)
from governance.obligations.because import Flag, explained
from governance.obligations.conclusion import (
    MAY_BE_MET,
    OUTDATED,
    UNSIGNED,
    ConclusionFact,
    Ground,
    evidence_digest,
    met,
    spoken,
    stands,
)
from governance.obligations.evidence import EvidenceFact, Subject
from governance.obligations.flags import Facts, flags
from governance.obligations.reason import Reason
from governance.obligations.registration import filled
from governance.obligations.requirement import Group, Requirement, When, requirement_from, when_from
from governance.obligations.status import Answered, Asked, GroupAnswer, Status, answer, stale_after

__all__ = [
    "MAY_BE_MET",
    "OUTDATED",
    "UNSIGNED",
    "Answered",
    "Applies",
    "Asked",
    "ConclusionFact",
    "EvidenceFact",
    "Facts",
    "Flag",
    "Flags",
    "Ground",
    "Group",
    "GroupAnswer",
    "Reason",
    "Requirement",
    "Status",
    "Subject",
    "When",
    "active_numbers",
    "answer",
    "applies",
    "evidence_digest",
    "explained",
    "filled",
    "flags",
    "groups",
    "met",
    "organisation_flags",
    "requirement_from",
    "spoken",
    "stale_after",
    "stands",
    "switched_on",
    "when_from",
]
