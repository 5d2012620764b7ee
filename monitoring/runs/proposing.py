"""What is proposed for a check of a model today, by its grade, and which checks are expected of it."""

from __future__ import annotations

from governance.inventory.models import AIModel
from governance.risk.grades import Grade, current_grade
from monitoring.runs import tiers
from monitoring.runs.tiers import Proposal, propose


def proposed(model: AIModel, check_key: str) -> Proposal:
    return by_grade(current_grade(model), check_key)


def by_grade(grade: Grade | None, check_key: str) -> Proposal:
    if grade is None:
        return propose(check_key, None)
    return propose(check_key, grade.tier, grade.autonomy_degree)


def expected(model: AIModel, grade: Grade | None) -> list[str]:
    """Of a graded model in use; what nobody has answered yet expects nothing."""
    if grade is None or not model.is_registered:
        return []
    return tiers.expected(grade.tier, {name for name in tiers.FACTS if getattr(model, name)})
