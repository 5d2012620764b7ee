"""Rates of each group, and of all together, by Fairlearn's own functions with counts as weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitoring.engines.counts import Cell, effective
from monitoring.engines.intervals import Estimate, wilson
from monitoring.engines.two_shares import Share

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

UNKNOWN, ALL = "unknown", "all"
OF_OUTCOMES = ("true_negative_rate", "false_positive_rate", "false_negative_rate", "true_positive_rate")
"""In the order of a confusion matrix."""
WHOLE = 1e-6
"""A count that is nearer than this to a whole number is one; the rest is the rounding of a share."""


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


def overall(cells: Sequence[Cell]) -> list[Cell]:
    """The same rows as one group, whatever theirs was."""
    return [replace(cell, group=None) for cell in cells]


def group_rates(tables: Sequence[Sequence[Cell]], minimum_group: int) -> list[list[GroupRates]]:
    """Of each table of cells every group that occurs, in order of its name, rows without a group last."""
    groups: dict[tuple[int, str | None], list[Cell]] = {}
    for at, cells in enumerate(tables):
        for name in sorted({cell.group for cell in cells}, key=lambda name: (name is None, name or "")):
            groups[at, name] = []
        for cell in cells:
            groups[at, cell.group].append(cell)
    found: list[list[GroupRates]] = [[] for _ in tables]
    for (at, name), cells, values in zip(
        groups, groups.values(), _values(list(groups.values())), strict=True
    ):
        found[at].append(_rates(name, cells, minimum_group, values))
    return found


def _values(groups: Sequence[Sequence[Cell]]) -> list[dict[str, float]]:
    """The rates of each group by name. Where a label is not known yet, only the decision counts."""
    selected = _matrices(groups)
    labelled = [[cell for cell in cells if cell.label is not None] for cells in groups]
    judged = selected if labelled == list(groups) else _matrices(labelled)
    return [
        ({"selection_rate": float(all_[:, 1].sum() / all_.sum())} if all_ is not None else {})
        | (_of_matrix(known) if known is not None else {})
        for all_, known in zip(selected, judged, strict=True)
    ]


def _matrices(groups: Sequence[Sequence[Cell]]) -> list[np.ndarray | None]:
    """The confusion matrix of each group by Fairlearn's MetricFrame, label × decision; None without a row.

    All groups of all tables in one frame: what a frame costs is the call for each group, whatever the number of rows. All of
    Fairlearn's rates are quotients of this matrix, which it asks scikit-learn for once for each of them.
    """
    import fairlearn.metrics

    found: list[np.ndarray | None] = [None] * len(groups)
    frame = frame_of(groups)
    if frame.empty:
        return found
    by_group = fairlearn.metrics.MetricFrame(
        metrics=_confusion_matrix,
        y_true=frame.y_true,
        y_pred=frame.y_pred,
        sensitive_features=frame.group,
        sample_params={"sample_weight": frame.weight},
    ).by_group
    for at, matrix in by_group.items():
        found[int(at)] = matrix
    return found


def _confusion_matrix(y_true: pd.Series, y_pred: pd.Series, sample_weight: pd.Series) -> np.ndarray:
    from sklearn.metrics import confusion_matrix

    matrix: np.ndarray = confusion_matrix(y_true, y_pred, labels=[0, 1], sample_weight=sample_weight)
    return matrix


def frame_of(groups: Sequence[Sequence[Cell]]) -> pd.DataFrame:
    """Cells as columns y_true, y_pred, group (its number), weight. Where no label is known the prediction stands in: the
    selection rate does not read it."""
    import pandas as pd

    rows = [
        (int(cell.prediction if cell.label is None else cell.label), int(cell.prediction), at, cell.mass)
        for at, cells in enumerate(groups)
        for cell in cells
        if cell.n
    ]
    return pd.DataFrame(rows, columns=["y_true", "y_pred", "group", "weight"])


def _of_matrix(matrix: np.ndarray) -> dict[str, float]:
    """As scikit-learn and Fairlearn divide; a rate of nobody is 0 there, and here it has no rows (`_rates`)."""
    import numpy as np

    with np.errstate(all="ignore"):
        of_outcomes = np.nan_to_num(matrix / matrix.sum(axis=1, keepdims=True)).ravel().tolist()
        precision = np.nan_to_num(matrix[1, 1] / matrix[:, 1].sum())
    accuracy = matrix.trace() / matrix.sum()
    return dict(zip(OF_OUTCOMES, of_outcomes, strict=True)) | {
        "precision": float(precision),
        "accuracy": float(accuracy),
    }


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


def successes(group: GroupRates, rate: str) -> Share:
    """The rate of a group as a share."""
    estimate: Estimate = getattr(group, rate)
    counted = (estimate.value or 0.0) * estimate.n
    return (round(counted) if abs(counted - round(counted)) < WHOLE else counted), estimate.n
