"""What the model's decisions rest on: SHAP values of a seeded sample, and whether they can be relied on.

XGBoost and LightGBM compute the values of shap.TreeExplainer themselves (a test holds them equal); any other
model goes through shap itself (`explainers.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.engines import surrogate
from monitoring.engines.attributed import LIBRARIES, MOST_FEATURES, REPLICATES, SAMPLE, Attributed
from monitoring.engines.attribution import METHOD as OF_ATTRIBUTION
from monitoring.engines.attribution import TOP, Moved, Stability, moved, stability
from monitoring.engines.boosters import Model
from monitoring.engines.intervals import Estimate
from monitoring.engines.proxies import METHOD as OF_PROXIES
from monitoring.engines.proxies import STRONG, Proxies, proxies
from monitoring.engines.rankings import RankError, kendall_w, rank_error
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.results import plain
from monitoring.engines.scoring import Progress, read_features, silent
from monitoring.engines.skops_models import SkopsModel
from monitoring.engines.swarm import METHOD as OF_SWARM
from monitoring.engines.swarm import Swarm, swarms
from monitoring.engines.versions import versions
from monitoring.engines.windows import chosen_rows, row_count

if TYPE_CHECKING:
    import numpy as np

METHOD = {
    "instrument": "shap",
    "importance": "mean absolute SHAP value, in the units of the model's raw output",
    "interval": "2.5 % and 97.5 % quantiles of the bootstrap over rows",
    "agreement": "Kendall's W of the rankings in the bootstrap replicates, corrected for ties",
    "rank_error": "mean absolute difference of the ranks of the ten leading features between consecutive bootstrap replicates",
    **OF_ATTRIBUTION,
    **surrogate.METHOD,
    **OF_SWARM,
    **OF_PROXIES,
}


@dataclass(frozen=True)
class Importance:
    """One feature: its rank, its mean |SHAP| and its share of all attribution."""

    feature: str
    rank: int
    mean_abs: Estimate
    share: float
    sensitive: bool


@dataclass(frozen=True)
class ExplanationResult:
    """Importances in order, contributions of some rows, and the four things that say whether to believe them.

    agreement: Kendall's W, 0 none … 1 the same ranking every time; None for a single feature or no attribution.
    additivity_error: largest |sum of contributions − raw output|; margin_scale: largest |raw output|, at least 1.
    moved: against the reference, where there is one; before: what it is against, no part of the JSON.
    fidelity: of the stand-in, None where the model itself was opened.
    """

    importances: list[Importance]
    top: list[str]
    base_value: float
    sensitive_share: Estimate
    sensitive_inputs: list[str]
    proxies: Proxies | None
    agreement: float | None
    rank_error: RankError
    swarm: list[Swarm]
    stability: Stability
    moved: Moved | None
    fidelity: Estimate | None
    additivity_error: float
    margin_scale: float
    rows: dict[str, int]
    replicates: int
    engine: str
    seed: int
    before: Attributed | None = None
    method: dict[str, str | int] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    libraries: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the method by name."""
        found = plain(replace(self, before=None))
        del found["before"]
        return {"kind": "explanation", **found, "method": {**METHOD, **self.method}}


