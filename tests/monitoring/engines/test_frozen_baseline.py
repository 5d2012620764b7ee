"""The frozen baseline gives what the rows give, by one pass over the current window, and says how far off it may be."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy import stats

from monitoring.counting import plans
from monitoring.engines import frozen_baseline
from monitoring.engines.counted.baseline import freeze, scan
from monitoring.engines.counted.engine import of_window
from monitoring.engines.counted.kept import Kept
from monitoring.engines.counted.once import once
from monitoring.engines.drift_rule import BY_ROWS, Rule
from monitoring.engines.drift_statistics import OVER_CELLS, layout
from monitoring.engines.refusals import CannotMeasure, MissingColumns

SEED = 20261128
NUMBERS = ["normal", "skewed", "whole", "few", "gaps"]
WORDS = ["region", "yes"]
COLUMNS = [*NUMBERS, *WORDS]


def a_window(path: Path, n: int, shift: float) -> Path:
    """Numbers of every kind that a window may hold: ties, few values, missing and infinite ones, and categories."""
    rng = np.random.default_rng([SEED, int(shift * 10)])
    gaps = rng.normal(shift, 2, n)
    gaps[::7], gaps[3::11], gaps[5::13] = np.nan, np.inf, -np.inf
    columns = {
        "normal": rng.normal(shift, 1, n),
        "skewed": rng.lognormal(shift / 4, 1, n),
        "whole": rng.integers(0, 200 + int(10 * shift), n),
        "few": rng.integers(0, 6, n).astype(float),
        "gaps": gaps,
        "region": rng.choice(["ә", "b'c", "d"], n, p=[0.4 - shift / 10, 0.3 + shift / 10, 0.3]),
        "yes": rng.random(n) < 0.5 + shift / 50,
    }
    pq.write_table(pa.table(columns), path)
    return path


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("frozen")
    return a_window(folder / "reference", 60_000, 0.0), a_window(folder / "current", 40_000, 0.2)


@pytest.fixture(scope="module")
def kept(windows) -> tuple[Kept, Kept]:
    baseline = Kept.of(freeze(windows[0], COLUMNS, WORDS, "a" * 64))
    return baseline, Kept.of(scan(windows[1], baseline.document, WORDS, "b" * 64, baseline.sha256))


def measured(kept, numeric: str, categorical: str = "psi"):
    rule = Rule(numeric, 0.1, categorical, 0.1)
    return {
        each.feature: each for each in frozen_baseline.measure(*kept, features=COLUMNS, rule=rule).features
    }


def values(path: Path, column: str) -> np.ndarray:
    there = pq.read_table(path, columns=[column]).column(0).to_numpy()
    return there[np.isfinite(there)].astype(float)


def test_one_pass_counts_what_numpy_counts(windows):
    edges = {"normal": [-1.0, 0.0, 0.5], "whole": [0.0, 7.0, 199.0], "gaps": [-2.0, 2.0]}
    found = once(windows[0], edges, ["region"])

    assert found.rows == 60_000
    for column, those in edges.items():
        there, number = values(windows[0], column), found.numbers[column]
        assert number.within.tolist() == np.histogram(there, [-np.inf, *those, np.inf])[0].tolist()
        assert (number.n, number.low, number.high) == (len(there), there.min(), there.max())
    with of_window(windows[0]) as engine:
        assert found.categories["region"] == plans.texts(engine, "region")


def test_one_pass_over_parts_of_the_rows_is_one_pass_over_all(windows):
    edges = {"gaps": [-2.0, 0.0, 2.0]}
    whole = once(windows[0], edges, ["yes"])
    parts = once(windows[0], edges, ["yes"], at_once=2048)

    assert parts.numbers["gaps"].within.tolist() == whole.numbers["gaps"].within.tolist()
    assert (parts.rows, parts.categories) == (whole.rows, whole.categories)


@pytest.mark.parametrize("method", OVER_CELLS)
def test_shares_are_compared_over_the_cells_of_the_counting_plan(windows, kept, method):
    found = measured(kept, method, method)
    with of_window(windows[0]) as one, of_window(windows[1]) as other:
        cells = plans.cut(one, COLUMNS, WORDS)
        counted = [plans.over(engine, cells) for engine in (one, other)]
    statistic = OVER_CELLS[method]
    for name in ("few", "region", "yes"):
        here, there = (np.array(each[name][0])[None, :] for each in counted)
        assert found[name].score == pytest.approx(statistic(here, there)[0], abs=1e-12), name


def test_numbers_beyond_the_range_of_the_reference_have_cells_of_their_own(tmp_path):
    """By hand: 1,000 rows of 0…99; in the current window half of them lie beyond."""
    reference, current = tmp_path / "reference", tmp_path / "current"
    inside = np.repeat(np.arange(100), 10)
    pq.write_table(pa.table({"x": inside}), reference)
    pq.write_table(pa.table({"x": np.concatenate([inside[::2], np.full(500, 1000)])}), current)
    baseline = Kept.of(freeze(reference, ["x"], []))
    kept = baseline, Kept.of(scan(current, baseline.document, []))
    [found] = frozen_baseline.measure(*kept, features=["x"], rule=Rule()).features

    [column] = baseline.document["columns"]
    cells = np.histogram(inside, [-np.inf, *column["edges"], np.inf])[0] / 1000
    by_hand = np.sum((cells - cells / 2) * np.log(2)) + (0.5 - 1e-4) * np.log(0.5 / 1e-4)
    assert found.score == pytest.approx(by_hand, rel=1e-9)


@pytest.mark.parametrize("column", NUMBERS)
def test_psi_over_the_deciles_of_the_reference_is_that_of_the_rows(windows, kept, column):
    over_rows = layout(*(values(path, column) for path in windows), "psi_deciles", categorical=False)

    assert measured(kept, "psi_deciles")[column].score == pytest.approx(over_rows.score(), abs=1e-12)


@pytest.mark.parametrize("column", NUMBERS)
def test_wasserstein_is_within_the_error_it_states(windows, kept, column):
    found = measured(kept, "wasserstein")[column]
    one, other = (values(path, column) for path in windows)
    over_rows = stats.wasserstein_distance(one, other) / one.std()

    assert abs(found.score - over_rows) <= found.error + 1e-12
    assert found.score == pytest.approx(over_rows, abs=2e-3)
    assert found.low <= found.score <= found.high


@pytest.mark.parametrize("column", NUMBERS)
def test_the_p_value_of_ks_is_within_the_error_it_states(windows, column, tmp_path):
    """Over two windows that hardly differ, so that the p-value is one that decides something."""
    near = a_window(tmp_path / "near", 9_000, 0.0)
    baseline = Kept.of(freeze(windows[0], COLUMNS, WORDS))
    found = measured((baseline, Kept.of(scan(near, baseline.document, WORDS))), "ks")[column]
    over_rows = stats.ks_2samp(values(windows[0], column), values(near, column)).pvalue

    assert found.score - found.error - 1e-3 <= over_rows <= found.score + 1e-9
    assert (found.low, found.high, found.replicates) == (None, None, 0)


def test_the_p_value_of_few_rows_is_exact(tmp_path):
    """A value alone in its part: the distance over the parts is that over the rows."""
    rng = np.random.default_rng(SEED)
    one, other = rng.integers(0, 60, 400), rng.integers(0, 62, 300)
    for name, there in (("one", one), ("other", other)):
        pq.write_table(pa.table({"x": there}), tmp_path / name)
    baseline = Kept.of(freeze(tmp_path / "one", ["x"], []))
    kept = baseline, Kept.of(scan(tmp_path / "other", baseline.document, []))
    [found] = frozen_baseline.measure(*kept, features=["x"], rule=Rule("ks", 0.1)).features

    assert found.score == pytest.approx(stats.ks_2samp(one, other).pvalue, rel=1e-9)


@pytest.mark.parametrize("method", BY_ROWS)
def test_a_method_that_compares_values_is_refused(kept, method):
    with pytest.raises(CannotMeasure) as refused:
        measured(kept, method)
    assert (refused.value.rule, refused.value.params) == ("frozen_has_no_values", {"method": method})


def test_chi_square_and_z_are_those_over_the_rows(windows, kept):
    one, other = (pq.read_table(path) for path in windows)
    region = [dict(zip(*np.unique(each["region"], return_counts=True), strict=True)) for each in (one, other)]
    expected = [region[0][key] * 40_000 / 60_000 for key in sorted(region[0])]
    observed = [region[1][key] for key in sorted(region[0])]
    assert measured(kept, "psi", "chisquare")["region"].score == pytest.approx(
        stats.chisquare(observed, expected).pvalue, rel=1e-9
    )

    yes = [each["yes"].to_numpy().mean() for each in (one, other)]
    pooled = (yes[0] * 60_000 + yes[1] * 40_000) / 100_000
    z = (yes[0] - yes[1]) / np.sqrt(pooled * (1 - pooled) * (1 / 60_000 + 1 / 40_000))
    found = measured(kept, "psi", "z")["yes"]
    assert found.score == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-6)
    assert found.drifted is (found.score < 0.05)


def test_a_category_that_the_reference_never_had_speaks_for_drift(windows, tmp_path):
    table = pq.read_table(windows[0])
    words = pa.array(["new", *table["region"].to_pylist()[1:]])
    pq.write_table(table.set_column(table.column_names.index("region"), "region", words), tmp_path / "new")
    baseline = Kept.of(freeze(windows[0], COLUMNS, WORDS))
    found = measured(
        (baseline, Kept.of(scan(tmp_path / "new", baseline.document, WORDS))), "psi", "chisquare"
    )

    assert (found["region"].score, found["region"].drifted) == (0.0, True)
    assert (found["yes"].score, found["yes"].drifted) == (pytest.approx(1.0), False)


def test_the_same_windows_give_the_same_documents(windows, kept):
    again = Kept.of(freeze(windows[0], COLUMNS, WORDS, "a" * 64))
    assert again.sha256 == kept[0].sha256
    assert Kept.of(scan(windows[1], again.document, WORDS, "b" * 64, again.sha256)).sha256 == kept[1].sha256


def test_a_baseline_has_a_thousand_parts_in_a_few_kb_a_column_and_no_rare_category(windows, kept, tmp_path):
    baseline = kept[0]
    parts = {each["name"]: len(each["parts"]) for each in baseline.document["columns"] if "parts" in each}
    assert parts["normal"] >= 1000 and parts["skewed"] >= 1000 and parts["few"] == 12
    assert len(baseline.text) < 20_000 * len(COLUMNS)

    pq.write_table(pa.table({"c": [*["often"] * 991, *["one house"] * 9]}), tmp_path / "rare")
    assert "one house" not in json.dumps(freeze(tmp_path / "rare", ["c"], ["c"]))


def test_a_number_that_became_text_is_not_compared(windows, tmp_path):
    table = pq.read_table(windows[1])
    text = table["normal"].cast(pa.string())
    pq.write_table(table.set_column(0, "normal", text), tmp_path / "text")
    baseline = Kept.of(freeze(windows[0], COLUMNS, WORDS))
    found = measured((baseline, Kept.of(scan(tmp_path / "text", baseline.document, WORDS))), "psi")

    assert (found["normal"].status, found["normal"].score) == ("incomparable", None)
    assert found["skewed"].status == "measured"


def test_fewer_than_fifty_values_are_too_few(windows, tmp_path):
    pq.write_table(pq.read_table(windows[1]).slice(0, 49), tmp_path / "small")
    baseline = Kept.of(freeze(windows[0], COLUMNS, WORDS))
    result = frozen_baseline.measure(
        baseline, Kept.of(scan(tmp_path / "small", baseline.document, WORDS)), features=COLUMNS, rule=Rule()
    )
    assert {each.status for each in result.features} == {"insufficient_data"}
    assert (result.measured, result.drifted_share) == (0, None)


def test_what_the_window_lacks_is_named(windows, kept, tmp_path):
    pq.write_table(pq.read_table(windows[1]).drop_columns(["few"]), tmp_path / "narrow")
    with pytest.raises(MissingColumns) as refusal:
        scan(tmp_path / "narrow", kept[0].document, WORDS)
    assert refusal.value.params == {"columns": ["few"], "where": "current"}
    with pytest.raises(MissingColumns):
        frozen_baseline.measure(*kept, features=["elsewhere"], rule=Rule())
    with pytest.raises(CannotMeasure):
        freeze(windows[0], [], [])
