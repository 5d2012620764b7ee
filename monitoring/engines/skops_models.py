"""scikit-learn models in the skops format: opened by our own list of types, explained by shap.TreeExplainer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.engines.refusals import CannotMeasure, Refused

if TYPE_CHECKING:
    import numpy as np

ALLOWED = (
    "collections.OrderedDict",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.tree._tree.Tree",
)
"""Reviewed here. What the artefact itself declares trustworthy is never read."""


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
    """A scikit-learn classifier of two classes, the second one favoured."""

    classifier: Any
    features: Sequence[str]

    def __post_init__(self) -> None:
        classes = getattr(self.classifier, "classes_", ())
        if len(classes) != 2 or not hasattr(self.classifier, "predict_proba"):
            raise CannotMeasure("not_binary", outputs=len(classes))
        inside = getattr(self.classifier, "n_features_in_", len(self.features))
        if inside != len(self.features):
            raise CannotMeasure("features_disagree", inside=int(inside), declared=len(self.features))

    def scores(self, rows: np.ndarray) -> np.ndarray:
        import numpy as np

        return np.asarray(self.classifier.predict_proba(rows), dtype=np.float64)[:, 1]

    def margins(self, rows: np.ndarray) -> np.ndarray:
        """What shap's tree explainer adds up to: log-odds of a boosted model, the probability of a forest."""
        import numpy as np

        if hasattr(self.classifier, "decision_function"):
            return np.asarray(self.classifier.decision_function(rows), dtype=np.float64)
        return self.scores(rows)

    def contributions(self, rows: np.ndarray) -> np.ndarray:
        import numpy as np
        import shap

        explainer = shap.TreeExplainer(self.classifier)
        values = np.asarray(explainer.shap_values(rows), dtype=np.float64)
        base = np.ravel(explainer.expected_value)
        if values.ndim == 3:
            values, base = values[:, :, 1], base[-1:]
        return np.column_stack([values, np.full(len(rows), base[0])])

    def contributions_against(self, rows: np.ndarray, background: np.ndarray) -> np.ndarray:
        from monitoring.engines.boosters import against

        return against(self.classifier, rows, background)
