"""The answer to one requirement, found once for every model of which the same is true.

Most requirements of most models have nothing on file. Their answer follows from a few flags alone, so it is judged once
and remembered; what is on file is judged for its own model.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from governance.obligations.facts import Circumstances
from governance.obligations.rules import (
    Answered,
    Asked,
    EvidenceFact,
    Flags,
    GroupAnswer,
    Subject,
    answer,
    stale_after,
)
from governance.obligations.surroundings import Owed

NOBODY = Subject(model_id=None)
REMEMBERED = 32_768
"""How many answers a process remembers: a few dozen for each requirement of every edition."""


@dataclass(frozen=True, eq=False)
class Settled:
    """holds_until: the last day on which it holds if nothing but time passes, None = without end."""

    owed: Owed
    answered: Answered
    holds_until: date | None = None

    @cached_property
    def content(self) -> dict[str, Any]:
        """The columns of the KeptAnswer that says it."""
        told = self.answered
        return {
            "obligation_id": str(self.owed.obligation.pk),
            "status": told.status,
            "groups": [_group(group) for group in told.groups],
            "reasons": [reason.as_dict() for reason in told.reasons],
            "evidence_ids": list(told.evidence_ids),
            "evidence_digest": told.digest,
            "due_on": told.due_on.isoformat() if told.due_on else None,
        }

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the content."""
        return hashlib.sha256(json.dumps(self.content).encode()).digest()


def kept_id(organisation_id: UUID, settled: Settled) -> str:
    """Of the KeptAnswer: the same content of one organisation has the same id."""
    return _kept_id(organisation_id.bytes, settled.digest)


@lru_cache(maxsize=REMEMBERED)
def _kept_id(organisation: bytes, digest: bytes) -> str:
    return str(UUID(bytes=hashlib.sha256(organisation + digest).digest()[:16]))


def settle(now: Circumstances, owed: Owed, subject: Subject) -> Settled:
    flags = flags_for(now, owed)
    values = tuple([flags.get(flag, False) for flag in owed.flags])
    if owed.kinds.isdisjoint(now.kinds) and owed.fields.isdisjoint(subject.filled):
        return _with_nothing_on_file(owed, values, now.as_of)
    requirement, relevant = owed.requirement, _on_file(now, owed)
    told = answer(requirement, flags, relevant, now.as_of, subject, _asked(owed, values))
    return Settled(owed, told, stale_after(requirement, flags, relevant, now.as_of, subject, told))


@lru_cache(maxsize=REMEMBERED)
def _asked(owed: Owed, values: Sequence[bool | None]) -> Asked:
    return Asked.of(owed.requirement, dict(zip(owed.flags, values, strict=True)))


@lru_cache(maxsize=REMEMBERED)
def _with_nothing_on_file(owed: Owed, values: Sequence[bool | None], as_of: date) -> Settled:
    flags, requirement = dict(zip(owed.flags, values, strict=True)), owed.requirement
    told = answer(requirement, flags, (), as_of, NOBODY)
    return Settled(owed, told, stale_after(requirement, flags, (), as_of, NOBODY, told))


def flags_for(now: Circumstances, owed: Owed) -> Flags:
    """A requirement of the organisation is asked of the organisation. Source: organisation_level."""
    return now.organisation_flags if owed.requirement.level == "organisation" else now.flags


def _on_file(now: Circumstances, owed: Owed) -> list[EvidenceFact]:
    """What could bear on it, in the order in which it was read."""
    of_all, kinds = owed.requirement.level == "organisation", owed.kinds
    return [fact for fact in now.evidence if fact.kind in kinds and (fact.model_id is None) is of_all]


def _group(group: GroupAnswer) -> dict[str, Any]:
    return {
        "number": group.number,
        "satisfied": group.satisfied,
        "by": list(group.by),
        "missing": list(group.missing),
        "failing": list(group.failing),
        "lapsed": list(group.lapsed),
        "open": list(group.open),
        "until": group.until.isoformat() if group.until else None,
    }
