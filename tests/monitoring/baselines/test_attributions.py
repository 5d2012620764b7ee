"""What a version's answers rested on in the reference is made once; results are the same to the last digit, kept or not."""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from governance import store
from governance.people.acting import viewing
from governance.people.actor import Actor
from monitoring.baselines import services as baselines
from monitoring.baselines.models import Attribution
from monitoring.checks import CHECKS, measure
from monitoring.data import services as data
from monitoring.engines import attributed, boosters, explanation
from monitoring.engines.attributed import MOST_FEATURES, REPLICATES, Attributed, flaw_of, key_of
from monitoring.engines.results import plain
from monitoring.engines.surrogate import fitted
from monitoring.recomputing import services as recomputing
from monitoring.recomputing.models import Recomputation
from monitoring.runs import services as runs
from monitoring.runs import shapes
from monitoring.runs.inputs import inputs_of
from monitoring.runs.models import Result
from tests.monitoring.loans import FEATURES, Loans, a_version, a_window, csv, loans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]


@pytest.fixture
def explained(owner) -> Loans:
    """A model with its own file, whose plan asks what its decisions rest on."""
    there = loans(owner)
    runs.set_plan(by=owner, dataset=there.dataset, check_key="explanation")
    return there


def answered(owner: Actor, things: Loans) -> list[Result]:
    for run in runs.start(by=owner, model=things.model):
        runs.work(run.pk)
    with viewing(owner):
        everything = ("run__version", "run__reference", "run__window", "run__plan__dataset")
        return list(Result.objects.select_related(*everything).order_by("at"))


def kept(owner: Actor) -> list[Attribution]:
    with viewing(owner):
        return list(Attribution.objects.order_by("made_at"))


def told(result: Result) -> dict:
    return json.loads(store.read(result.organisation_id, result.sha256))


def test_the_second_data_period_is_held_against_what_the_first_run_made(owner, explained):
    [first] = answered(owner, explained)
    [made] = kept(owner)
    a_window(owner, explained.dataset, file=csv(rows=200), name="later")
    second = answered(owner, explained)[-1]

    assert second.run.window_id != first.run.window_id and kept(owner) == [made]
    assert (
        told(second)["moved"]["rows"] == told(first)["moved"]["rows"] - told(first)["rows"]["explained"] + 200
    )
    for result in (first, second):
        with viewing(owner):
            anew = plain(measure("explanation", inputs_of(result.run)))
        assert "kept" not in told(result)
        assert {key: told(result)[key] for key in anew} == anew


def test_another_version_has_one_of_its_own(owner, explained):
    answered(owner, explained)
    a_version(owner, explained.model, "2.0")
    answered(owner, explained)
    assert len({each.version_id for each in kept(owner)}) == len(kept(owner)) == 2


def test_computed_again_it_is_made_anew_and_equal(owner, validator, explained):
    [result] = answered(owner, explained)
    asked = recomputing.recompute(by=validator, run=result.run)
    recomputing.work(asked.organisation_id, asked.pk)
    with viewing(owner):
        again = Recomputation.objects.get()
    assert (again.outcome, again.digest) == ("equal", result.sha256) and len(kept(owner)) == 1


def test_other_releases_of_the_libraries_take_nothing_over(owner, explained, monkeypatch):
    answered(owner, explained)
    monkeypatch.setattr(attributed, "LIBRARIES", ("shap",))
    a_window(owner, explained.dataset, file=csv(rows=200), name="later")
    answered(owner, explained)
    assert len({each.key for each in kept(owner)}) == 2


@pytest.mark.parametrize("name", ["reference", "artefact"])
def test_the_key_is_of_the_data_the_file_the_columns_and_the_seed(name: str):
    digests = {"reference": "a" * 64, "artefact": "b" * 64, "current": "c" * 64}
    keys = [
        key_of(digests, ("x", "y"), 1),
        key_of({**digests, name: "d" * 64}, ("x", "y"), 1),
        key_of(digests, ("y", "x"), 1),
        key_of(digests, ("x", "y"), 2),
    ]
    assert len(set(keys)) == 4
    assert key_of({**digests, "current": "e" * 64}, ["x", "y"], 1) == keys[0]


