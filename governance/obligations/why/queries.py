"""What is known of a model, and each flag that follows from it with the answers that set it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from governance.inventory.models import AIModel
from governance.obligations.edition import flag_label
from governance.obligations.facts import facts_of
from governance.obligations.lines import Line
from governance.obligations.models import Duty, Obligation, Occurrence
from governance.obligations.requirement import When, when_from
from governance.obligations.rules import Facts, explained
from governance.obligations.saying import reads
from governance.obligations.sheets import ASKS_NOTHING
from governance.obligations.why.sources import Source, source
from governance.risk.grades import Grade, current_grade


@dataclass(frozen=True)
class Known:
    """Everything that flags are computed from. occurred: flag of an event → when it occurred first."""

    model: AIModel
    grade: Grade | None
    licensed: bool
    occurred: Mapping[str, datetime]

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.model, self.grade, licensed=self.licensed, occurred=self.occurred)


@dataclass(frozen=True)
class FlagLine:
    """One flag as a page says it. because: the answers that set it; where it is open, those that are missing."""

    flag: str
    value: bool | None
    because: Sequence[Source]
    duties: Sequence[Duty] = ()

    @property
    def words(self) -> str:
        return flag_label(self.flag, reads())


def known_of(model: AIModel) -> Known:
    """Read it in a fixed number of queries."""
    rows = Occurrence.objects.filter(model=model).order_by("-at")
    return Known(
        model=model,
        grade=current_grade(model),
        licensed=model.organisation.is_licensed,
        occurred=dict(rows.values_list("flag", "at")),
    )


def lines_of(model: AIModel) -> list[FlagLine]:
    """Every flag, with the requirements that ask something of this model and name it in a condition."""
    asked = Duty.objects.filter(model=model).exclude(status__in=ASKS_NOTHING)
    return _lines(known_of(model), _named(asked.select_related("obligation__framework")))


def conditions_of(line: Line) -> list[FlagLine]:
    """The flags that the condition of one requirement names, and those of its groups, in that order."""
    lines = {each.flag: each for each in _lines(known_of(line.duty.model), {})}
    return [lines[flag] for flag in flags_in(line.obligation)]


def flags_in(obligation: Obligation) -> list[str]:
    stated = [obligation.facts, *obligation.facts["answered_by"]]
    conditions: list[When] = [when_from(each.get("when")) for each in stated]
    return list(dict.fromkeys(flag for when in conditions for flag in when.flags))


def _lines(known: Known, named: Mapping[str, Sequence[Duty]]) -> list[FlagLine]:
    return [
        FlagLine(flag, each.value, [source(fact, known) for fact in each.because], named.get(flag, ()))
        for flag, each in explained(known.facts).items()
    ]


def _named(duties: Iterable[Duty]) -> dict[str, list[Duty]]:
    found: dict[str, list[Duty]] = {}
    for duty in duties:
        for flag in flags_in(duty.obligation):
            found.setdefault(flag, []).append(duty)
    return found
