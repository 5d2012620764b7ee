"""Opens a version's artefact in its own library: no pickle, no code of the author, one thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from governance.inventory.artefacts import ArtefactFacts, RefusedArtefact, describe
from monitoring.engines.explainers import Against, Explainer, against
from monitoring.engines.refusals import CannotMeasure, MissingColumns, Refused

if TYPE_CHECKING:
    import numpy as np

NATIVE = ("xgboost_json", "xgboost_ubj", "lightgbm_text")
EXPLAINED_BY_SHAP = ("skops",)


class Model(Protocol):
    """What the engines need of a model. rows: float64, shape (n, features), in the order of `features`."""

    @property
    def features(self) -> Sequence[str]:
        """The columns that the model reads, in its order."""

    @property
    def explainer(self) -> Explainer:
        """What its contributions come from, and of how many rows."""

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """The score of the favoured class, shape (n,)."""

    def margins(self, rows: np.ndarray) -> np.ndarray:
        """The raw output that the contributions add up to, shape (n,)."""

    def contributions(self, rows: np.ndarray) -> np.ndarray:
        """SHAP values and, last, the base value; shape (n, features + 1)."""

    @property
    def contributions_against(self) -> Against:
        """SHAP values against the rows of a background, by interventions; shape (n, features)."""


def load(path: Path, artefact_format: str, features: Sequence[str]) -> Model:
    """The model behind a file. Raises Refused when the library cannot read it, CannotMeasure when unsupported."""
    if artefact_format.startswith("xgboost"):
        return _XGBoost(open_booster(path, artefact_format), _agreed(features))
    if artefact_format == "lightgbm_text":
        return _LightGBM(open_booster(path, artefact_format), _agreed(features))
    if artefact_format == "skops":
        from monitoring.engines.skops_models import load_skops

        return load_skops(path, _agreed(features))
    raise CannotMeasure("format_not_supported", format=artefact_format)


def _agreed(features: Sequence[str]) -> tuple[str, ...]:
    if not features:
        raise MissingColumns([], "version")
    return tuple(features)


def described(path: Path) -> ArtefactFacts:
    """What the file is by content. Raises Refused."""
    try:
        with path.open("rb") as source:
            return describe(source, path.name)
    except RefusedArtefact as refusal:
        raise Refused(refusal.rule, **refusal.params) from refusal


def open_booster(path: Path, artefact_format: str) -> Any:
    """The library's own Booster of one of the NATIVE formats. Raises Refused when it cannot be read.

    The libraries trust a file: an empty one aborts the process, a node number too large reads foreign memory. So
    the content is followed first, in plain Python.
    """
    if described(path).format != artefact_format:
        raise Refused("unreadable_artefact", format=artefact_format)
    return _lightgbm(path) if artefact_format == "lightgbm_text" else _xgboost(path, artefact_format)


def _xgboost(path: Path, artefact_format: str) -> Any:
    import xgboost

    booster = xgboost.Booster({"nthread": 1})
    try:
        booster.load_model(bytearray(path.read_bytes()))
    except (xgboost.core.XGBoostError, UnicodeDecodeError) as broken:
        raise Refused("unreadable_artefact", format=artefact_format) from broken
    return booster


def _lightgbm(path: Path) -> Any:
    import lightgbm

    try:
        return lightgbm.Booster(model_str=path.read_text(encoding="utf-8"))
    except (lightgbm.basic.LightGBMError, UnicodeDecodeError) as broken:
        raise Refused("unreadable_artefact", format="lightgbm_text") from broken


@dataclass(frozen=True)
class _XGBoost:
    explainer: ClassVar[Explainer] = Explainer("xgboost pred_contribs, equal to shap.TreeExplainer")
    booster: Any
    features: tuple[str, ...]

    def __post_init__(self) -> None:
        _same_width(self.booster.num_features(), self.features)
        _same_names(self.booster.feature_names, self.features)

    def scores(self, rows: np.ndarray) -> np.ndarray:
        return _one_score(self.booster.predict(self._matrix(rows)))

    def margins(self, rows: np.ndarray) -> np.ndarray:
        return _one_score(self.booster.predict(self._matrix(rows), output_margin=True))

    def contributions(self, rows: np.ndarray) -> np.ndarray:
        return _as_float64(self.booster.predict(self._matrix(rows), pred_contribs=True))

    @cached_property
    def contributions_against(self) -> Against:
        return against(self.booster)

    def _matrix(self, rows: np.ndarray) -> Any:
        import xgboost

        return xgboost.DMatrix(
            rows, feature_names=self.booster.feature_names and list(self.features), nthread=1
        )


@dataclass(frozen=True)
class _LightGBM:
    explainer: ClassVar[Explainer] = Explainer("lightgbm pred_contrib, equal to shap.TreeExplainer")
    booster: Any
    features: tuple[str, ...]

    def __post_init__(self) -> None:
        _same_width(self.booster.num_feature(), self.features)
        names = self.booster.feature_name()
        _same_names(
            None if names[0] == "Column_0" else names, [name.replace(" ", "_") for name in self.features]
        )

    def scores(self, rows: np.ndarray) -> np.ndarray:
        return _one_score(self.booster.predict(rows, num_threads=1))

    def margins(self, rows: np.ndarray) -> np.ndarray:
        return _one_score(self.booster.predict(rows, raw_score=True, num_threads=1))

    def contributions(self, rows: np.ndarray) -> np.ndarray:
        return _as_float64(self.booster.predict(rows, pred_contrib=True, num_threads=1))

    @cached_property
    def contributions_against(self) -> Against:
        return against(self.booster)


def _same_width(inside: int, features: Sequence[str]) -> None:
    if inside != len(features):
        raise CannotMeasure("features_disagree", inside=inside, declared=len(features))


def _same_names(inside: Sequence[str] | None, features: Sequence[str]) -> None:
    """The version's order is the artefact's order, or every score would be of the wrong columns."""
    if inside is not None and list(inside) != list(features):
        raise CannotMeasure("features_disagree", inside=list(inside), declared=list(features))


def _one_score(scores: Any) -> np.ndarray:
    found = _as_float64(scores)
    if found.ndim == 2 and found.shape[1] == 1:
        found = found[:, 0]
    if found.ndim != 1:
        raise CannotMeasure("not_binary", outputs=int(found.shape[-1]))
    return found


def _as_float64(values: Any) -> np.ndarray:
    import numpy as np

    return np.asarray(values, dtype=np.float64)