def test_without_a_reference_nothing_is_kept(owner, explained):
    with viewing(owner):
        reference = explained.windows["reference"]
    data.withdraw_window(by=owner, window=reference, reason="wrong file")
    [result] = answered(owner, explained)
    assert told(result)["moved"] is None and kept(owner) == []


def test_what_is_kept_of_two_who_made_it_at_once_is_the_first(owner, explained):
    worker = Actor.system("checks worker", owner.organisation_id)
    about = {"reference": explained.windows["reference"], "version": explained.version, "key": "k" * 64}
    for means in ([1.0], [2.0]):
        baselines.keep_attribution(by=worker, **about, made={"means": means})
    [made] = kept(owner)
    assert json.loads(store.read(owner.organisation_id, made.sha256)) == {"means": [1.0]}


def test_a_file_that_is_gone_is_made_again(owner, explained):
    answered(owner, explained)
    [made] = kept(owner)
    store.remove(owner.organisation_id, made.sha256)
    a_window(owner, explained.dataset, file=csv(rows=200), name="later")
    later = answered(owner, explained)[-1]
    assert later.run.window.name == "later" and told(later)["moved"] is not None
    assert store.path(owner.organisation_id, made.sha256).exists() and kept(owner) == [made]


def test_figures_come_back_to_the_last_digit(tmp_path):
    absolute = np.random.default_rng(5).random((40, 3))
    made = Attributed.of(absolute, REPLICATES, 1)
    file = tmp_path / "kept.json"
    file.write_text(json.dumps(plain(made.to_dict())))
    assert made.is_finite and flaw_of(made.to_dict()["figures"], 3) == ""
    assert not replace(made, means=np.array([0.5, np.inf, 0.1])).is_finite
    again = Attributed.read(file)
    assert (again.means == made.means).all() and (again.drawn == made.drawn).all() and again.rows == 40


def test_a_stand_in_and_very_many_features_are_made_each_time(owner, explained):
    with viewing(owner):
        run = runs.start(by=owner, model=explained.model)[0]
        inputs = inputs_of(run)
    model = boosters.load(inputs.artefact, inputs.artefact_format, inputs.features)
    assert explanation.stays(model)
    wide = SimpleNamespace(features=["x"] * MOST_FEATURES, explainer=model.explainer)
    assert explanation.stays(wide)
    wide.features.append("y")
    assert not explanation.stays(wide)
    answers = {"score": "", "prediction": "approve", "favourable": inputs.favourable}
    assert not explanation.stays(fitted(inputs.current, FEATURES, seed=1, **answers))


def packed(*figures: float) -> str:
    return base64.b64encode(struct.pack(f"<{len(figures)}d", *figures)).decode()


@pytest.mark.parametrize(
    ("figures", "what"),
    [
        (packed(*[0.5] * (2 * (1 + REPLICATES))), ""),
        (packed(*[0.5] * (2 * (1 + REPLICATES) - 1)), "not so many figures"),
        (packed(*[0.5] * (2 * REPLICATES), 0.5, -1.0), "no attribution"),
        (packed(*[0.5] * (2 * REPLICATES), 0.5, float("nan")), "no attribution"),
        ("!" * 4288, "not so many figures"),
        ([0.5], "not so many figures"),
        (None, "not so many figures"),
    ],
)
def test_figures_that_are_none_are_refused(figures, what):
    assert flaw_of(figures, 2) == what


def test_what_a_model_could_have_written_there_is_refused(owner, explained):
    """The model's file runs where the figures are made: what comes out of there is looked at before it is kept."""
    with viewing(owner):
        run = runs.start(by=owner, model=explained.model)[0]
        inputs = replace(inputs_of(run), keeps=True)
    answer = plain(measure("explanation", inputs))
    check = CHECKS["explanation"]
    assert shapes.problem_of(check, inputs, answer) == ""
    assert shapes.problem_of(check, replace(inputs, keeps=False), answer) == "not these fields"
    made = answer["kept"]["attribution"]
    for wrong, what in (
        ({"figures": made["figures"][:-4]}, "not so many figures"),
        ({"rows": 2**61}, "not so many rows"),
        ({"rows": 0}, "not so many rows"),
    ):
        answer["kept"]["attribution"] = {**made, **wrong}
        assert what in shapes.problem_of(check, inputs, answer)
