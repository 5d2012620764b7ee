"""Runs that have answered, with a result in the store as the engine writes it, and without measuring anything."""

from __future__ import annotations

from typing import Any

from governance.people.acting import viewing
from governance.people.actor import Actor
from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs
from monitoring.runs import answers, claims
from monitoring.runs import services as runs
from monitoring.runs.models import Run
from tests.monitoring.loans import Loans
from tests.monitoring.runs.conftest import a_period, on_record


def drift(*scores: float | None, limit: float = 0.1) -> dict[str, Any]:
    """Features f0, f1, … with these scores; None = too few rows."""
    features = [
        {
            "feature": f"f{at}",
            "kind": "numeric",
            "status": "insufficient_data" if score is None else "measured",
            "n_current": 100,
            "method": "psi",
            "threshold": limit,
            "score": score,
            "low": None,
            "high": None,
            "by_chance": None,
            "own_largest": None,
            "drifted": None if score is None else score >= limit,
        }
        for at, score in enumerate(scores)
    ]
    drifted = [each["drifted"] for each in features if each["status"] == "measured"]
    share = sum(bool(each) for each in drifted) / len(drifted) if drifted else None
    told = {"features": features, "roles": [], "measured": len(drifted), "drifted_share": share, "rule": {}}
    return {**told, "check_version": CHECKS["drift"].version}


def own_periods(score: float, *, largest: float, margin: float = 1.5) -> dict[str, Any]:
    told = drift(score, limit=margin * largest)
    told["features"][0]["own_largest"] = largest
    return {**told, "rule": {"limits_from": "own_periods"}}


def fairness(lowest: int) -> dict[str, Any]:
    """Two groups of a thousand: all of the one are chosen, `lowest` of the other."""
    rows = [["a", None, True, 1000], ["b", None, True, lowest], ["b", None, False, 1000 - lowest]]
    return measure("fairness", Inputs(counts={"white": rows}, sensitive=("white",)))


def asked(owner: Actor, *checks: str, number: str = "M-0001", **limits: Any) -> Loans:
    """A registered model whose checks are due over the current data period."""
    things = on_record(owner, number=number)
    a_period(owner, things.dataset, "current")
    for key in checks:
        own = {name: value for name, value in limits.items() if name in CHECKS[key].default_limits}
        runs.set_plan(by=owner, dataset=things.dataset, check_key=key, limits=own, reason="as agreed")
    runs.start(by=owner, model=things.model)
    return things


def answer(owner: Actor, things: Loans, check_key: str, told: dict[str, Any]) -> Run:
    with viewing(owner):
        run = Run.objects.get(model=things.model, check_key=check_key, result=None)
    claim = claims.take(Actor.system("checks worker", run.organisation_id), run.pk)
    assert claim is not None
    answers.finish(claim, told)
    return run
