"""One model against every requirement that is on for it: values in, the content of its sheet out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from governance.obligations.evidence import VERSIONED
from governance.obligations.facts import Circumstances
from governance.obligations.rules import (
    Answered,
    Flags,
    GroupAnswer,
    Reason,
    Requirement,
    Subject,
    answer,
    stale_after,
)
from governance.obligations.surroundings import Owed

FAILING = frozenset({"failing", "overdue"})


EXCUSABLE = FAILING | {"missing", "open"}


@dataclass(frozen=True)
class Excused:
    """One waiver or accepted gap that stands. ends_on: its last day."""

    kind: Literal["accepted_gap", "waived"]
    ends_on: date


@dataclass(frozen=True)
class Judgement:
    """answers: each requirement with its answer for the version in focus. failing: by id of the version."""

    answers: Sequence[tuple[Owed, Answered]]
    failing: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    stale_after: date | None = None

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        tallies: dict[str, Counter[str]] = {}
        for owed, answered in self.answers:
            tallies.setdefault(owed.framework.key, Counter())[answered.status] += 1
        return {key: dict(sorted(tally.items())) for key, tally in tallies.items()}


def judge(
    circumstances: Circumstances,
    requirements: Iterable[Owed],
    excuses: Mapping[str, Excused] = MappingProxyType({}),
) -> Judgement:
    """excuses: waivers and accepted gaps by key of the requirement. What fails or is overdue stays in `failing`, with its
    excuse: whether the gate opens for it is a matter of the route."""
    requirements = list(requirements)
    subject = circumstances.subject(circumstances.focus)
    answers = [(owed, answered(circumstances, owed.requirement, subject)) for owed in requirements]
    days = [_stale_after(circumstances, owed.requirement, subject) for owed in requirements]
    per_version = [owed for owed in requirements if _speaks_of_a_version(owed.requirement)]
    common = [(owed, told) for owed, told in answers if not _speaks_of_a_version(owed.requirement)]
    failing = {}
    for version in circumstances.versions:
        subject = circumstances.subject(version)
        own = [(owed, answered(circumstances, owed.requirement, subject)) for owed in per_version]
        failing[str(version.pk)] = _failing([*common, *own], excuses)
        if version != circumstances.focus:
            days += [_stale_after(circumstances, owed.requirement, subject) for owed in per_version]
    days += [excuse.ends_on for excuse in excuses.values()]
    days += [circumstances.grade.holds_until] if circumstances.grade else []
    shown = [(owed, excused(told, excuses.get(owed.obligation.key))) for owed, told in answers]
    return Judgement(shown, failing, min((day for day in days if day is not None), default=None))


def excused(told: Answered, excuse: Excused | None) -> Answered:
    """The answer under a waiver or an accepted gap; where evidence answers the requirement nothing is excused."""
    if excuse is None or told.status not in EXCUSABLE:
        return told
    reason = Reason.of(excuse.kind, on=excuse.ends_on, status=told.status)
    return replace(told, status=excuse.kind, reasons=(reason, *told.reasons))


def answered(circumstances: Circumstances, requirement: Requirement, subject: Subject) -> Answered:
    flags = flags_for(circumstances, requirement)
    return answer(requirement, flags, circumstances.evidence, circumstances.as_of, subject)


def flags_for(circumstances: Circumstances, requirement: Requirement) -> Flags:
    """A requirement of the organisation is asked of the organisation. Source: organisation_level."""
    of_all = requirement.level == "organisation"
    return circumstances.organisation_flags if of_all else circumstances.flags


def _stale_after(circumstances: Circumstances, requirement: Requirement, subject: Subject) -> date | None:
    if not _turns_with_time(circumstances, requirement):
        return None
    flags = flags_for(circumstances, requirement)
    return stale_after(requirement, flags, circumstances.evidence, circumstances.as_of, subject)


def _turns_with_time(circumstances: Circumstances, requirement: Requirement) -> bool:
    """Without evidence and without a date of the text nothing can turn; most requirements are quickly passed over."""
    dates = (requirement.in_force_from, requirement.in_force_to)
    if any(day is not None and day >= circumstances.as_of for day in dates):
        return True
    return any(kind in circumstances.kinds for group in requirement.groups for kind in group.any_of)


def _speaks_of_a_version(requirement: Requirement) -> bool:
    """Whether its answer can differ between two versions of one model."""
    per_release = requirement.periodicity == "per_release" and requirement.interval_is_law
    kinds = [kind for group in requirement.groups for kind in group.any_of]
    return per_release or any(kind.startswith(VERSIONED) for kind in kinds)


def _failing(
    answers: Iterable[tuple[Owed, Answered]], excuses: Mapping[str, Excused]
) -> list[dict[str, str]]:
    return sorted(
        (
            {
                "key": owed.obligation.key,
                "status": answered.status,
                "framework": owed.framework.key,
                "norm": owed.requirement.norm,
                "excused": _kind(excuses.get(owed.obligation.key)),
            }
            for owed, answered in answers
            if answered.status in FAILING
        ),
        key=lambda each: (each["framework"], each["key"]),
    )


def _kind(excuse: Excused | None) -> str:
    return excuse.kind if excuse else ""


def groups_as_json(answered: Answered) -> list[dict[str, Any]]:
    return [_group(group) for group in answered.groups]


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
