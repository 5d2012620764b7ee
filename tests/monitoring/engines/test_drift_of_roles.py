"""Score, decision and outcome are measured as their columns would be among the features, and enter no sum over features."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.engines import drift, frozen_baseline
from monitoring.engines.counted.baseline import freeze, scan
from monitoring.engines.counted.kept import Kept
from monitoring.engines.drift_rule import Own, Rule
from monitoring.engines.refusals import CannotMeasure

pytestmark = pytest.mark.slow  # importing Evidently alone takes that long

ROLES = {"score": "p", "prediction": "granted", "label": "repaid"}
BY_NAME = Rule("wasserstein", 0.1, "chisquare", 0.1)


def a_period(path: Path, at: int, n: int = 3000, **other: Any) -> Path:
    rng = np.random.default_rng(at)
    score = rng.beta(2 + at, 4, n)
    columns = {
        "income": rng.normal(0, 1, n),
        "p": score,
        "granted": (score > 0.4).astype(int) if at == 0 else (score > 0.4).astype(float),
        "repaid": rng.choice(["yes", "no"], n),
        "day": np.datetime64("2018-01-01") + np.arange(n) * 365 * 3 // n,
        **other,
    }
    pq.write_table(pa.table({name: each for name, each in columns.items() if each is not None}), path)
    return path


@pytest.fixture(scope="module")
def periods(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("periods")
    return [a_period(folder / "reference", 0), a_period(folder / "current", 1)]


def over_rows(periods: list[Path], names=("income",), words=(), **more: Any) -> drift.DriftResult:
    return drift.measure(*periods, features=names, categorical=words, **more)


def above_the_budget(periods: list[Path], names=("income",), words=(), **more: Any) -> drift.DriftResult:
    return over_rows(periods, names, words, row_budget=300, **more)


def over_the_baseline(
    periods: list[Path], names=("income",), words=(), roles=None, rule: Rule | None = None
) -> drift.DriftResult:
    baseline = Kept.of(freeze(periods[0], names, words, roles=roles))
    kept = baseline, Kept.of(scan(periods[1], baseline.document, words))
    return frozen_baseline.measure(*kept, features=names, rule=rule or Rule())


WAYS = [over_rows, above_the_budget, over_the_baseline]


def told(found: drift.DriftResult) -> dict[str, tuple[Any, ...]]:
    return {
        each.role: (each.feature, each.kind, each.method, each.n_current, each.drifted)
        for each in found.roles
    }


@pytest.mark.parametrize("measured", WAYS)
def test_they_stand_beside_the_features_with_their_roles(periods, measured):
    found = measured(periods, roles=ROLES)

    assert told(found) == {
        "score": ("p", "numeric", "psi", 3000, True),
        "prediction": ("granted", "categorical", "psi", 3000, True),
        "label": ("repaid", "categorical", "psi", 3000, False),
    }
    assert [each.feature for each in found.features] == ["income"]
    assert (found.measured, found.drifted, found.drifted_share) == (1, 0, 0.0)


@pytest.mark.parametrize("measured", WAYS)
def test_each_has_the_score_of_the_same_column_among_the_features(periods, measured):
    rule = Rule("wasserstein", 0.1, "jensenshannon", 0.1)
    found = measured(periods, roles=ROLES, rule=rule)
    names = ["income", "p", "granted", "repaid"]
    alone = measured(periods, names, ["granted", "repaid"], rule=rule)

    assert [each.score for each in found.roles] == pytest.approx(
        [each.score for each in alone.features[1:]], rel=1e-12
    )
    assert found.features[0] == alone.features[0]


@pytest.mark.parametrize("measured", [over_rows, over_the_baseline])
def test_a_decision_held_as_a_number_has_the_methods_of_a_category(periods, measured):
    found = {each.role: each for each in measured(periods, roles=ROLES, rule=BY_NAME).roles}
    alone = measured(periods, ["granted"], ["granted"], rule=BY_NAME).features[0]

    assert (found["score"].method, found["prediction"].method) == ("wasserstein", "chisquare")
    assert found["prediction"].score == pytest.approx(alone.score, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("measured", WAYS)
def test_a_plan_speaks_of_them_as_of_features(periods, measured):
    rule = Rule(columns={"p": Own("wasserstein", 9.0)})
    [score, *_rest] = measured(periods, roles=ROLES, rule=rule).roles
    assert (score.method, score.threshold, score.drifted) == ("wasserstein", 9.0, False)
    with pytest.raises(CannotMeasure) as refused:
        measured(periods, roles=ROLES, rule=Rule(columns={"granted": Own("wasserstein")}))
    assert refused.value.params == {"column": "granted", "method": "wasserstein"}


@pytest.mark.parametrize("measured", WAYS)
@pytest.mark.parametrize(
    "outcomes", [None, pa.nulls(3000, pa.string()), pa.nulls(3000, pa.float64()), pa.nulls(3000, pa.int64())]
)
def test_of_outcomes_that_are_to_come_nothing_is_said(periods, measured, outcomes, tmp_path):
    current = a_period(tmp_path / "current", 1, repaid=outcomes)
    assert list(told(measured([periods[0], current], roles=ROLES))) == ["score", "prediction"]
    assert list(told(measured([current, periods[1]], roles=ROLES))) == ["score", "prediction"]


@pytest.mark.parametrize("measured", WAYS)
def test_of_a_few_outcomes_it_is_said_that_they_are_too_few(periods, measured, tmp_path):
    few = pa.array(["yes"] * 49 + [None] * 2951, pa.string())
    current = a_period(tmp_path / "current", 1, repaid=few)
    label = measured([periods[0], current], roles=ROLES).roles[-1]
    assert (label.role, label.status, label.n_current, label.drifted) == (
        "label",
        "insufficient_data",
        49,
        None,
    )


@pytest.mark.parametrize("measured", WAYS)
def test_decisions_that_became_words_cannot_be_compared(periods, measured, tmp_path):
    current = a_period(tmp_path / "current", 1, granted=["yes"] * 3000)
    found = {each.role: each.status for each in measured([periods[0], current], roles=ROLES).roles}
    assert found == {"score": "measured", "prediction": "incomparable", "label": "measured"}


@pytest.mark.parametrize("measured", WAYS)
def test_a_column_of_two_roles_is_told_once(periods, measured):
    both = {"prediction": "granted", "label": "granted", "score": ""}
    assert list(told(measured(periods, roles=both))) == ["prediction"]


def test_what_is_usual_for_them_comes_from_the_quarters_of_the_reference_too(periods):
    found = over_rows(periods, roles=ROLES, rule=Rule(limits_from="own_periods"), time="day").roles
    assert [len(each.own_periods) for each in found] == [12, 12, 12]
    assert found[0].threshold >= 1.5 * found[0].own_largest and found[0].drifted


def test_an_outcome_of_many_values_is_a_number(periods, tmp_path):
    both = [
        a_period(tmp_path / str(at), at, repaid=np.random.default_rng(at).normal(at, 1, 3000))
        for at in (0, 1)
    ]
    for measured in WAYS:
        assert told(measured(both, roles=ROLES))["label"][1] == "numeric"


def test_what_an_earlier_edition_froze_says_nothing_of_them(periods):
    document = freeze(periods[0], ["income"], []) | {"version": 1}
    assert [each["name"] for each in document["columns"]] == ["income"] and "role" not in json.dumps(document)
    baseline = Kept.of(document)
    found = frozen_baseline.measure(
        baseline, Kept.of(scan(periods[1], baseline.document, [])), features=["income"], rule=Rule()
    )
    assert (found.roles, found.measured) == ([], 1)
