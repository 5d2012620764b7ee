"""Evidently, asked about one column with an explicit method; its HTML is never made.

One column per report: Evidently correlates all columns of a dataset for every ValueDrift. Whether a column
drifted stands only in the tests, and the current data period comes first.
"""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring.engines.preload import quieten

if TYPE_CHECKING:
    import numpy as np

    from monitoring.engines.columns import Pair

COLUMN = "value"
"""People's column names never reach Evidently, which writes them raw into scripts."""


@dataclass(frozen=True)
class Drifted:
    """Evidently's score and its own verdict by its own test."""

    score: float
    drifted: bool


def value_drift(pair: Pair, method: str, threshold: float) -> Drifted:
    """ValueDrift of one feature. Both sides need at least one value. The score is NaN where the test has no answer."""
    if not has_answer(pair.reference, pair.current, method):
        return Drifted(math.nan, drifted=False)
    quieten()
    import pandas as pd
    from evidently import DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift

    kinds = {"numerical_columns": [COLUMN]} if pair.kind == "numeric" else {"categorical_columns": [COLUMN]}
    current, reference = (
        Dataset.from_pandas(pd.DataFrame({COLUMN: values}), DataDefinition(**kinds))
        for values in (pair.current, pair.reference)
    )
    metric = ValueDrift(column=COLUMN, method=method, threshold=threshold)
    with warnings.catch_warnings(), _painting_nothing():
        warnings.simplefilter("ignore")
        snapshot = Report([metric], include_tests=True).run(current, reference)
    answer = json.loads(snapshot.json())
    (drift_test,) = [test for test in answer["tests"] if test["id"] == "drift"]
    return Drifted(float(answer["metrics"][0]["value"]), drift_test["status"] == "FAIL")


def p_value(reference: np.ndarray, current: np.ndarray, method: str) -> float:
    """The same test of numbers without the report around it. NaN where it has no answer."""
    if not has_answer(reference, current, method):
        return math.nan
    quieten()
    import pandas as pd
    from evidently.legacy.calculations.stattests.registry import get_registered_stattest
    from evidently.legacy.core import ColumnType

    test = get_registered_stattest(method, ColumnType.Numerical).func
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float(test(pd.Series(reference), pd.Series(current), ColumnType.Numerical, 0.0)[0])


FEWEST = {"anderson": 2, "cramer_von_mises": 2, "es": 5}
"""Values of each period below which a test raises an error, as two others do where the values hardly vary."""


def has_answer(reference: np.ndarray, current: np.ndarray, method: str) -> bool:
    """Whether a test has an answer for such values. Of means that do not vary it is only seen afterwards: NaN."""
    import numpy as np

    if min(len(reference), len(current)) < FEWEST.get(method, 1):
        return False
    if method == "anderson":
        lowest, highest = min(reference.min(), current.min()), max(reference.max(), current.max())
        return bool(lowest < highest)
    if method == "es":
        low, high = np.percentile(np.concatenate([reference, current]), (25, 75))
        return bool(low < high)
    return True


@contextmanager
def _painting_nothing() -> Iterator[None]:
    """Evidently draws each answer with Plotly, which takes longer than the sums; we keep the sums alone."""
    from evidently.metrics.column_statistics import ValueDriftCalculation

    painting = ValueDriftCalculation._render
    ValueDriftCalculation._render = _no_widgets
    try:
        yield
    finally:
        ValueDriftCalculation._render = painting


def _no_widgets(*drawn: object) -> list[object]:
    return []
