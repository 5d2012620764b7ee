"""A run of drift tells the model's own columns beside its features, over rows and over the frozen baseline."""

from __future__ import annotations

import io
from typing import Any

import pytest

from governance import store
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.baselines.models import Baseline, Scan
from monitoring.data import services as data
from monitoring.engines.counted.editions import VERSION
from monitoring.runs import services as runs
from monitoring.runs.models import Result
from tests.factories import sign_in
from tests.monitoring.loans import _frame, a_dataset, a_model, a_version, a_window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]

WAYS = ["evidently_equal", "frozen_baseline"]


def answered(owner: Actor, model: Any) -> Result:
    [run] = runs.start(by=owner, model=model)
    runs.work(run.pk)
    with viewing(owner):
        return Result.objects.select_related("run").prefetch_related("measurements").get(run=run)


def planned(owner: Actor, dataset: Any, cells: str) -> None:
    limits = {"cells": cells}
    runs.set_plan(by=owner, dataset=dataset, check_key="drift", limits=limits, reason="so")


@pytest.fixture
def scored(owner):
    """Features that stay, a score that moves, and outcomes that are not known of the current data period."""
    model = a_model(owner)
    a_version(owner, model, bare=True)
    roles = {"features": ["dep"], "sensitive": [], "prediction": "approve", "score": "p", "label": "paid"}
    dataset = a_dataset(owner, model, **roles)
    frame = _frame("reference")[["dep", "approve"]]
    for part, shift, paid in (("reference", 0.0, "yes"), ("current", 0.3, None)):
        rows = frame.assign(p=frame.index / len(frame) + shift, paid=paid)
        a_window(owner, dataset, part, file=io.BytesIO(rows.to_csv(index=False).encode()))
    return dataset


@pytest.mark.parametrize("cells", WAYS)
def test_a_drifted_score_is_amber_although_no_feature_has_drifted(client, owner, scored, cells):
    planned(owner, scored, cells)
    result = answered(owner, scored.model)

    assert (result.verdict, result.summary["key"], result.summary["params"]["own"]) == ("amber", "own", "p")
    with viewing(owner):
        found = {(each.metric, each.subject): each.verdict for each in result.measurements.all()}
    assert found == {
        ("drifted_share", ""): "passed",
        ("psi", "dep"): "passed",
        ("score_psi", "p"): "amber",
        ("prediction_psi", "approve"): "passed",
    }
    page = sign_in(client, owner).get(f"/runs/{result.run_id}/").content.decode()
    assert "Drift of the score: Population stability index" in page
    assert "Drift of the decision: Population stability index" in page
    assert "Drift of the outcome" not in page
    board = client.get(f"/models/{scored.model_id}/checks/").content.decode()
    assert "but the score, the decision or the outcome has: p." in board and "Drift of the score" in board


def test_a_reference_that_an_earlier_edition_froze_is_frozen_anew_and_the_old_baseline_stays(
    client, owner, scored
):
    with viewing(owner):
        reference = data.Window.objects.get(part="reference")
    old = store.put(owner.organisation_id, b'{"format":"senim.baseline","version":1}')
    with acting(Actor.system("tests", owner.organisation_id), "test.arranged"):
        Baseline.objects.create(
            organisation_id=owner.organisation_id,
            model_id=reference.model_id,
            window=reference,
            edition=1,
            sha256=old.sha256,
            size=old.size,
        )
    planned(owner, scored, "frozen_baseline")
    result = answered(owner, scored.model)

    with viewing(owner):
        assert [each.edition for each in Baseline.objects.order_by("edition")] == [1, VERSION]
        newest = Baseline.objects.get(edition=VERSION)
        assert Scan.objects.get().baseline == newest
    assert result.summary["baseline"] == newest.sha256 != old.sha256
    address = f"/windows/{reference.pk}/baseline/"
    page = sign_in(client, owner).get(f"/runs/{result.run_id}/").content.decode()
    assert f"{address}?sha256={newest.sha256}" in page
    assert client.get(address).content == store.read(owner.organisation_id, newest.sha256)
    kept = client.get(f"{address}?sha256={old.sha256}").content
    assert kept == store.read(owner.organisation_id, old.sha256)
    assert client.get(f"{address}?sha256={'0' * 64}").status_code == 404
