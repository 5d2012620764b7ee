"""What the decisions were worth: right and wrong ones of either outcome, by scikit-learn."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitoring.engines.intervals import Estimate, wilson

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Decided:
    """Decisions against outcomes. Positive = the outcome that a high score stands for; counts are rows."""

    accuracy: Estimate
    balanced_accuracy: Estimate
    true_positive_rate: Estimate
    true_negative_rate: Estimate
    false_positive_rate: Estimate
    false_negative_rate: Estimate
    precision: Estimate
    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int


def decided(truth: np.ndarray, decisions: np.ndarray) -> Decided:
    """Every share with its interval. truth, decisions: bool, shape (n,), n of at least 1."""
    from sklearn.metrics import accuracy_score, confusion_matrix

    others, wrong, missed, right = map(int, confusion_matrix(truth, decisions, labels=[False, True]).ravel())
    correct = wilson(right + others, len(truth))
    sensitivity, specificity = wilson(right, right + missed), wilson(others, others + wrong)
    return Decided(
        accuracy=replace(correct, value=float(accuracy_score(truth, decisions))),
        balanced_accuracy=_balanced(truth, decisions, sensitivity, specificity),
        true_positive_rate=sensitivity,
        true_negative_rate=specificity,
        false_positive_rate=wilson(wrong, others + wrong),
        false_negative_rate=wilson(missed, right + missed),
        precision=wilson(right, right + wrong),
        true_positives=right,
        false_positives=wrong,
        false_negatives=missed,
        true_negatives=others,
    )


def _balanced(
    truth: np.ndarray, decisions: np.ndarray, sensitivity: Estimate, specificity: Estimate
) -> Estimate:
    """Mean of the two rates; its interval adds their halves as errors of independent groups.

    Source: Zou & Donner (2008), Statistics in Medicine 27:1693-1702. None where one outcome never came.
    """
    from sklearn.metrics import balanced_accuracy_score

    if sensitivity.value is None or specificity.value is None:
        return Estimate(None, None, None, len(truth))
    assert sensitivity.low is not None and sensitivity.high is not None
    assert specificity.low is not None and specificity.high is not None
    value = float(balanced_accuracy_score(truth, decisions))
    down = math.hypot(sensitivity.value - sensitivity.low, specificity.value - specificity.low) / 2
    up = math.hypot(sensitivity.high - sensitivity.value, specificity.high - specificity.value) / 2
    return Estimate(value, value - down, value + up, len(truth))