def measure(
    window: Path,
    model: Model,
    *,
    sensitive: Sequence[str] = (),
    proxy_from: float = STRONG,
    reference: Path | None = None,
    before: Attributed | None = None,
    seed: int = 0,
    sample: int = SAMPLE,
    replicates: int = REPLICATES,
    inputs: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> ExplanationResult:
    """Explain the model, or its stand-in, on a window.

    proxy_from: association, 0 to 1, from which a feature stands in for a sensitive attribute. before: what is kept of the
    reference (`attributed`); None = made here. Raises MissingColumns, CannotMeasure.
    """
    import numpy as np

    total = row_count(window)
    if total == 0:
        raise CannotMeasure("no_rows")
    read = reader(model)
    model, most = grounded(model, window, seed), min(sample, model.explainer.rows)
    rows = taken(model, read(window, chosen_rows(total, most, seed)))
    progress(10, "explanation")
    values = model.contributions(rows)
    margins = model.margins(rows)
    progress(80, "explanation")
    now = Attributed.of(np.abs(values[:, :-1]), replicates, seed)
    samples = [rows]
    if reference:
        before = before or attributed(model, reference, seed=seed, sample=sample, replicates=replicates)
        samples.append(read(reference, chosen_rows(row_count(reference), most, seed)))
    stable = stability(model, samples, seed, model.explainer.draw)
    progress(100, "explanation")
    is_input = [name in set(sensitive) for name in model.features]
    importances = _importances(model.features, now, is_input)
    leading = [each.feature for each in importances]
    return ExplanationResult(
        importances=importances,
        top=leading[:TOP],
        base_value=float(values[:, -1].mean()),
        sensitive_share=now.share_of(np.array(is_input)),
        sensitive_inputs=[name for name, yes in zip(model.features, is_input, strict=True) if yes],
        proxies=proxies(window, model.features, sensitive, now, least=proxy_from, seed=seed),
        agreement=kendall_w(now.drawn),
        rank_error=rank_error(now.drawn, [model.features.index(name) for name in leading[:TOP]], len(rows)),
        swarm=swarms(model.features, leading, rows, values[:, :-1], seed),
        stability=stable,
        moved=moved(model.features, before, now) if before else None,
        before=before,
        fidelity=getattr(model, "fidelity", None),
        additivity_error=float(np.max(np.abs(values.sum(axis=1) - margins))),
        margin_scale=max(1.0, float(np.max(np.abs(margins)))),
        rows={"total": total, "explained": len(rows)},
        replicates=replicates,
        engine=model.explainer.name,
        seed=seed,
        method=model.explainer.told(len(rows), min(total, model.explainer.background)),
        inputs=dict(inputs or {}),
        libraries=versions(*LIBRARIES),
    )


def reader(model: Model) -> Callable[[Path, np.ndarray | None], np.ndarray]:
    """A stand-in reads categories as well; a model itself reads numbers."""
    if isinstance(model, surrogate.Surrogate):
        return model.read
    return lambda path, chosen: read_features(path, model.features, chosen)


def attributed(
    model: Model, window: Path, *, seed: int, sample: int = SAMPLE, replicates: int = REPLICATES
) -> Attributed | None:
    """What the model's answers over a seeded sample of a data period rest on; None of one without rows.

    Raises MissingColumns, CannotMeasure.
    """
    import numpy as np

    most = min(sample, model.explainer.rows)
    rows = reader(model)(window, chosen_rows(row_count(window), most, seed))
    if not len(rows):
        return None
    return Attributed.of(np.abs(model.contributions(taken(model, rows))[:, :-1]), replicates, seed)


def stays(model: Model) -> bool:
    """Whether what a model rests on in its reference is the same in every run, so that it can be kept.

    A stand-in is fitted to the current data period, and some explainers are against rows of it.
    """
    is_itself = not isinstance(model, surrogate.Surrogate) and not model.explainer.background
    return is_itself and len(model.features) <= MOST_FEATURES


def grounded(model: Model, window: Path, seed: int) -> Model:
    """The model with the rows that its values are against, where its explainer needs some: of this window, seeded."""
    if not isinstance(model, SkopsModel) or not model.explainer.background:
        return model
    chosen = chosen_rows(row_count(window), model.explainer.background, seed + 1)
    return model.against(taken(model, read_features(window, model.features, chosen)))


def taken(model: Model, rows: np.ndarray) -> np.ndarray:
    """The same rows. Raises CannotMeasure where some value is missing and the model takes none."""
    import numpy as np

    try:
        model.margins(rows)
    except ValueError as refusal:  # scikit-learn's way to say that it takes no missing value
        if np.isfinite(rows).all():
            raise
        raise CannotMeasure("missing_not_taken") from refusal
    return rows


def _importances(features: Sequence[str], now: Attributed, is_input: Sequence[bool]) -> list[Importance]:
    import numpy as np

    means = now.means
    low, high = np.quantile(now.drawn, [0.025, 0.975], axis=0)
    whole = float(means.sum()) or 1.0
    order = sorted(range(len(features)), key=lambda at: (-means[at], features[at]))
    return [
        Importance(
            feature=features[at],
            rank=rank,
            mean_abs=Estimate(float(means[at]), float(low[at]), float(high[at]), now.rows),
            share=float(means[at]) / whole,
            sensitive=is_input[at],
        )
        for rank, at in enumerate(order, start=1)
    ]
