"""What the check of drift says to people: what its figures are called, and why it did not measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from monitoring.engines.drift_rule import BY_PARTS
from monitoring.engines.roles import ROLES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

METHODS: dict[str, StrOrPromise] = {
    "psi": _("Population stability index"),
    "psi_deciles": _("Population stability index over the deciles of the reference"),
    "evidently": _("The method that Evidently takes"),
    "ks": _("Kolmogorov–Smirnov test, p-value"),
    "chisquare": _("Chi-square test, p-value"),
    "z": _("Z-test of shares, p-value"),
    "wasserstein": _("Wasserstein distance, in standard deviations"),
    "jensenshannon": _("Jensen–Shannon distance"),
    "kl_div": _("Kullback–Leibler divergence"),
    "hellinger": _("Hellinger distance"),
    "ed": _("Energy distance, in roots of the unit"),
    "anderson": _("Anderson–Darling test, p-value between 0.001 and 0.25"),
    "cramer_von_mises": _("Cramér–von Mises test, p-value"),
    "mannw": _("Mann–Whitney test of a rise, p-value"),
    "t_test": _("t-test of the means, p-value"),
    "es": _("Epps–Singleton test, p-value"),
    "g_test": _("G-test, p-value"),
    "fisher_exact": _("Fisher's exact test, p-value"),
}
ERROR = _("{}: error of counting in parts, at most")
FIGURES: dict[str, StrOrPromise] = {
    **METHODS,
    **{f"{method}_error": format_lazy(ERROR, METHODS[method]) for method in BY_PARTS},
}
OF_ROLE: dict[str, StrOrPromise] = {
    "score": _("Drift of the score"),
    "prediction": _("Drift of the decision"),
    "label": _("Drift of the outcome"),
}
DRIFT_METRICS: dict[str, StrOrPromise] = {
    **FIGURES,
    **{
        f"{role}_{figure}": format_lazy("{}: {}", OF_ROLE[role], words)
        for role in ROLES
        for figure, words in FIGURES.items()
    },
    "drifted_share": _("Share of features that reached their limit"),
}
DRIFT_REFUSALS: dict[str, StrOrPromise] = {
    "no_time": _("The dataset names no column of the time, so the reference cannot be cut into periods."),
    "time_not_a_date": _(
        "The column %(column)s holds no dates, so the reference cannot be cut into periods."
    ),
    "too_few_own_periods": _(
        "The reference has %(found)s calendar quarters with at least %(fewest)s rows; limits from its own quarters need "
        "%(needed)s. Hand in a longer reference or use fixed limits."
    ),
    "unknown_method": _("The plan names the method %(method)s, which does not exist."),
    "categorical_method_only": _(
        "The method %(method)s is for categories, and the plan uses it for numbers."
    ),
    "no_own_periods_of_method": _(
        "The method %(method)s gives no distance that could be compared with the reference's own quarters. Choose "
        "another method or fixed limits."
    ),
    "numeric_method_only": _("The method %(method)s is for numbers, and the plan uses it for categories."),
    "column_holds_categories": _(
        "The plan measures %(column)s by the method %(method)s, which is for numbers, and it holds categories."
    ),
    "column_holds_numbers": _(
        "The plan measures %(column)s by the method %(method)s, which is for categories, and it holds numbers."
    ),
    "method_needs_rows": _("The method %(method)s needs rows, and a data period was handed in as counts."),
    "counts_have_no_periods": _(
        "Limits from the reference's own quarters need rows, and a data period was handed in as counts. Use fixed limits."
    ),
    "frozen_has_no_periods": _(
        "Limits from the reference's own quarters need its rows, and the plan goes by the frozen baseline. Use fixed limits, or "
        "cells as Evidently takes them."
    ),
    "frozen_names_its_method": _(
        "Evidently chooses a method by the rows of both data periods, and the plan goes by the frozen baseline. Name the methods."
    ),
    "frozen_has_no_values": _(
        "The method %(method)s compares the values of both data periods, and the plan goes by the frozen baseline, which keeps "
        "none. Choose another method, or cells as Evidently takes them."
    ),
}
