"""Drift: Evidently's own answer, our equal statistic around it, and what cannot be compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.checks import CHECKS
from monitoring.engines import drift
from monitoring.engines.columns import Pair
from monitoring.engines.counted import ascending
from monitoring.engines.drift_result import OF_VALUES
from monitoring.engines.drift_rule import (
    CATEGORICAL_ONLY,
    DISTANCES,
    METHODS,
    NUMERIC_ONLY,
    P_VALUES,
    PSI_DECILES,
    Rule,
    evidently_takes,
)
from monitoring.engines.drift_statistics import layout
from monitoring.engines.evidently_report import value_drift
from monitoring.engines.refusals import CannotMeasure, MissingColumns
from monitoring.engines.results import canonical_json
from monitoring.engines.windows import chosen_rows
from tests.monitoring.engines.conftest import written

pytestmark = pytest.mark.slow  # importing Evidently alone takes that long

COLUMNS = ("hrat", "price", "unem", "term", "dep", "gdlin", "lines", "netw")


def table(path: Path, **columns: object) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize("method", [each for each in DISTANCES if each != PSI_DECILES])
def test_our_statistic_is_evidently_s_on_the_full_data(applications: pd.DataFrame, method: str) -> None:
    parts = [applications[applications.suffolk == part] for part in (0, 1)]
    for name in COLUMNS:
        one, other = (part[name].dropna().to_numpy(float) for part in parts)
        pair = Pair(name, "numeric", one, other, 0.0, 0.0)

        theirs = value_drift(pair, method, 0.1)

        assert layout(one, other, method, categorical=False).score() == pytest.approx(theirs.score, abs=1e-9)
        assert theirs.drifted == (theirs.score >= 0.1)


@pytest.mark.parametrize("method", ["psi", "jensenshannon"])
def test_our_statistic_is_evidently_s_on_categories_that_only_one_period_has(method: str) -> None:
    one = np.array(["a"] * 60 + ["b"] * 40, dtype=object)
    other = np.array(["a"] * 50 + ["c"] * 10, dtype=object)
    pair = Pair("purpose", "categorical", one, other, 0.0, 0.0)

    ours = layout(one, other, method, categorical=True).score()

    assert ours == pytest.approx(value_drift(pair, method, 0.1).score, abs=1e-9)


def test_the_default_rule_finds_the_known_drift_of_the_boston_data(reference: Path, current: Path) -> None:
    found = drift.measure(reference, current, features=COLUMNS, seed=7)

    assert [each.feature for each in found.features if each.drifted] == ["price", "unem"]
    assert found.drifted_share == 2 / 8
    price = next(each for each in found.features if each.feature == "price")
    assert price.low is not None and price.high is not None and price.score is not None
    assert price.low < price.score < price.high
    assert price.by_chance is not None and price.by_chance < 0.1
    assert (price.n_reference, price.n_current, price.replicates) == (1682, 307, 200)


def test_the_same_inputs_and_seed_give_the_same_bytes(reference: Path, current: Path) -> None:
    results = [drift.measure(reference, current, features=("unem", "race"), seed=1) for _ in range(2)]

    assert canonical_json(results[0].to_dict()) == canonical_json(results[1].to_dict())


NAMES = ("price", "unem", "race", "sex", "dep", "loanprc")
"""The second and the third of the categories have two values each."""


def both(method: str) -> Rule:
    """One method for numbers and for categories, as far as there is one for both."""
    numeric = "psi" if method in CATEGORICAL_ONLY else method
    return Rule(numeric, 0.1, "psi" if method in NUMERIC_ONLY else method, 0.1)


@pytest.mark.parametrize(
    ("method", "held"),
    [(each, held) for each in METHODS for held in (True, False) if held or each not in OF_VALUES],
)
def test_a_window_above_the_budget_is_read_whole_and_gives_the_same(
    reference: Path, current: Path, method: str, held: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a sample of it: every row counts, and the score is Evidently's; beyond what can be held within a stated error."""
    rule = both(method)
    whole = drift.measure(reference, current, features=NAMES, categorical=("race", "sex"), rule=rule)
    monkeypatch.setattr(ascending, "ROWS_AT_MOST", ascending.ROWS_AT_MOST if held else 300)
    found = drift.measure(
        reference, current, features=NAMES, categorical=("race", "sex"), row_budget=300, rule=rule
    )

    assert found.rows == {"reference": 1682, "current": 307, "reference_read": 1682, "current_read": 307}
    assert found.by_counts and not whole.by_counts
    for ours, theirs in zip(found.features, whole.features, strict=True):
        assert ours.score is not None and theirs.score is not None
        within = ours.error + 1e-9
        assert abs(ours.score - theirs.score) <= within, ours.feature
        assert not (held and ours.error)
        for each in ("kind", "status", "method", "n_reference", "n_current", "drifted", "missing_reference"):
            assert getattr(ours, each) == getattr(theirs, each), (ours.feature, each)
        assert (ours.low is None) == (theirs.low is None)
        assert ours.low is None or (ours.high and ours.low <= ours.score <= ours.high)


