"""A stand-in for a model that nobody may open: fitted to the answers of a data period, with how truly it repeats them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from monitoring.engines.counts import is_favourable, is_number
from monitoring.engines.direction import AGAINST, told_by
from monitoring.engines.explainers import Against, Explainer, against
from monitoring.engines.intervals import Estimate
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.windows import chosen_rows, reading, require_columns, row_count

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

SAMPLE = 5_000
FOLDS = 5
ROUNDS = 200
REPLICATES = 500
SETTINGS = {
    "objective": "regression",
    "num_leaves": 31,
    "min_data_in_leaf": 10,
    "num_threads": 1,
    "deterministic": True,
    "verbose": -1,
}
METHOD = {
    "surrogate": "LightGBM regression, 200 trees, fitted to the answers of a seeded sample of at most 5,000 rows",
    "fidelity": "R² of its answers to rows that it was not fitted to (five folds); bootstrap over rows",
}


@dataclass(frozen=True)
class Surrogate:
    """Reads the columns of the data period, and answers as the model does as far as `fidelity` says. codes: of text columns."""

    explainer: ClassVar[Explainer] = Explainer(
        "lightgbm pred_contrib of a surrogate, equal to shap.TreeExplainer"
    )
    features: Sequence[str]
    codes: dict[str, list[str]]
    booster: Any
    fidelity: Estimate

    def read(self, path: Path, chosen: np.ndarray | None) -> np.ndarray:
        """Feature columns as float64; a category by its place in the order of its names, an unknown one as missing."""
        return encoded(path, self.features, self.codes, chosen)

    def scores(self, rows: np.ndarray) -> np.ndarray:
        import numpy as np

        return np.asarray(self.booster.predict(rows, num_threads=1), dtype=np.float64)

    def margins(self, rows: np.ndarray) -> np.ndarray:
        return self.scores(rows)

    def contributions(self, rows: np.ndarray) -> np.ndarray:
        import numpy as np

        return np.asarray(self.booster.predict(rows, pred_contrib=True, num_threads=1), dtype=np.float64)

    @cached_property
    def contributions_against(self) -> Against:
        return against(self.booster)


def fitted(
    window: Path,
    features: Sequence[str],
    *,
    score: str,
    prediction: str,
    favourable: str,
    high_score: str = "",
    seed: int,
) -> Surrogate:
    """Of the column of scores, else of decisions. Raises MissingColumns, CannotMeasure."""
    import numpy as np

    require_columns(window, [*features, score or prediction])
    answers = _answers(window, score, prediction, favourable, high_score)
    known = np.flatnonzero(np.isfinite(answers))
    if len(known) < 2 * FOLDS:
        raise CannotMeasure("no_rows")
    picked = chosen_rows(len(known), SAMPLE, seed)
    rows = known if picked is None else known[picked]
    codes = _codes(window, features, rows)
    given, said = encoded(window, features, codes, rows), answers[rows]
    return Surrogate(tuple(features), codes, _trained(given, said, seed), _fidelity(given, said, seed))


def _answers(window: Path, score: str, prediction: str, favourable: str, high_score: str) -> np.ndarray:
    """What the model said of every row; a decision is 1 where a high score would lead to it. NaN = nothing."""
    import pyarrow as pa

    types = require_columns(window, [score or prediction])
    if score:
        if not is_number(types[score]):
            raise CannotMeasure("not_numeric", columns=[score])
        column: np.ndarray = _column(window, score, None).cast(pa.float64()).to_numpy(zero_copy_only=False)
        return column
    with reading(window) as rows:
        asked = f"CAST({is_favourable(prediction, types[prediction], favourable)} AS DOUBLE) AS answer"
        found: np.ndarray = rows.project(asked).to_arrow_table().column(0).to_numpy(zero_copy_only=False)
    return 1 - found if (high_score or told_by(favourable)) == AGAINST else found


def _column(window: Path, name: str, rows: np.ndarray | None) -> pa.ChunkedArray:
    from monitoring.engines.windows import read_column

    return read_column(window, name, rows)


def _codes(window: Path, features: Sequence[str], rows: np.ndarray) -> dict[str, list[str]]:
    """Of each column that is no number its values in order."""
    import pyarrow.types as kinds

    types = require_columns(window, features)
    return {
        name: sorted(
            {str(each) for each in _column(window, name, rows).unique().to_pylist() if each is not None}
        )
        for name in features
        if not (is_number(types[name]) or kinds.is_boolean(types[name]))
    }


def encoded(
    path: Path, features: Sequence[str], codes: dict[str, list[str]], rows: np.ndarray | None
) -> np.ndarray:
    """Columns side by side as float64, whole or at the given row numbers."""
    import numpy as np
    import pyarrow as pa

    require_columns(path, features)
    found = []
    for name in features:
        column = _column(path, name, rows)
        if name in codes:
            places = {value: float(at) for at, value in enumerate(codes[name])}
            found.append(np.array([places.get(str(each), np.nan) for each in column.to_pylist()]))
        else:
            found.append(column.cast(pa.float64()).to_numpy(zero_copy_only=False))
    return np.column_stack(found) if found else np.empty((row_count(path), 0))


def _trained(rows: np.ndarray, answers: np.ndarray, seed: int) -> Any:
    import lightgbm

    return lightgbm.train({**SETTINGS, "seed": seed}, lightgbm.Dataset(rows, answers), ROUNDS)


def _fidelity(rows: np.ndarray, answers: np.ndarray, seed: int) -> Estimate:
    """scikit-learn's R² of the answers to rows that were held out; None where all answers are the same."""
    import numpy as np
    from sklearn.metrics import r2_score

    if not np.ptp(answers):
        return Estimate(None, None, None, len(answers))
    fold = np.random.default_rng(seed).permutation(len(answers)) % FOLDS
    said = np.empty(len(answers))
    for each in range(FOLDS):
        booster = _trained(rows[fold != each], answers[fold != each], seed)
        said[fold == each] = booster.predict(rows[fold == each], num_threads=1)
    drawn = np.random.default_rng(seed).integers(0, len(answers), (REPLICATES, len(answers)))
    low, high = np.quantile(
        [r2_score(answers[each], said[each]) for each in drawn if np.ptp(answers[each])], [0.025, 0.975]
    )
    value = float(r2_score(answers, said))
    return Estimate(value, min(value, float(low)), max(value, float(high)), len(answers))
