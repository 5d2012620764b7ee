"""A column with a method or a limit of its own gets what the same method gives over all columns, however drift is measured."""

from __future__ import annotations

from pathlib import Path

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

NAMES, WORDS = ["income", "age", "debt", "region"], ["region"]
MIXED = Rule(
    columns={
        "income": Own("wasserstein", 0.4),
        "age": Own("ks"),
        "debt": Own(limit=9.0),
        "region": Own("chisquare"),
    }
)


@pytest.fixture(scope="module")
def periods(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder, found = tmp_path_factory.mktemp("periods"), []
    for at in (0, 1):
        rng = np.random.default_rng(at)
        days = np.datetime64("2018-01-01") + np.arange(4000) * 365 * 3 // 4000
        columns = {
            "income": rng.normal(0.3 * at, 1, 4000),
            "age": rng.integers(18, 80, 4000) + 3 * at,
            "debt": rng.lognormal(0.5 * at, 1, 4000),
            "region": rng.choice(["a", "b", "c"], 4000, p=[0.5, 0.3 + 0.04 * at, 0.2 - 0.04 * at]),
            "day": pa.array(days),
        }
        found.append(folder / f"{at}.parquet")
        pq.write_table(pa.table(columns), found[-1])
    return found


def over_rows(periods: list[Path], rule: Rule, **more: object) -> dict[str, drift.FeatureDrift]:
    found = drift.measure(*periods, features=NAMES, categorical=WORDS, rule=rule, **more)
    return {each.feature: each for each in found.features}


def over_the_baseline(periods: list[Path], rule: Rule) -> dict[str, drift.FeatureDrift]:
    baseline = Kept.of(freeze(periods[0], NAMES, WORDS))
    kept = baseline, Kept.of(scan(periods[1], baseline.document, WORDS))
    return {each.feature: each for each in frozen_baseline.measure(*kept, features=NAMES, rule=rule).features}


@pytest.mark.parametrize("measured", [over_rows, over_the_baseline])
def test_each_column_gets_the_score_of_its_method_and_the_verdict_of_its_limit(periods, measured):
    found = measured(periods, MIXED)
    alone = {
        "income": measured(periods, Rule("wasserstein")),
        "age": measured(periods, Rule("ks")),
        "debt": measured(periods, Rule()),
        "region": measured(periods, Rule(categorical_method="chisquare")),
    }

    assert {name: each.score for name, each in found.items()} == {
        name: alone[name][name].score for name in NAMES
    }
    assert {name: (each.method, each.threshold) for name, each in found.items()} == {
        "income": ("wasserstein", 0.4),
        "age": ("ks", 0.05),
        "debt": ("psi", 9.0),
        "region": ("chisquare", 0.05),
    }
    assert [name for name, each in found.items() if each.drifted] == ["age", "region"]
    assert [name for name in ("income", "debt") if alone[name][name].drifted] == ["income", "debt"]


def test_above_the_budget_columns_with_distances_of_their_own_are_counted_whole(periods):
    rule = Rule(columns={"income": Own("wasserstein"), "age": Own("jensenshannon", 0.2)})
    found, whole = over_rows(periods, rule, row_budget=300), over_rows(periods, rule)

    assert {name: each.method for name, each in found.items()} == {
        "income": "wasserstein",
        "age": "jensenshannon",
        "debt": "psi",
        "region": "psi",
    }
    for name in ("age", "debt", "region"):
        assert found[name].score == pytest.approx(whole[name].score, abs=1e-9)
    assert found["income"].score == pytest.approx(whole["income"].score, abs=found["income"].error)


def test_a_limit_of_its_own_takes_the_place_of_that_from_own_quarters(periods):
    rule = Rule(
        "wasserstein", limits_from="own_periods", columns={"debt": Own("ks", 0.01), "age": Own(limit=5.0)}
    )
    found = over_rows(periods, rule, time="day")

    assert (found["debt"].threshold, found["debt"].own_periods, found["debt"].drifted) == (0.01, {}, True)
    assert (found["age"].method, found["age"].threshold, found["age"].drifted) == ("wasserstein", 5.0, False)
    assert found["income"].threshold == pytest.approx(1.5 * found["income"].own_largest)


def test_the_result_tells_what_the_plan_said_of_its_columns(periods):
    told = drift.measure(*periods, features=NAMES, categorical=WORDS, rule=MIXED).to_dict()

    assert told["rule"]["columns"]["income"] == {"method": "wasserstein", "limit": 0.4}
    assert [(each["feature"], each["method"], each["threshold"]) for each in told["features"]][2:] == [
        ("debt", "psi", 9.0),
        ("region", "chisquare", 0.05),
    ]


def test_over_the_baseline_no_column_may_leave_its_method_to_evidently(periods):
    with pytest.raises(CannotMeasure) as refused:
        over_the_baseline(periods, Rule(columns={"age": Own("evidently")}))
    assert refused.value.rule == "frozen_names_its_method"