@pytest.mark.parametrize("method", OF_VALUES)
def test_beyond_what_can_be_held_a_method_that_asks_for_the_values_reads_a_seeded_sample(
    reference: Path, current: Path, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And n says of how many; the categories beside it are counted whole."""
    monkeypatch.setattr(ascending, "ROWS_AT_MOST", 300)
    rule = Rule(method, 0.1, "chisquare")
    about: dict[str, Any] = {"features": ("price", "race"), "categorical": ("race",), "rule": rule, "seed": 3}
    found = drift.measure(reference, current, row_budget=300, **about)

    price, race = found.features
    assert (price.status, price.n_reference, price.n_current) == ("measured", 300, 300)
    assert (race.n_reference, race.n_current) == (1682, 307)
    assert "seeded sample" in found.to_dict()["method"]["sample"]
    sample = [
        pq.read_table(path, columns=["price"]).column(0).to_numpy()[chosen_rows(total, 300, 3 + at)]
        for at, (path, total) in enumerate(((reference, 1682), (current, 307)))
    ]
    assert price.score == pytest.approx(
        value_drift(Pair("price", "numeric", *sample, 0.0, 0.0), method, 0.1).score, rel=1e-9
    )
    assert drift.measure(reference, current, row_budget=300, **about) == found


CONSTANT, MOSTLY = np.ones(100), np.repeat([0.0, 1.0, 5.0], [80, 10, 10])


@pytest.mark.parametrize("row_budget", [1000, 90])
@pytest.mark.parametrize("method", [each for each in P_VALUES if each not in CATEGORICAL_ONLY])
def test_where_nothing_varies_nothing_has_moved(method: str, row_budget: int, tmp_path: Path) -> None:
    """Evidently answers drift (Cramér–von Mises), nothing (t-test) or an error (Anderson–Darling)."""
    paths = [written(pd.DataFrame({"x": CONSTANT[:n]}), tmp_path / f"{n}") for n in (100, 80)]
    [found] = drift.measure(*paths, features=["x"], rule=Rule(method), row_budget=row_budget).features

    assert (found.status, found.score, found.drifted) == ("measured", 1.0, False)


@pytest.mark.parametrize("row_budget", [1000, 90])
def test_where_the_method_has_no_answer_it_is_said_and_is_not_green(row_budget: int, tmp_path: Path) -> None:
    """The middle half of the values is one: Epps–Singleton has nothing to go by. Three categories are too many for Fisher."""
    words = np.repeat(["a", "b", "c"], [80, 10, 10])
    frame = pd.DataFrame({"x": MOSTLY, "word": words})
    paths = [written(frame.iloc[:n], tmp_path / f"{n}") for n in (100, 98)]
    rule = Rule("es", categorical_method="fisher_exact")
    result = drift.measure(
        *paths, features=["x", "word"], categorical=["word"], rule=rule, row_budget=row_budget
    )

    assert [(each.status, each.score, each.drifted) for each in result.features] == [
        ("not_answered", None, None)
    ] * 2
    assert (result.measured, result.drifted_share) == (0, None)
    canonical_json(result.to_dict())
    limits = {"numeric_method": "es", "categorical_method": "fisher_exact"}
    judged = CHECKS["drift"].judge(result.to_dict(), limits)
    assert (judged.verdict, judged.summary_key) == ("uncertain", "not_answered")
    assert judged.params["not_answered"] == "x (es), word (fisher_exact)"
    assert [fact.verdict for fact in judged.measurements[1:]] == ["uncertain", "uncertain"]


def test_a_score_that_its_method_cannot_answer_is_not_green_either(tmp_path: Path) -> None:
    """It has collapsed to one value over its middle half, which is drift that one looks for."""
    frames = [pd.DataFrame({"x": np.arange(100.0), "score": MOSTLY}) for _ in range(2)]
    paths = [written(frame, tmp_path / f"{at}") for at, frame in enumerate(frames)]
    result = drift.measure(*paths, features=["x"], roles={"score": "score"}, rule=Rule("es")).to_dict()

    assert [each["status"] for each in (*result["features"], *result["roles"])] == [
        "measured",
        "not_answered",
    ]
    judged = CHECKS["drift"].judge(result, {"numeric_method": "es"})
    assert (judged.verdict, judged.params["not_answered"]) == ("uncertain", "score (es)")


@pytest.mark.parametrize("row_budget", [1000, 90])
def test_a_decision_that_became_text_is_not_compared(row_budget: int, tmp_path: Path) -> None:
    """Of few numbers it is a category, but the numbers are no words."""
    decisions = [0, 1] * 50, ["yes", "no"] * 50
    paths = [
        written(pd.DataFrame({"x": np.arange(100.0), "y": each}), tmp_path / f"{at}")
        for at, each in enumerate(decisions)
    ]
    result = drift.measure(*paths, features=["x"], roles={"prediction": "y"}, row_budget=row_budget)

    assert [(each.feature, each.status) for each in result.roles] == [("y", "incomparable")]


@pytest.mark.parametrize("method", ["psi", "jensenshannon", "kl_div", "hellinger"])
def test_categories_are_added_in_order_so_that_every_process_gives_the_same_digits(
    reference: Path, current: Path, method: str
) -> None:
    """Evidently adds them in the order of a set of words, which differs from process to process."""
    rule = Rule(categorical_method=method)
    found = drift.measure(reference, current, features=["race"], categorical=["race"], rule=rule)
    words = [
        np.array(pq.read_table(path, columns=["race"]).column(0).drop_null().cast(pa.string()).to_pylist())
        for path in (reference, current)
    ]

    assert found.features[0].score == layout(*words, method, categorical=True).score()
    alike = drift.measure(reference, reference, features=["race"], categorical=["race"], rule=rule)
    assert alike.features[0].score == pytest.approx(0, abs=1e-7)
    assert alike.features[0].by_chance is not None


@pytest.mark.parametrize("rows", [200, 1000, 1001])
@pytest.mark.parametrize("values", [1, 2, 3, 5, 6, 40])
@pytest.mark.parametrize("kind", ["numeric", "categorical"])
def test_nobody_names_a_method_and_evidently_takes_this_one(rows: int, values: int, kind: str) -> None:
    from evidently.legacy.calculations.stattests.registry import get_stattest

    one, other = (pd.Series(np.arange(n) % values) for n in (rows, 900))

    theirs = get_stattest(one, other, "num" if kind == "numeric" else "cat", None)

    assert evidently_takes(kind, rows, values) == theirs.name


def test_text_in_place_of_a_number_is_incomparable(tmp_path: Path) -> None:
    one = table(tmp_path / "one.parquet", x=list(range(100)))
    other = table(tmp_path / "other.parquet", x=["low"] * 100)

    found = drift.measure(one, other, features=("x",))

    assert (found.features[0].status, found.drifted_share) == ("incomparable", None)


def test_fewer_than_fifty_values_are_insufficient(tmp_path: Path) -> None:
    one = table(tmp_path / "one.parquet", x=[1.5] * 100)
    other = table(tmp_path / "other.parquet", x=[1.5] * 49 + [None] * 51)

    [feature] = drift.measure(one, other, features=("x",)).features

    assert (feature.status, feature.n_current, feature.missing_current) == ("insufficient_data", 49, 0.51)


def test_whole_numbers_and_decimals_of_a_category_are_the_same_categories(tmp_path: Path) -> None:
    one = table(tmp_path / "one.parquet", x=pa.array([1, 2] * 50))
    other = table(tmp_path / "other.parquet", x=pa.array([1.0, 2.0] * 50))

    [feature] = drift.measure(one, other, features=("x",), categorical=("x",)).features

    assert (feature.kind, feature.score, feature.drifted) == ("categorical", 0.0, False)


def test_a_hostile_column_name_never_reaches_evidently(tmp_path: Path) -> None:
    name = "x</script><script>alert(1)</script>"
    path = table(tmp_path / "evil.parquet", **{name: list(range(100))})

    [feature] = drift.measure(path, path, features=(name,)).features

    assert (feature.feature, feature.score, feature.drifted) == (name, 0.0, False)


def test_a_missing_feature_is_named_with_its_period(reference: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingColumns) as refused:
        drift.measure(reference, table(tmp_path / "x.parquet", x=[1]), features=("price",))

    assert refused.value.params == {"columns": ["price"], "where": "current"}


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (("made_up", 0.1, "psi", 0.1), "unknown_method"),
        (("psi", 0.1, "wasserstein", 0.1), "numeric_method_only"),
        (("psi", 0.1, "ks", 0.1), "numeric_method_only"),
        (("chisquare", 0.1, "psi", 0.1), "categorical_method_only"),
        (("ks", 0.1, "psi", 0.1, "own_periods"), "no_own_periods_of_method"),
        (("psi", 0.1, "evidently", 0.1, "own_periods"), "no_own_periods_of_method"),
    ],
)
def test_a_method_that_cannot_answer_is_refused(rule: tuple[Any, ...], reason: str) -> None:
    with pytest.raises(CannotMeasure) as refused:
        Rule(*rule)

    assert refused.value.rule == reason


def test_a_large_window_takes_fewer_replicates_and_says_so(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    one, other = (table(tmp_path / f"{at}.parquet", x=rng.normal(size=120_000)) for at in (1, 2))

    rule = Rule("wasserstein")
    [feature] = drift.measure(one, other, features=("x",), rule=rule).features

    assert feature.replicates == 41
    assert feature.by_chance is not None and feature.by_chance < 0.02
