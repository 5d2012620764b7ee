"""The smallest legal thing of each sort that the tests of the rules judge."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from governance.obligations.rules import EvidenceFact, Flags, Group, Requirement, Subject, answer

TODAY = date(2026, 11, 22)
SUBJECT = Subject(model_id="m", version_id="v2", version_since=date(2026, 11, 1))


def duty(*kinds: str, **changes: Any) -> Requirement:
    """A duty with one group whose alternatives are these kinds."""
    return Requirement(
        **{"id": "r", "norm": "duty", "groups": (Group(1, kinds),), "periodicity": "once"} | changes
    )


def fact(
    kind: str, verdict: str = "on_file", on: date = TODAY, hour: int = 9, **changes: Any
) -> EvidenceFact:
    """Evidence of the model under test; a check speaks of its current version unless told otherwise."""
    version = "v2" if kind.startswith("check:") else None
    known = {"id": f"{kind}@{on}T{hour}", "model_id": "m", "version_id": version}
    return EvidenceFact(
        kind=kind,
        verdict=verdict,
        taken_at=datetime.combine(on, time(hour), UTC),
        **known | changes,
    )


def keys(answered: Any) -> list[str]:
    return [reason.key for reason in answered.reasons]


def status(
    requirement: Requirement,
    *evidence: EvidenceFact,
    flags: Flags | None = None,
    subject: Subject = SUBJECT,
    as_of: date = TODAY,
) -> str:
    return answer(requirement, flags or {}, evidence, as_of, subject).status
