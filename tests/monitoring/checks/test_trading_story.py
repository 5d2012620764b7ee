"""Drift over time on real data: S&P 500 days, reference 1999-2006, the quarters of 2007-2009 with the usual limits.

Nothing here was chosen by its outcome: margin, multiple and share are the defaults of the check.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs, Judged

pytestmark = pytest.mark.slow

LIMITS = {"limits_from": "own_periods", "numeric_method": "wasserstein"}


def features(days: pd.DataFrame) -> pd.DataFrame:
    """Eleven features of daily prices and volumes; none of the opening price, whose meaning changes in this file."""
    close, step = days["Adj Close"], np.log(days["Adj Close"]).diff()
    made = {f"return_{span}d": step.rolling(span).sum() for span in (1, 5, 20)}
    made |= {f"volatility_{span}d": step.rolling(span).std() for span in (5, 20, 60)}
    spread = days.High - days.Low
    made["range_1d"] = spread / days.Close
    made["momentum_60"] = close / close.rolling(60).mean() - 1
    made["strength_14"] = step.clip(lower=0).rolling(14).mean() / step.abs().rolling(14).mean()
    made["volume_ratio"] = np.log(days.Volume / days.Volume.rolling(20).mean())
    made["close_position"] = ((days.Close - days.Low) / spread).fillna(0.5)
    found = pd.DataFrame(made).dropna()
    found.insert(0, "date", found.index.date)
    return found


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict[str, Any], Judged]]:
    """Result and judgement of every quarter of 2007-2009 by its name."""
    from arch.data import sp500

    table, folder = features(sp500.load()), tmp_path_factory.mktemp("days")

    def written(rows: pd.DataFrame, name: str) -> Path:
        pq.write_table(pa.Table.from_pandas(rows, preserve_index=False), folder / name)
        return folder / name

    reference = written(table[table.index < "2007"], "reference.parquet")
    said: dict[str, Any] = {"features": tuple(table.columns[1:]), "time": "date", "limits": LIMITS, "seed": 1}
    found = {}
    years = table[(table.index >= "2007") & (table.index < "2010")]
    for period, rows in years.groupby(years.index.to_period("Q")):
        current = written(rows, "current.parquet")
        result = measure("drift", Inputs(reference=reference, current=current, **said))
        found[str(period)] = result, CHECKS["drift"].judge(result, LIMITS)
    return found


def test_the_first_red_quarter_is_the_last_of_2008(judged: dict[str, tuple[dict[str, Any], Judged]]) -> None:
    verdicts = {name: each.verdict for name, (_result, each) in judged.items()}

    assert verdicts == {
        **dict.fromkeys(("2007Q1", "2007Q2", "2007Q3", "2007Q4", "2008Q1", "2008Q2", "2008Q3"), "passed"),
        "2008Q4": "failed",
        "2009Q1": "amber",
        **dict.fromkeys(("2009Q2", "2009Q3", "2009Q4"), "passed"),
    }


def test_the_figures_of_the_crash(judged: dict[str, tuple[dict[str, Any], Judged]]) -> None:
    result, verdict = judged["2008Q4"]
    volatility = next(each for each in result["features"] if each["feature"] == "volatility_20d")

    assert volatility["score"] == pytest.approx(7.32, abs=0.01)
    assert (volatility["own_period"], volatility["own_largest"]) == ("2002 Q3", pytest.approx(2.40, abs=0.01))
    assert volatility["threshold"] == pytest.approx(1.5 * volatility["own_largest"])
    assert (result["drifted"], result["measured"]) == (8, 11)
    fact = next(each for each in verdict.measurements if each.subject == "volatility_20d")
    assert (fact.metric, fact.limit, fact.verdict) == ("wasserstein", volatility["threshold"], "amber")


def test_no_feature_came_near_its_limit_before(judged: dict[str, tuple[dict[str, Any], Judged]]) -> None:
    for name in ("2007Q1", "2007Q2", "2007Q3", "2007Q4", "2008Q1", "2008Q2", "2008Q3"):
        features = judged[name][0]["features"]
        assert max(each["score"] / each["threshold"] for each in features) < 0.75
        assert {len(each["own_periods"]) for each in features} == {31}
