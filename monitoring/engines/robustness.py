"""Does a decision stay the same when its inputs are a little wrong, missing, extreme, or those of a near neighbour?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.engines.boosters import Model
from monitoring.engines.direction import speaks_against
from monitoring.engines.intervals import Estimate, wilson
from monitoring.engines.perturbations import nearest_others, noisy, spreads, towards, with_column
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.results import plain
from monitoring.engines.scoring import Progress, read_features, require_numeric, silent
from monitoring.engines.versions import versions
from monitoring.engines.windows import chosen_rows, quoted, reading, row_count

if TYPE_CHECKING:
    import numpy as np

SAMPLE = 2_000
LOW, HIGH = 0.001, 0.999
METHOD = {
    "instrument": "numpy; the artefact in its own library, one thread",
    "flip": "the decision at the version's threshold is another one than on the unchanged row",
    "noise": "normal, a share of each feature's spread; whole numbers stay whole",
    "spread": "standard deviation of the values in the sample between their 1 % and 99 % quantile",
    "extremes": "the 0.1 % and 99.9 % quantile of the feature over all rows of the data period",
    "neighbours": "nearest row of the sample with the other decision, in units of the spread; the row goes a share of the way",
    "interval": "Wilson, 95 %",
}


@dataclass(frozen=True)
class Flips:
    """One change: noise, missing, low, high or neighbour; feature: "" for all features at once.

    status: measured, refused (the model does not take such rows) or nothing_to_change (no row has a value, or all rows
    were decided alike).
    """

    change: str
    feature: str
    status: str
    flipped: Estimate


@dataclass(frozen=True)
class RobustnessResult:
    """flips: each change of all features, then feature by feature. quantiles: per feature the two extremes."""

    flips: list[Flips]
    favoured: Estimate
    quantiles: dict[str, list[float | None]]
    noise_share: float
    step_share: float
    threshold: float
    rows: dict[str, int]
    seed: int
    inputs: dict[str, str] = field(default_factory=dict)
    libraries: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the method by name."""
        return {"kind": "robustness", "method": METHOD, **plain(self)}


@dataclass(frozen=True)
class Decider:
    """A model with its threshold; `before` are its decisions on the unchanged rows, shape (n,)."""

    model: Model
    threshold: float
    rows: np.ndarray
    before: np.ndarray

    def flips(self, change: str, feature: str, changed: np.ndarray, which: np.ndarray) -> Flips:
        """How many of the rows `which` (a mask) are decided otherwise when changed."""
        if not which.any():
            return Flips(change, feature, "nothing_to_change", Estimate(None, None, None, 0))
        try:
            after = self.model.scores(changed[which]) >= self.threshold
        except ValueError:  # scikit-learn's way to say that it takes no missing value
            return Flips(change, feature, "refused", Estimate(None, None, None, 0))
        return Flips(
            change, feature, "measured", wilson(int((after != self.before[which]).sum()), int(which.sum()))
        )


def measure(
    window: Path,
    model: Model,
    *,
    threshold: float,
    noise_share: float,
    step_share: float,
    favourable: str = "1",
    high_score: str = "",
    seed: int = 0,
    sample: int = SAMPLE,
    inputs: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> RobustnessResult:
    """Change a seeded sample of the window in every way. Raises MissingColumns, CannotMeasure."""
    against = speaks_against(favourable, high_score)
    total = row_count(window)
    if total == 0:
        raise CannotMeasure("no_rows")
    rows = read_features(window, model.features, chosen_rows(total, sample, seed))
    decider = Decider(model, threshold, rows, _decided(model, rows, threshold))
    quantiles = _quantiles(window, model.features)
    progress(20, "robustness")
    flips = _noise(decider, noise_share, seed)
    progress(40, "robustness")
    flips += _replaced(decider, quantiles)
    progress(80, "robustness")
    flips += _neighbours(decider, step_share)
    progress(100, "robustness")
    good = ~decider.before if against else decider.before
    return RobustnessResult(
        flips=flips,
        favoured=wilson(int(good.sum()), len(rows)),
        quantiles={name: list(both) for name, both in quantiles.items()},
        noise_share=noise_share,
        step_share=step_share,
        threshold=threshold,
        rows={"total": total, "sampled": len(rows)},
        seed=seed,
        inputs=dict(inputs or {}),
        libraries=versions("duckdb", "lightgbm", "numpy", "scikit-learn", "xgboost"),
    )


def _decided(model: Model, rows: np.ndarray, threshold: float) -> np.ndarray:
    try:
        decided: np.ndarray = model.scores(rows) >= threshold
    except ValueError as refusal:
        raise CannotMeasure("missing_not_taken") from refusal
    return decided


def _quantiles(window: Path, features: Sequence[str]) -> dict[str, tuple[float | None, float | None]]:
    """Column by column, so that no more than one is held at a time."""
    require_numeric(window, features)
    found = {}
    for name in features:
        number = f"CAST({quoted(name)} AS DOUBLE)"
        ends = f"quantile_cont({number}, {LOW}), quantile_cont({number}, {HIGH})"
        with reading(window) as rows:
            [both] = rows.filter(f"isfinite({number})").aggregate(ends).fetchall()
        found[name] = both
    return found


def _noise(decider: Decider, share: float, seed: int) -> list[Flips]:
    """All features at once, then each alone with the same noise."""
    changed = noisy(decider.rows, spreads(decider.rows), share, seed)
    found = [decider.flips("noise", "", changed, _everywhere(decider))]
    for at, name in enumerate(decider.model.features):
        alone = with_column(decider.rows, at, changed[:, at])
        found.append(decider.flips("noise", name, alone, _there(decider, at)))
    return found


def _replaced(decider: Decider, quantiles: Mapping[str, tuple[float | None, float | None]]) -> list[Flips]:
    """One feature at a time: missing, very low, very high."""
    found = []
    for at, name in enumerate(decider.model.features):
        low, high = quantiles[name]
        for change, value in (("missing", float("nan")), ("low", low), ("high", high)):
            which = _there(decider, at) if value is not None else _nowhere(decider)
            changed = with_column(decider.rows, at, value if value is not None else float("nan"))
            found.append(decider.flips(change, name, changed, which))
    return found


def _neighbours(decider: Decider, share: float) -> list[Flips]:
    """A share of the way to the nearest row of the other decision; then each of its values alone, taken over whole."""
    near = nearest_others(decider.rows, decider.before, spreads(decider.rows))
    if (near < 0).any():
        return [decider.flips("neighbour", "", decider.rows, _nowhere(decider))]
    theirs = decider.rows[near]
    moved = towards(decider.rows, theirs, share)
    found = [decider.flips("neighbour", "", moved, _everywhere(decider))]
    for at, name in enumerate(decider.model.features):
        taken = towards(decider.rows[:, [at]], theirs[:, [at]], 1.0)[:, 0]
        found.append(
            decider.flips("neighbour", name, with_column(decider.rows, at, taken), _there(decider, at))
        )
    return found


def _there(decider: Decider, at: int) -> np.ndarray:
    import numpy as np

    there: np.ndarray = np.isfinite(decider.rows[:, at])
    return there


def _everywhere(decider: Decider) -> np.ndarray:
    import numpy as np

    return np.ones(len(decider.rows), dtype=bool)


def _nowhere(decider: Decider) -> np.ndarray:
    return ~_everywhere(decider)
