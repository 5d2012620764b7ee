"""scikit-learn models in the skops format: opened by our own list of types, explained by shap (`explainers.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.engines.explainers import (
    LINEAR,
    PERMUTATIONS,
    Against,
    Explainer,
    against,
    by_coefficients,
    by_permutations,
    by_trees,
    explainer_of,
    parted,
)
from monitoring.engines.refusals import CannotMeasure, Refused

if TYPE_CHECKING:
    import numpy as np

ALLOWED = (
    "collections.OrderedDict",
    "numpy.dtype",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
)
"""Reviewed here. What the artefact itself declares trustworthy is never read.

A dtype (of an imputer) is read from an empty array, which is loaded without pickle.
"""


def reviewed(path: Path) -> None:
    """Raises Refused when the file names a type that nobody here has reviewed, or is damaged."""
    import skops.io

    try:
        strange = sorted(set(skops.io.get_untrusted_types(file=path)) - set(ALLOWED))
    except (KeyError, ValueError, TypeError, AttributeError, ImportError) as broken:
        raise Refused("unreadable_artefact", format="skops") from broken
    if strange:
        raise Refused("unreviewed_types", types=strange[:5])


def load_skops(path: Path, features: tuple[str, ...]) -> SkopsModel:
    """A fitted binary classifier. Raises Refused for a type that nobody here has reviewed."""
    import skops.io

    reviewed(path)
    return SkopsModel(skops.io.load(path, trusted=list(ALLOWED)), features)


@dataclass(frozen=True)
class SkopsModel:
    """A scikit-learn classifier of two classes, the second one favoured. background: see `against`."""

    classifier: Any
    features: Sequence[str]
    background: np.ndarray | None = None

    def __post_init__(self) -> None:
        classes = getattr(self.classifier, "classes_", ())
        if len(classes) != 2 or not hasattr(self.classifier, "predict_proba"):
            raise CannotMeasure("not_binary", outputs=len(classes))
        inside = getattr(self.classifier, "n_features_in_", len(self.features))
        if inside != len(self.features):
            raise CannotMeasure("features_disagree", inside=int(inside), declared=len(self.features))
        names = getattr(self.classifier, "feature_names_in_", None)
        if names is not None and list(names) != list(self.features):
            raise CannotMeasure("features_disagree", inside=list(names), declared=list(self.features))

    @cached_property
    def explainer(self) -> Explainer:
        """Of a pipeline that of its last step, where the steps before leave each feature its column."""
        return explainer_of(self._parts[1])

    @cached_property
    def _parts(self) -> tuple[list[Any], Any]:
        return parted(self.classifier)

    def against(self, background: np.ndarray) -> SkopsModel:
        """The same model, whose values are against these rows, shape (n, features)."""
        return replace(self, background=background)

    def scores(self, rows: np.ndarray) -> np.ndarray:
        import numpy as np

        return np.asarray(self.classifier.predict_proba(self._named(rows)), dtype=np.float64)[:, 1]

    def margins(self, rows: np.ndarray) -> np.ndarray:
        """What the contributions add up to: log-odds where the model has such an output, else the probability."""
        import numpy as np

        if hasattr(self.classifier, "decision_function"):
            found = np.asarray(self.classifier.decision_function(self._named(rows)), dtype=np.float64)
            return found if found.ndim == 1 else found[:, -1]
        return self.scores(rows)

    def contributions(self, rows: np.ndarray) -> np.ndarray:
        last = self._parts[1]
        if not self.explainer.background:
            return by_trees(last, self._inside(rows))
        if self.background is None:
            raise CannotMeasure("no_rows")
        if self.explainer is LINEAR:
            return by_coefficients(last, self._inside(rows), self._inside(self.background))
        return by_permutations(self.margins, rows, self.background, PERMUTATIONS)

    def contributions_against(self, rows: np.ndarray, background: np.ndarray) -> np.ndarray:
        last = self._parts[1]
        if self.explainer is LINEAR:
            return by_coefficients(last, self._inside(rows), self._inside(background))[:, :-1]
        if self.explainer.background:
            return by_permutations(self.margins, rows, background, 1)[:, :-1]
        return self._by_trees_against(self._inside(rows), self._inside(background))

    @cached_property
    def _by_trees_against(self) -> Against:
        return against(self._parts[1])

    def _named(self, rows: np.ndarray) -> Any:
        """A model that was fitted to named columns may choose among them by name."""
        if getattr(self.classifier, "feature_names_in_", None) is None:
            return rows
        import pandas as pd

        return pd.DataFrame(rows, columns=list(self.features))

    def _inside(self, rows: np.ndarray) -> np.ndarray:
        """As the last step of the pipeline reads them."""
        import numpy as np

        given = self._named(rows)
        for step in self._parts[0]:
            given = step.transform(given)
        return np.asarray(given, dtype=np.float64)
