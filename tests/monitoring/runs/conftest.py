from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.data import references
from monitoring.data.models import Dataset, Window
from monitoring.engines.preload import preload
from monitoring.runs import findings
from monitoring.runs import services as runs
from monitoring.runs.models import Finding, Measurement, Result, Run
from tests.factories import found, join
from tests.monitoring.loans import Loans, a_dataset, a_model, a_version, loans


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


def answer(
    run: Run, verdict: str, *, limit: float | None = None, **figures: tuple[float | None, str]
) -> None:
    """The run has answered, without measuring anything but these: per metric its value and verdict. limit: of each of them."""
    with acting(Actor.system("checks worker", run.organisation_id), "run.finished"):
        now = timezone.now()
        Run.objects.filter(pk=run.pk).update(status="done", finished_at=now)
        of_model = {"organisation_id": run.organisation_id, "model_id": run.model_id}
        result = Result.objects.create(run=run, verdict=verdict, sha256="0" * 64, **of_model)
        for metric, (value, its) in figures.items():
            Measurement.objects.create(
                result=result, metric=metric, value=value, limit=limit, n=1, verdict=its, **of_model
            )
        findings.caught_up(run)
        findings.settle(run, verdict, {"key": verdict, "params": {}})


def run_of(owner: Actor, check: str, window: str, *, version: str = "1.0") -> Run:
    """The newest run of a check over a data period."""
    with viewing(owner):
        asked = Run.objects.filter(check_key=check, window__name=window, version__label=version)
        found = asked.select_related("window", "version", "plan").order_by("-asked_at").first()
    assert found is not None, (check, window)
    return found


def a_period(
    owner: Actor, dataset: Dataset, name: str, *, part: str = "current", ends_on: date | None = None
) -> Window:
    """A data period on record, without its file: for tests in which nothing is measured."""
    with acting(owner, "window.added"):
        return Window.objects.create(
            organisation_id=owner.organisation_id,
            model_id=dataset.model_id,
            dataset=dataset,
            name=name,
            part=part,
            acceptance=references.acceptance_of_new(dataset, part),
            ends_on=ends_on,
            sha256="0" * 64,
            size=1,
            rows=1,
            columns=[],
            source_name="rows.csv",
            source_sha256="0" * 64,
            uploaded_by_id=owner.user_id,
        )


def on_record(owner: Actor, *, number: str = "M-0001") -> Loans:
    """A registered model with a version and a described dataset, whose reference is on record without its file."""
    model = a_model(owner, number=number)
    version = a_version(owner, model, bare=True)
    dataset = a_dataset(owner, model)
    reference = a_period(owner, dataset, "reference", part="reference")
    return Loans(model, version, dataset, {"reference": reference})


@pytest.fixture
def watched(owner) -> Loans:
    """Drift is planned over a reference and three data periods, handed in out of order."""
    things = on_record(owner)
    a_period(owner, things.dataset, "march", ends_on=date(2026, 3, 31))
    a_period(owner, things.dataset, "january", ends_on=date(2026, 1, 31))
    a_period(owner, things.dataset, "april", ends_on=date(2026, 4, 30))
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    runs.catch_up(owner.organisation_id)
    return things


def told(owner: Actor) -> dict[str, str]:
    """Data period (and kind) -> "open" or the cause of its end."""
    with viewing(owner):
        return {
            f"{each.window.name if each.window else ''} {each.kind}".strip(): each.closing.get(
                "cause", "open"
            )
            for each in Finding.objects.select_related("window")
        }
