from __future__ import annotations

from collections.abc import Callable

import pytest

from governance.people.acting import viewing
from governance.people.actor import Actor
from monitoring.engines.preload import preload
from monitoring.runs import services as runs
from monitoring.runs.models import Run
from tests.factories import found, join
from tests.monitoring.loans import Loans, loans


@pytest.fixture(scope="session")
def preloaded() -> None:
    """What the checks worker does once before it forks: every child starts in milliseconds."""
    preload()


@pytest.fixture
def lender(committing) -> Actor:
    """The owner of a model in a database where transactions really commit."""
    return join(found(1, name="First Bank"), "model_owner", email="owner@bank.example")


@pytest.fixture
def asked(lender, preloaded) -> tuple[Loans, Run]:
    """One run that is due: the quickest check, over committed data."""
    return due_run(lender, "explanation")


def due_run(owner: Actor, *checks: str, number: str = "M-0001") -> tuple[Loans, Run]:
    things = loans(owner, number=number)
    for key in checks:
        runs.set_plan(by=owner, dataset=things.dataset, check_key=key)
    [run, *_rest] = runs.start(by=owner, model=things.model)
    return things, run


def seen(actor: Actor, look: Callable[[], object]) -> object:
    """What a query finds for this actor, outside any request."""
    with viewing(actor):
        return look()
