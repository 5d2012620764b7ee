"""What each figure of a result is called, and each way by which it may have been measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from monitoring.runs.drift_words import DRIFT_METRICS
from monitoring.runs.log_words import LOG_METRICS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

METRICS: dict[str, StrOrPromise] = {
    **LOG_METRICS,
    **DRIFT_METRICS,
    "selection_rate": _("Rate of favourable decisions"),
    "effective_rows": _("Rows that count once and say as much (Kish)"),
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
    "selection_rate_gap_fisher": _("Gap in favourable decisions: Fisher's exact test, p-value"),
    "selection_rate_gap_z": _("Gap in favourable decisions: z-test of shares, p-value"),
    "true_positive_rate_gap_fisher": _("Gap in true positive rates: Fisher's exact test, p-value"),
    "true_positive_rate_gap_z": _("Gap in true positive rates: z-test of shares, p-value"),
    "false_positive_rate_gap_fisher": _("Gap in false positive rates: Fisher's exact test, p-value"),
    "false_positive_rate_gap_z": _("Gap in false positive rates: z-test of shares, p-value"),
    "mean_abs_shap": _("Mean absolute SHAP value"),
    "sensitive_share": _("Share of attribution on sensitive attributes"),
    "proxy_share": _("Share of attribution on features that stand in for a sensitive attribute"),
    "proxy_association": _("Association of a feature with a sensitive attribute"),
    "ranking_agreement": _("Agreement of the feature ranking (Kendall's W)"),
    "rank_error": _("Places that a leading feature moves between two draws of as many rows, on average"),
    "top_agreement": _("Agreement of the leading features over seeds and backgrounds (Kendall's W)"),
    "attribution_ndcg": _("Order of the features against the reference (NDCG)"),
    "attribution_distance": _("Distance of the attribution from the reference (Jensen–Shannon)"),
    "top_kept": _("Leading features that lead still"),
    "fidelity": _("Fidelity of the stand-in (R²)"),
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
    "gini_fall": _("Fall of the Gini coefficient"),
    "ks_fall": _("Fall of the separation (Kolmogorov–Smirnov)"),
    "precision_fall": _("Fall of the precision"),
    "true_positive_rate_fall": _("Fall of the true positive rate (recall)"),
    "balanced_accuracy_fall": _("Fall of the balanced accuracy"),
    "ece_rise": _("Rise of the calibration error"),
    "ece_current": _("Calibration error now (ten bins of equally many rows)"),
    "ece_reference": _("Calibration error in the reference (ten bins of equally many rows)"),
    "calibration_slope_current": _("Calibration slope now (1 = right)"),
    "calibration_slope_reference": _("Calibration slope in the reference (1 = right)"),
    "calibration_intercept_current": _("Calibration in the large now (0 = right)"),
    "calibration_intercept_reference": _("Calibration in the large in the reference (0 = right)"),
    "came_true_current": _("Share that came true, by bin and mean score, now"),
    "came_true_reference": _("Share that came true, by bin and mean score, in the reference"),
    "cost_rise": _("Rise of the cost of a decision"),
    "cost_current": _("Cost of a decision now"),
    "cost_reference": _("Cost of a decision in the reference"),
    "labelled_share_current": _("Share of rows with a known outcome now"),
    "labelled_share_reference": _("Share of rows with a known outcome in the reference"),
    "missing_share": _("Missing values"),
    "missing_rise": _("Rise of the missing values"),
    "outside_share": _("Values outside the range or unknown"),
    "type_changed": _("The type has changed"),
    "became_constant": _("Constant now"),
    "group_share_current": _("Share of the group now"),
    "group_share_reference": _("Share of the group in the reference"),
    "group_gap": _("Gap to the reference"),
    "population_gap": _("Gap to the declared population"),
    "repeated_share": _("Repeated rows"),
    "repeated_rise": _("Rise of the repeated rows"),
    "repeated_ids": _("Repeated numbers of cases"),
    "empty_days": _("Days without rows"),
    "favourable_share": _("Rate of favourable decisions in the sample"),
    "flips_noise": _("Decisions turned by noise"),
    "flips_missing": _("Decisions turned by a missing value"),
    "flips_low": _("Decisions turned by a very low value"),
    "flips_high": _("Decisions turned by a very high value"),
    "flips_neighbour": _("Decisions turned by a step to the nearest other case"),
}

METHODS: dict[str, StrOrPromise] = {
    "evidently_equal": _("as Evidently: cells and categories from both data periods together"),
    "frozen_baseline": _("frozen baseline: cells, categories and counts of the reference, kept as they were"),
    "shap_linear": _(
        "SHAP of a linear model, exact, against the mean of a sample of the current data period"
    ),
    "shap_permutation": _(
        "SHAP by permutations, approximate: at most 100 rows of the current data period, each against at most 50"
    ),
}
"""Ways that may differ in their figures, so each is named; what is not named here has one way alone."""

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
    "false_positive_rate_ratio",
)
OF_BINS = ("came_true_current", "came_true_reference")
TOLD_FALLS = ("gini_fall", "ks_fall", "precision_fall", "true_positive_rate_fall", "balanced_accuracy_fall")
BEHIND = frozenset(
    {
        *COUNTED,
        *AMONG_GROUPS,
        *OF_BINS,
        *TOLD_FALLS,
        *(f"{each}_{part}" for each in COUNTED for part in ("current", "reference")),
    }
)
"""Figures that stand behind others: the page of a run shows them, the answer beside its chart does not."""
