"""Rates of each group, and of all together, by Fairlearn's own functions with counts as weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from monitoring.engines.counts import Cell, effective
from monitoring.engines.intervals import Estimate, wilson

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN, ALL = "unknown", "all"
OF_OUTCOMES = ("true_negative_rate", "false_positive_rate", "false_negative_rate", "true_positive_rate")
"""In the order of a confusion matrix."""


@dataclass(frozen=True)
class Confusion:
    """Decisions against outcomes, in rows. Positive = the favourable outcome; n: rows with a known outcome."""

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int
    n: int


@dataclass(frozen=True)
class GroupRates:
    """One group: how many, whether it is compared, its rates with Wilson intervals and what they are counted from.

    n: rows; the n of a rate: rows, or with weights as many as they are worth (`counts.effective`).
    """

    group: str | None
    n: int
    status: str
    selection_rate: Estimate
    true_positive_rate: Estimate
    false_positive_rate: Estimate
    false_negative_rate: Estimate
    true_negative_rate: Estimate
    precision: Estimate
    accuracy: Estimate
    confusion: Confusion


def overall(cells: Sequence[Cell]) -> GroupRates:
    """The rates of all rows together, whatever their group."""
    [together] = group_rates([replace(cell, group=None) for cell in cells], 0)
    return replace(together, status=ALL)


def group_rates(cells: Sequence[Cell], minimum_group: int) -> list[GroupRates]:
    """Every group that occurs, in order of its name, rows without a group last."""
    names = sorted({cell.group for cell in cells}, key=lambda name: (name is None, name or ""))
    labelled = [cell for cell in cells if cell.label is not None]
    if len(labelled) == len(cells):
        values = _metric_frame(cells, names, {**_selected(), **_judged()})
    else:
        two = _metric_frame(cells, names, _selected()), _metric_frame(labelled, names, _judged())
        values = [{**selected, **judged} for selected, judged in zip(*two, strict=True)]
    of_group: dict[str | None, list[Cell]] = {name: [] for name in names}
    for cell in cells:
        of_group[cell.group].append(cell)
    return [
        _rates(name, of_group[name], minimum_group, found) for name, found in zip(names, values, strict=True)
    ]


def frame_of(cells: Sequence[Cell]) -> pd.DataFrame:
    """Cells as columns y_true, y_pred, group, weight. Where no label is known the prediction stands in: the
    selection rate does not read it."""
    import pandas as pd

    rows = [
        (
            int(cell.prediction if cell.label is None else cell.label),
            int(cell.prediction),
            cell.group,
            cell.mass,
        )
        for cell in cells
        if cell.n
    ]
    return pd.DataFrame(rows, columns=["y_true", "y_pred", "group", "weight"])


def _metric_frame(
    cells: Sequence[Cell], names: Sequence[str | None], metrics: Mapping[str, Callable[..., Any]]
) -> list[dict[str, float]]:
    """Fairlearn's by-group values, one dict per name; empty where the group has no such cells."""
    import fairlearn.metrics

    found: list[dict[str, float]] = [{} for _ in names]
    frame = frame_of(cells)
    if frame.empty:
        return found
    numbers = frame.group.map({name: at for at, name in enumerate(names) if name is not None})
    by_group = fairlearn.metrics.MetricFrame(
        metrics=dict(metrics),
        y_true=frame.y_true,
        y_pred=frame.y_pred,
        sensitive_features=numbers.fillna(names.index(None) if None in names else 0).astype(int),
        sample_params={name: {"sample_weight": frame.weight} for name in metrics},
    ).by_group
    for at, row in by_group.iterrows():
        found[int(at)] = _named(row)
    return found


def _selected() -> dict[str, Callable[..., Any]]:
    import fairlearn.metrics

    return {"selection_rate": fairlearn.metrics.selection_rate}


def _judged() -> dict[str, Callable[..., Any]]:
    """Fairlearn's four rates are one confusion matrix of scikit-learn: asked once, not once for each of them."""
    from sklearn.metrics import accuracy_score, confusion_matrix

    return {
        "of_outcomes": partial(confusion_matrix, labels=[0, 1], normalize="true"),
        "of_decisions": partial(confusion_matrix, labels=[0, 1], normalize="pred"),
        "accuracy": accuracy_score,
    }


def _named(row: Mapping[str, Any]) -> dict[str, float]:
    """The values of a group by name, out of its matrices."""
    found = {name: float(row[name]) for name in ("selection_rate", "accuracy") if name in row}
    if "of_outcomes" in row:
        shares = (float(each) for each in row["of_outcomes"].ravel())
        found |= dict(zip(OF_OUTCOMES, shares, strict=True))
        found["precision"] = float(row["of_decisions"][1, 1])
    return found


def _rates(
    name: str | None, cells: Sequence[Cell], minimum_group: int, values: Mapping[str, float]
) -> GroupRates:
    labelled = [cell for cell in cells if cell.label is not None]
    shares = {"selection_rate": _share(cells, lambda cell: cell.prediction), **_judged_shares(labelled)}
    measured = {key: replace(share, value=values[key]) if share.n else share for key, share in shares.items()}
    n = sum(cell.n for cell in cells)
    enough = effective(cells) >= minimum_group
    status = UNKNOWN if name is None else "compared" if enough else "insufficient_data"
    return GroupRates(name, n, status, **measured, confusion=_confusion(labelled))


def _judged_shares(labelled: Sequence[Cell]) -> dict[str, Estimate]:
    positives = [cell for cell in labelled if cell.label]
    negatives = [cell for cell in labelled if not cell.label]
    chosen = [cell for cell in labelled if cell.prediction]
    return {
        "true_positive_rate": _share(positives, lambda cell: cell.prediction),
        "false_positive_rate": _share(negatives, lambda cell: cell.prediction),
        "false_negative_rate": _share(positives, lambda cell: not cell.prediction),
        "true_negative_rate": _share(negatives, lambda cell: not cell.prediction),
        "precision": _share(chosen, lambda cell: bool(cell.label)),
        "accuracy": _share(labelled, lambda cell: cell.label == cell.prediction),
    }


def _confusion(labelled: Sequence[Cell]) -> Confusion:
    def rows(label: bool, prediction: bool) -> int:
        return sum(cell.n for cell in labelled if (cell.label, cell.prediction) == (label, prediction))

    return Confusion(
        true_positives=rows(True, True),
        false_positives=rows(False, True),
        false_negatives=rows(True, False),
        true_negatives=rows(False, False),
        n=sum(cell.n for cell in labelled),
    )


def _share(cells: Sequence[Cell], counted: Callable[[Cell], bool]) -> Estimate:
    """With weights the share is that of the weights, and its interval that of as many rows as they are worth."""
    n, mass = effective(cells), sum(cell.mass for cell in cells)
    share = sum(cell.mass for cell in cells if counted(cell))
    return wilson(share if n == mass else n * share / (mass or 1), n)
