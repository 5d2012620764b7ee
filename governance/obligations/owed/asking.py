"""From a duty as it was computed to what its groups wait for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from governance.inventory.models import AIModel
from governance.inventory.sections import QUESTIONS
from governance.obligations.because import reads
from governance.obligations.models import Duty
from governance.obligations.owed.rules import Act, Demand
from governance.obligations.status import AFTER_THE_EVENT, DUE_SOON

GRADE = "grade"
"""In place of a question: the degrees of risk and autonomy follow from the grading."""

Kinds = Mapping[str, str]
"""Id of evidence → its kind."""


def demands_of(duty: Duty, kinds: Kinds, today: date, model: AIModel) -> Iterator[Demand]:
    """What one duty waits for, group by group; nothing where it is excused without a day or answered."""
    if duty.status == "waived":
        return
    for group in duty.groups:
        demand = _demand(duty, group, kinds, today, model)
        if demand is not None:
            yield demand


def _demand(duty: Duty, group: Mapping[str, Any], kinds: Kinds, today: date, model: AIModel) -> Demand | None:
    failing, open_flags = _kinds(group["failing"], kinds), _open_flags(duty, group)
    if failing:
        return _of(duty, group, Act.FIND_CAUSE, failing, "failing")
    if _comes_due(group, today):
        renewed = _kinds(group["by"], kinds)
        return _of(duty, group, Act.HAND_IN, renewed, "due_soon", renews=renewed) if renewed else None
    if group["satisfied"] or _waits_for_the_event(duty, group):
        return None
    if open_flags:
        asked = _questions(open_flags, model)
        return _of(duty, group, Act.ANSWER, asked, "open") if asked else None
    lapsed = _kinds(group["lapsed"], kinds)
    overdue = lapsed and duty.status == "overdue"
    status = duty.status if overdue or duty.status == "not_ready" else "missing"
    return _of(duty, group, Act.HAND_IN, lapsed or tuple(group["missing"]), status, renews=lapsed)


def _of(
    duty: Duty,
    group: Mapping[str, Any],
    act: Act,
    kinds: tuple[str, ...],
    status: str,
    *,
    renews: Collection[str] = (),
) -> Demand:
    """status: of the group alone; an accepted gap covers the whole requirement."""
    until = group["until"]
    return Demand(
        requirement=duty.obligation.key,
        group=group["number"],
        act=act,
        kinds=kinds,
        status=duty.status if duty.status == "accepted_gap" else status,
        due_on=_excused_until(duty) or (date.fromisoformat(until) if until else None),
        of_organisation=duty.obligation.level == "organisation" and act == Act.HAND_IN,
        renews=frozenset(renews),
    )


def _kinds(ids: Collection[str], kinds: Kinds) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kinds[item] for item in ids if item in kinds))


def _comes_due(group: Mapping[str, Any], today: date) -> bool:
    until = group["until"]
    return bool(group["satisfied"] and until and date.fromisoformat(until) - DUE_SOON <= today)


def _waits_for_the_event(duty: Duty, group: Mapping[str, Any]) -> bool:
    """A report of an incident cannot be written before there is one."""
    return duty.status == "not_ready" and AFTER_THE_EVENT.issuperset(group["missing"])


def _excused_until(duty: Duty) -> date | None:
    """The last day of an accepted gap."""
    days = [reason["params"]["on"] for reason in duty.reasons if reason["key"] == "accepted_gap"]
    return date.fromisoformat(days[0]) if days else None


def _open_flags(duty: Duty, group: Mapping[str, Any]) -> list[str]:
    """Flags that decide whether this is asked at all, and that nobody has answered."""
    whole = [
        flag for reason in duty.reasons if reason["key"] == "unanswered" for flag in reason["params"]["flags"]
    ]
    return [*whole, *group["open"]]


def _questions(flags: Collection[str], model: AIModel) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for flag in flags if (name := _question(flag, model))))


def _question(flag: str, model: AIModel) -> str:
    """The first question behind a flag that waits for an answer; "" where no person of the firm is asked."""
    if flag.startswith(("risk_", "autonomy_")):
        return GRADE
    known = [name for name in reads(flag) if name in QUESTIONS]
    return next((name for name in known if getattr(model, name) in (None, "")), "")
