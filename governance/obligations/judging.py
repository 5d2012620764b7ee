"""One model against every requirement that is on for it: values in, the content of its sheet out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from governance.obligations.facts import Circumstances
from governance.obligations.rules import Answered, Reason
from governance.obligations.settling import Settled, settle
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
    """settled: each requirement with its answer for the version in focus. failing: by id of the version."""

    settled: Sequence[Settled]
    failing: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    stale_after: date | None = None

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        tallies: dict[str, Counter[str]] = {}
        for each in self.settled:
            tallies.setdefault(each.owed.framework.key, Counter())[each.answered.status] += 1
        return {key: dict(sorted(tally.items())) for key, tally in tallies.items()}


def judge(
    now: Circumstances,
    requirements: Iterable[Owed],
    excuses: Mapping[str, Excused] = MappingProxyType({}),
) -> Judgement:
    """excuses: waivers and accepted gaps by key of the requirement. What fails or is overdue stays in `failing`, with its
    excuse: whether the gate opens for it is a matter of the route."""
    subject = now.subject(now.focus)
    settled = [settle(now, owed, subject) for owed in requirements]
    common = [each for each in settled if not each.owed.speaks_of_a_version]
    # An answer differs between versions only by what is on file, and only what is on file can fail.
    per_version = [
        each.owed
        for each in settled
        if each.owed.speaks_of_a_version and not now.kinds.isdisjoint(each.owed.kinds)
    ]
    failing, days = {}, [each.holds_until for each in settled]
    for version in now.versions:
        subject = now.subject(version)
        own = [settle(now, owed, subject) for owed in per_version]
        failing[str(version.pk)] = _failing([*common, *own], excuses)
        days += [each.holds_until for each in own]
    days += [excuse.ends_on for excuse in excuses.values()]
    days += [now.grade.holds_until] if now.grade else []
    shown = [excused(each, excuses.get(each.owed.obligation.key)) for each in settled] if excuses else settled
    return Judgement(shown, failing, min((day for day in days if day is not None), default=None))


def excused(told: Settled, excuse: Excused | None) -> Settled:
    """The answer under a waiver or an accepted gap; where evidence answers the requirement nothing is excused."""
    if excuse is None or told.answered.status not in EXCUSABLE:
        return told
    reason = Reason.of(excuse.kind, on=excuse.ends_on, status=told.answered.status)
    reasons = (reason, *told.answered.reasons)
    return replace(told, answered=replace(told.answered, status=excuse.kind, reasons=reasons))


def answered(now: Circumstances, owed: Owed) -> Answered:
    """Where one requirement stands for the version in focus."""
    return settle(now, owed, now.subject(now.focus)).answered


def _failing(settled: Iterable[Settled], excuses: Mapping[str, Excused]) -> list[dict[str, str]]:
    return sorted(
        (
            {
                "key": each.owed.obligation.key,
                "status": each.answered.status,
                "framework": each.owed.framework.key,
                "norm": each.owed.requirement.norm,
                "excused": _kind(excuses.get(each.owed.obligation.key)),
            }
            for each in settled
            if each.answered.status in FAILING
        ),
        key=lambda each: (each["framework"], each["key"]),
    )


def _kind(excuse: Excused | None) -> str:
    return excuse.kind if excuse else ""
