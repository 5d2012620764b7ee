"""What the tier of a model expects to be checked, and what of it nobody has planned: told, never left out in silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from governance.inventory.models import AIModel
from governance.risk.grades import Grade
from monitoring.checks import CHECKS
from monitoring.checks.check import Check
from monitoring.runs import telling
from monitoring.runs.asked import Asked
from monitoring.runs.proposing import by_grade
from monitoring.runs.proposing import expected as keys
from monitoring.runs.tiers import Proposal


@dataclass(frozen=True)
class Expected:
    """One check that the tier expects. can: datasets without a plan of it that can answer it; missing: what the others lack."""

    check: Check
    proposal: Proposal
    is_planned: bool
    can: Sequence[str] = ()
    missing: str = ""

    @property
    def days(self) -> str:
        return telling.days(self.proposal.every_days)


def expected(model: AIModel, grade: Grade | None, asked: Iterable[Asked]) -> list[Expected]:
    """asked: all checks of all datasets of the model."""
    there = list(asked)
    return [
        _expected(CHECKS[key], by_grade(grade, key), [each for each in there if each.check.key == key])
        for key in keys(model, grade)
    ]


def _expected(check: Check, proposal: Proposal, asked: Sequence[Asked]) -> Expected:
    if any(each.plan for each in asked):
        return Expected(check, proposal, is_planned=True)
    can = [each.dataset.name for each in asked if each.can_be_planned]
    missing = "" if can or not asked else min(asked, key=lambda each: len(each.lacking)).missing
    return Expected(check, proposal, is_planned=False, can=can, missing=missing)
