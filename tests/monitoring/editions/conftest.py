"""A wrong description of real mortgage applications, with plans, and what corrects it."""

from __future__ import annotations

from typing import Any

import pytest

from governance.people.acting import viewing
from governance.people.actor import Actor
from monitoring.data.models import Dataset
from monitoring.editions import services as editions
from monitoring.editions.services import Edition
from monitoring.runs import services as runs
from monitoring.runs.models import Plan
from tests.monitoring.loans import FEATURES, SENSITIVE, Loans
from tests.monitoring.runs.conftest import on_record, preloaded

__all__ = ["preloaded"]

WRONG = "The favourable outcome is the other one."


@pytest.fixture
def things(owner) -> Loans:
    """Drift and fairness are planned, drift with limits of its own."""
    made = on_record(owner)
    own = {"limits": {"feature_score": 0.3}, "every_days": 7, "reason": "Our policy 12"}
    runs.set_plan(by=owner, dataset=made.dataset, check_key="drift", **own)
    runs.set_plan(by=owner, dataset=made.dataset, check_key="fairness")
    return made


def corrected(by: Actor, dataset: Dataset, reason: str = WRONG, **said: Any) -> Edition:
    """The same description with the other outcome as the favourable one, or with what is said."""
    same = {"features": FEATURES, "sensitive": SENSITIVE, "prediction": "approve", "favourable": "0"}
    return editions.correct(by=by, dataset=dataset, reason=reason, **{**same, **said})


def fresh(actor: Actor, dataset: Dataset) -> Dataset:
    with viewing(actor):
        row: Dataset = Dataset.objects.get(pk=dataset.pk)
    return row


def planned(actor: Actor, dataset: Dataset) -> list[Plan]:
    with viewing(actor):
        return list(Plan.objects.filter(dataset=dataset, ended_at=None))
