"""What each figure of a result is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

METRICS: dict[str, StrOrPromise] = {
    "psi": _("Population stability index"),
    "evidently": _("The method that Evidently takes"),
    "ks": _("Kolmogorov–Smirnov test, p-value"),
    "chisquare": _("Chi-square test, p-value"),
    "z": _("Z-test of shares, p-value"),
    "wasserstein": _("Wasserstein distance, in standard deviations"),
    "jensenshannon": _("Jensen–Shannon distance"),
    "drifted_share": _("Share of features that drifted"),
    "selection_rate": _("Rate of favourable decisions"),
    "true_positive_rate": _("True positive rate"),
    "false_positive_rate": _("False positive rate"),
    "false_negative_rate": _("False negative rate"),
    "true_negative_rate": _("True negative rate"),
    "precision": _("Precision (positive predictive value)"),
    "true_positives": _("True positives, rows"),
    "false_positives": _("False positives, rows"),
    "false_negatives": _("False negatives, rows"),
    "true_negatives": _("True negatives, rows"),
    "accuracy": _("Accuracy"),
    "demographic_parity_ratio": _("Lowest rate divided by the highest"),
    "demographic_parity_difference": _("Highest rate minus the lowest"),
    "equalized_odds_difference": _("Largest gap in true or false positive rates"),
    "equal_opportunity_difference": _("Largest gap in true positive rates"),
    "equal_opportunity_ratio": _("Lowest true positive rate divided by the highest"),
    "false_positive_rate_difference": _("Largest gap in false positive rates"),
    "false_positive_rate_ratio": _("Lowest false positive rate divided by the highest"),
    "ratio_to_largest": _("Rate divided by that of the largest group (impact ratio)"),
    "difference_to_largest": _("Rate minus that of the largest group"),
    "mean_abs_shap": _("Mean absolute SHAP value"),
    "sensitive_share": _("Share of attribution on sensitive attributes"),
    "ranking_agreement": _("Agreement of the feature ranking (Kendall's W)"),
    "additivity_error": _("Largest error of the sum of contributions"),
    "accuracy_fall": _("Fall of the accuracy"),
    "auc_fall": _("Fall of the area under the ROC curve"),
    "brier_rise": _("Rise of the Brier score"),
    "accuracy_current": _("Accuracy now"),
    "accuracy_reference": _("Accuracy in the reference"),
    "auc_current": _("Area under the ROC curve now"),
    "auc_reference": _("Area under the ROC curve in the reference"),
    "brier_current": _("Brier score now"),
    "brier_reference": _("Brier score in the reference"),
    "balanced_accuracy_current": _("Balanced accuracy now"),
    "balanced_accuracy_reference": _("Balanced accuracy in the reference"),
    "true_positive_rate_current": _("True positive rate now"),
    "true_positive_rate_reference": _("True positive rate in the reference"),
    "true_negative_rate_current": _("True negative rate now"),
    "true_negative_rate_reference": _("True negative rate in the reference"),
    "false_positive_rate_current": _("False positive rate now"),
    "false_positive_rate_reference": _("False positive rate in the reference"),
    "false_negative_rate_current": _("False negative rate now"),
    "false_negative_rate_reference": _("False negative rate in the reference"),
    "precision_current": _("Precision now"),
    "precision_reference": _("Precision in the reference"),
    "true_positives_current": _("True positives now, rows"),
    "true_positives_reference": _("True positives in the reference, rows"),
    "false_positives_current": _("False positives now, rows"),
    "false_positives_reference": _("False positives in the reference, rows"),
    "false_negatives_current": _("False negatives now, rows"),
    "false_negatives_reference": _("False negatives in the reference, rows"),
    "true_negatives_current": _("True negatives now, rows"),
    "true_negatives_reference": _("True negatives in the reference, rows"),
    "gini_current": _("Gini coefficient now"),
    "gini_reference": _("Gini coefficient in the reference"),
    "ks_current": _("Separation of the outcomes (Kolmogorov–Smirnov) now"),
    "ks_reference": _("Separation of the outcomes (Kolmogorov–Smirnov) in the reference"),
    "base_rate_current": _("Share of the outcome now"),
    "base_rate_reference": _("Share of the outcome in the reference"),
}

COUNTED = (
    "true_positive_rate",
    "false_positive_rate",
    "false_negative_rate",
    "true_negative_rate",
    "precision",
    "true_positives",
    "false_positives",
    "false_negatives",
    "true_negatives",
)
AMONG_GROUPS = (
    "accuracy",
    "ratio_to_largest",
    "difference_to_largest",
    "equal_opportunity_ratio",
    "false_positive_rate_difference",
    "false_positive_rate_ratio",
)
BEHIND = frozenset(
    {*COUNTED, *AMONG_GROUPS, *(f"{each}_{part}" for each in COUNTED for part in ("current", "reference"))}
)
"""Figures that stand behind others: the page of a run shows them, the answer beside its chart does not."""
