"""Rates of each group and gaps between groups, by Fairlearn's own functions with counts as weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from monitoring.engines.counts import Cell
from monitoring.engines.intervals import Estimate, katz_ratio, newcombe_difference, wilson

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN = "unknown"
LABELLED = ("true_positive_rate", "false_positive_rate", "accuracy")
AGGREGATES = (
    "demographic_parity_ratio",
    "demographic_parity_difference",
    "equalized_odds_difference",
    "equal_opportunity_difference",
)


@dataclass(frozen=True)
class GroupRates:
    """One group: how many, whether it is compared, and its rates with Wilson intervals."""

    group: str | None
    n: int
    status: str
    selection_rate: Estimate
    true_positive_rate: Estimate
    false_positive_rate: Estimate
    accuracy: Estimate


def group_rates(cells: Sequence[Cell], minimum_group: int) -> list[GroupRates]:
    """Every group that occurs, in order of its name, rows without a group last."""
    names = sorted({cell.group for cell in cells}, key=lambda name: (name is None, name or ""))
    selected = _metric_frame(cells, names, ("selection_rate",))
    judged = _metric_frame([cell for cell in cells if cell.label is not None], names, LABELLED)
    return [
        _rates(
            name,
            [cell for cell in cells if cell.group == name],
            minimum_group,
            {**selected[at], **judged[at]},
        )
        for at, name in enumerate(names)
    ]


def gaps(cells: Sequence[Cell], groups: Sequence[GroupRates]) -> dict[str, dict[str, Any]]:
    """The four aggregates over the compared groups, each with the two groups it stands between."""
    compared = [group for group in groups if group.status == "compared"]
    found = {
        "demographic_parity_ratio": _gap(
            _fairlearn("demographic_parity_ratio", cells), compared, "selection_rate"
        ),
        "demographic_parity_difference": _gap(
            _fairlearn("demographic_parity_difference", cells), compared, "selection_rate"
        ),
    }
    labelled = [cell for cell in cells if cell.label is not None]
    if all(group.true_positive_rate.n and group.false_positive_rate.n for group in compared):
        found |= _odds(labelled, compared)
    return found


def _odds(labelled: Sequence[Cell], compared: Sequence[GroupRates]) -> dict[str, dict[str, Any]]:
    odds, opportunity = (_fairlearn(name, labelled) for name in AGGREGATES[2:])
    wider = max(("true_positive_rate", "false_positive_rate"), key=lambda rate: _spread(compared, rate))
    return {
        "equalized_odds_difference": _gap(odds, compared, wider),
        "equal_opportunity_difference": _gap(opportunity, compared, "true_positive_rate"),
    }


def _spread(compared: Sequence[GroupRates], rate: str) -> float:
    values = [getattr(group, rate).value for group in compared]
    return float(max(values) - min(values))


def _gap(value: tuple[str, float], compared: Sequence[GroupRates], rate: str) -> dict[str, Any]:
    """The library's number with the interval of the two groups that give it."""
    name, number = value
    ordered = sorted(compared, key=lambda group: getattr(group, rate).value)
    lowest, highest = ordered[0], ordered[-1]
    low, high = _successes(lowest, rate), _successes(highest, rate)
    estimate = katz_ratio(low, high) if name.endswith("ratio") else newcombe_difference(high, low)
    if estimate.value is not None:
        estimate = replace(estimate, value=number)
    return {**asdict(estimate), "rate": rate, "lowest": lowest.group, "highest": highest.group}


def _successes(group: GroupRates, rate: str) -> tuple[int, int]:
    estimate: Estimate = getattr(group, rate)
    return round((estimate.value or 0.0) * estimate.n), estimate.n


def _fairlearn(name: str, cells: Sequence[Cell]) -> tuple[str, float]:
    import fairlearn.metrics

    frame = _frame(cells)
    function = getattr(fairlearn.metrics, name)
    value = function(frame.y_true, frame.y_pred, sensitive_features=frame.group, sample_weight=frame.n)
    return name, float(value)


def _frame(cells: Sequence[Cell]) -> pd.DataFrame:
    """Cells as columns y_true, y_pred, group, n. Where no label is known the prediction stands in: the
    selection rate does not read it."""
    import pandas as pd

    rows = [
        (int(cell.prediction if cell.label is None else cell.label), int(cell.prediction), cell.group, cell.n)
        for cell in cells
        if cell.n
    ]
    return pd.DataFrame(rows, columns=["y_true", "y_pred", "group", "n"])


def _metric_frame(
    cells: Sequence[Cell], names: Sequence[str | None], metrics: Sequence[str]
) -> list[dict[str, float]]:
    """Fairlearn's by-group values, one dict per name; empty where the group has no such cells."""
    import fairlearn.metrics
    from sklearn.metrics import accuracy_score

    found: list[dict[str, float]] = [{} for _ in names]
    frame = _frame(cells)
    if frame.empty:
        return found
    numbers = frame.group.map({name: at for at, name in enumerate(names) if name is not None})
    functions = {name: getattr(fairlearn.metrics, name, accuracy_score) for name in metrics}
    by_group = fairlearn.metrics.MetricFrame(
        metrics=functions,
        y_true=frame.y_true,
        y_pred=frame.y_pred,
        sensitive_features=numbers.fillna(names.index(None) if None in names else 0).astype(int),
        sample_params={name: {"sample_weight": frame.n} for name in metrics},
    ).by_group
    for at, row in by_group.iterrows():
        found[int(at)] = {name: float(row[name]) for name in metrics}
    return found


def _rates(
    name: str | None, cells: Sequence[Cell], minimum_group: int, values: Mapping[str, float]
) -> GroupRates:
    labelled = [cell for cell in cells if cell.label is not None]
    n = sum(cell.n for cell in cells)
    shares = {
        "selection_rate": _share(cells, lambda cell: cell.prediction),
        "true_positive_rate": _share([cell for cell in labelled if cell.label], lambda cell: cell.prediction),
        "false_positive_rate": _share(
            [cell for cell in labelled if not cell.label], lambda cell: cell.prediction
        ),
        "accuracy": _share(labelled, lambda cell: cell.label == cell.prediction),
    }
    measured = {key: replace(share, value=values[key]) if share.n else share for key, share in shares.items()}
    status = UNKNOWN if name is None else "compared" if n >= minimum_group else "insufficient_data"
    return GroupRates(name, n, status, **measured)


def _share(cells: Sequence[Cell], counted: Callable[[Cell], bool]) -> Estimate:
    return wilson(sum(cell.n for cell in cells if counted(cell)), sum(cell.n for cell in cells))
