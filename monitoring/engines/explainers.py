"""What explains a model, and of how many rows: a library's own contributions, or an explainer of shap for scikit-learn's models.

Trees and linear models are explained exactly. Everything else is asked again and again with features taken from other
rows (shap.PermutationExplainer), which costs thousands of answers a row: so of a small sample, and the result says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

Answer = Callable[["np.ndarray"], "np.ndarray"]
Against = Callable[["np.ndarray", "np.ndarray"], "np.ndarray"]
"""SHAP values of rows, shape (n, features), against a background, shape (m, features)."""

PERMUTATIONS = 5
"""Of the features of each row, each forward and backward."""
SEED = 1


@dataclass(frozen=True)
class Explainer:
    """name: as the result says it. rows: at most as many of a data period are explained.

    background: rows of the data period that the values are against; 0 = the model knows what it was trained on.
    draw: rows and background of each ranking of the stability. method: what a reader must know beside that.
    """

    name: str
    rows: int = 2_000
    background: int = 0
    draw: tuple[int, int] = (100, 50)
    method: Mapping[str, str | int] = field(default_factory=dict)

    def told(self, explained: int, background: int) -> dict[str, str | int]:
        """For the method of a result; nothing where the model needs no background."""
        if not self.background:
            return dict(self.method)
        return {**self.method, "explained_rows": explained, "background_rows": background}


TREES = Explainer("shap.TreeExplainer")
LINEAR = Explainer(
    "shap.LinearExplainer",
    background=2_000,
    method={"name": "shap_linear", "background": "a seeded sample of the current data period"},
)
PERMUTED = Explainer(
    "shap.PermutationExplainer",
    rows=100,
    background=50,
    draw=(50, 25),
    method={
        "name": "shap_permutation",
        "background": "a seeded sample of the current data period",
        "permutations": PERMUTATIONS,
        "stability": "as for trees, but each ranking of 50 rows against 25, by one permutation forward and backward",
    },
)
COLUMN_BY_COLUMN = frozenset(
    {
        *("MaxAbsScaler", "MinMaxScaler", "PowerTransformer", "QuantileTransformer", "RobustScaler"),
        *("SimpleImputer", "StandardScaler"),
    }
)
"""Steps of scikit-learn that change each column alone: behind them a contribution is still that of one feature."""


def parted(classifier: Any) -> tuple[list[Any], Any]:
    """A pipeline's steps before its last one and the last one, where all of them change columns alone; else ([], itself)."""
    steps = [step for _name, step in getattr(classifier, "steps", []) if step not in (None, "passthrough")]
    if not steps or not all(_is_column_by_column(step) for step in steps[:-1]):
        return [], classifier
    widths = {getattr(each, "n_features_in_", None) for each in steps}
    return (steps[:-1], steps[-1]) if len(widths) == 1 else ([], classifier)


def _is_column_by_column(step: Any) -> bool:
    kind = type(step)
    known = kind.__module__.startswith("sklearn.") and kind.__name__ in COLUMN_BY_COLUMN
    return known and not getattr(step, "add_indicator", False)


def explainer_of(last: Any) -> Explainer:
    """By what shap itself can read. A tree that splits on sets of categories it reads wrongly."""
    import numpy as np
    import shap

    if shap.TreeExplainer.supports_model_with_masker(last, None):
        return PERMUTED if np.any(getattr(last, "is_categorical_", False)) else TREES
    coefficients = getattr(last, "coef_", None)
    is_one_row = isinstance(coefficients, np.ndarray) and coefficients.ndim == 2 and len(coefficients) == 1
    is_linear = hasattr(last, "intercept_") and hasattr(last, "decision_function")
    return LINEAR if is_one_row and is_linear else PERMUTED


def by_trees(last: Any, rows: np.ndarray) -> np.ndarray:
    """Values and, last, the base value; shape (n, features + 1). Whether they add up is judged, not believed."""
    import numpy as np
    import shap

    explainer = shap.TreeExplainer(last)
    values = np.asarray(explainer.shap_values(rows, check_additivity=False), dtype=np.float64)
    base = np.ravel(explainer.expected_value)
    if values.ndim == 3:
        values, base = values[:, :, 1], base[-1:]
    return np.column_stack([values, np.full(len(rows), base[0])])


def against(trees: Any) -> Against:
    """Interventional SHAP values of the favoured class, by shap itself. Raises what shap raises where it cannot.

    shap reads the trees once, for the first background: reading them takes a fifth of what the values take.
    """
    explainer: Any = None

    def values_of(rows: np.ndarray, background: np.ndarray) -> np.ndarray:
        import numpy as np
        import shap

        nonlocal explainer
        if explainer is None:
            explainer = shap.TreeExplainer(trees, data=background, feature_perturbation="interventional")
        explainer.data, explainer.data_missing = background, np.isnan(background)
        values = np.asarray(explainer.shap_values(rows, check_additivity=False), dtype=np.float64)
        return values[:, :, 1] if values.ndim == 3 else values

    return values_of


def by_coefficients(last: Any, rows: np.ndarray, background: np.ndarray) -> np.ndarray:
    """As by_trees, of a linear model's decision function."""
    import numpy as np
    import shap

    explainer = shap.LinearExplainer(last, independent(background))
    values = np.asarray(explainer.shap_values(rows), dtype=np.float64)
    return np.column_stack([values, np.full(len(rows), float(explainer.expected_value))])


def by_permutations(answer: Answer, rows: np.ndarray, background: np.ndarray, times: int) -> np.ndarray:
    """As by_trees, of anything that answers. The same rows and background give the same values."""
    import numpy as np
    import shap

    explainer = shap.PermutationExplainer(answer, independent(background), seed=SEED)
    found = explainer(rows, max_evals=times * (2 * rows.shape[1] + 1), silent=True)
    values = np.asarray(found.values, dtype=np.float64)
    base = np.broadcast_to(np.asarray(found.base_values, dtype=np.float64), len(rows))
    return np.column_stack([values, base])


def independent(background: np.ndarray) -> Any:
    """All rows of a background, each as likely as the other."""
    import shap

    return shap.maskers.Independent(background, max_samples=len(background))
