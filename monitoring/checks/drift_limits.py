"""What a plan of the drift check may set, and where each usual value comes from."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.checks import drift_columns
from monitoring.checks.check import Limit
from monitoring.checks.drift_columns import CELLS
from monitoring.engines.drift_rule import (
    CATEGORICAL_ONLY,
    EVIDENTLY_EQUAL,
    FROZEN_BASELINE,
    METHODS,
    NUMERIC_ONLY,
)

NUMERIC_METHODS = tuple(method for method in METHODS if method not in CATEGORICAL_ONLY)
CATEGORICAL_METHODS = tuple(method for method in METHODS if method not in NUMERIC_ONLY)
FIXED, OWN_PERIODS = "fixed", "own_periods"
FEWEST = "fewest_rows"
METHOD_WORDS = {
    "psi": _("population stability index (PSI)"),
    "psi_deciles": _("PSI over the deciles of the reference"),
    "wasserstein": _("Wasserstein distance"),
    "jensenshannon": _("Jensen–Shannon distance"),
    "ks": _("Kolmogorov–Smirnov test"),
    "chisquare": _("chi-square test"),
    "z": _("test of two shares"),
    "kl_div": _("Kullback–Leibler divergence"),
    "hellinger": _("Hellinger distance"),
    "ed": _("energy distance"),
    "anderson": _("Anderson–Darling test"),
    "cramer_von_mises": _("Cramér–von Mises test"),
    "mannw": _("Mann–Whitney test of a rise"),
    "t_test": _("t-test of the means"),
    "es": _("Epps–Singleton test"),
    "g_test": _("G-test"),
    "fisher_exact": _("Fisher's exact test"),
    "evidently": _("Evidently's own choice"),
}

LIMITS = (
    Limit(
        "feature_score",
        _("A feature has drifted from this score on"),
        0.1,
        _(
            "For the population stability index 0.1 (some change) and 0.25 (large change) are conventions of "
            "credit scoring, not statistical laws; 0.1 is also Evidently's own default for every distance here. With few rows "
            "chance alone reaches it: of unchanged numbers an index of 0.1 is usual with 60 rows in each period and not rare "
            "with 200. A distance within what chance gives therefore counts for nothing and leaves the check uncertain."
        ),
        "at_most",
    ),
    Limit(
        "drifted_share",
        _("Red when this share of the features has drifted"),
        0.5,
        _(
            "Evidently's own default for a whole data period, a convention. Below it any drifted feature is amber. Only "
            "features that have moved by more than chance count; the share beside it is Evidently's, of all that reached their "
            "limit."
        ),
        "at_most",
    ),
    Limit(
        "limits_from",
        _("Where the limit of a feature comes from"),
        FIXED,
        _(
            "A fixed score is the one set above, the same for every feature. With the reference's own quarters, each "
            "calendar quarter is measured against the others, and the farthest one sets the limit of the feature; "
            "this needs a column of the time and at least 8 quarters of 30 rows. Where nothing changes, a new quarter "
            "exceeds the farthest of Q own ones by chance once in Q + 1 times, for each feature. So a single feature "
            "is amber; that half of them exceed at once happens by chance at most twice in Q + 1 times, however "
            "the features hang together, and that is red."
        ),
        choices=(FIXED, OWN_PERIODS),
        words={FIXED: _("a fixed score"), OWN_PERIODS: _("the reference's own quarters")},
    ),
    Limit(
        "margin",
        _("Limit from own periods: times the farthest own quarter"),
        1.5,
        _(
            "A reference of a few years has not seen everything that is normal: half as far again is allowed before "
            "a feature counts as drifted. A convention of this house; 1 takes the farthest quarter as it is. The limit "
            "is never below the score that chance alone gives."
        ),
    ),
    Limit(
        "strong_multiple",
        _("Limit from own periods: one feature alone is red beyond this many times its limit"),
        3.0,
        _(
            "Among many features the farthest is expected to exceed its limit now and then, so one alone is amber. "
            "Three times its limit, with the usual margin four and a half times the farthest quarter on file, chance "
            "does not explain even where extremes are common: mostly a column whose meaning or unit has changed. "
            "A convention of this house."
        ),
    ),
    Limit(
        CELLS,
        _("Where cells and categories come from"),
        EVIDENTLY_EQUAL,
        _(
            "From both data periods together, as Evidently takes them, both are read each time. From the reference alone "
            "(frozen baseline), they are kept with its counts and a digest, and a run reads the current data period once: this "
            "takes fixed limits and methods that are named. Counts are always compared over the cells of the reference alone: "
            "rows give the same figures by the frozen baseline, and others as Evidently takes them."
        ),
        choices=(EVIDENTLY_EQUAL, FROZEN_BASELINE),
        words={
            EVIDENTLY_EQUAL: _("both data periods, as Evidently takes them"),
            FROZEN_BASELINE: _("the reference alone (frozen baseline)"),
        },
        flaws=drift_columns.not_frozen,
    ),
    Limit(
        "numeric_method",
        _("Method for numbers"),
        "psi",
        _(
            "PSI and the Jensen–Shannon distance compare shares in bins, which Evidently makes of equal width over both "
            "data periods and banks of the deciles of the reference: the two PSI are two numbers. The Wasserstein "
            "distance is over the spread of the reference and easily moved by outliers; the energy distance has the root of the "
            "unit, so one limit does not fit every column. The tests give a p-value: Kolmogorov–Smirnov, Anderson–Darling, "
            "Cramér–von Mises and Epps–Singleton of any difference, the t-test of the means, and Mann–Whitney, as Evidently "
            "asks it, only of a rise. Anderson–Darling's lies between 0.001 and 0.25. Evidently's own choice is a p-value up "
            "to 1,000 rows of the reference and a distance above."
        ),
        choices=NUMERIC_METHODS,
        words=METHOD_WORDS,
    ),
    Limit(
        "categorical_method",
        _("Method for categories"),
        "psi",
        _(
            "PSI, the divergence of Kullback and Leibler and the distances of Jensen–Shannon and Hellinger compare the shares of "
            "the categories. The chi-square test and the G-test give a p-value, and so do the test of two shares and Fisher's "
            "exact test, for two categories."
        ),
        choices=CATEGORICAL_METHODS,
        words=METHOD_WORDS,
    ),
    Limit(
        "significance",
        _("Methods that give a p-value: a feature has drifted below it"),
        0.05,
        _(
            "A convention, and Evidently's own default for most tests; for Anderson–Darling, Cramér–von Mises, the G-test and "
            "Fisher's it is 0.1. A p-value falls with the number of rows: among many rows it "
            "calls the smallest change drift, and of twenty unchanged features it calls one drifted."
        ),
    ),
    Limit(
        FEWEST,
        _("Fewest values of a column in either data period"),
        50,
        _(
            "A column with fewer is not compared. With few rows shares differ by chance: between two draws of 50 rows from the "
            "same data the stability index over ten bins is often above 0.3, of 200 rows about 0.1. 50 is a convention of this "
            "house: a quarter has some 62 trading days."
        ),
    ),
    Limit(
        drift_columns.KEY,
        _("Columns with a method or a limit of their own"),
        "",
        _(
            "One line each, such as “income: wasserstein 0.2”, “region: chisquare” or “age: 0.3”: a column, a colon, and "
            "a method, a limit or both. For a method that gives a p-value the limit is the p-value. Methods: psi, "
            "jensenshannon, kl_div, hellinger; for numbers also psi_deciles, wasserstein, ed, ks, anderson, cramer_von_mises, "
            "mannw, t_test and es; for categories also chisquare, z, g_test and fisher_exact; evidently. "
            "What a line does not say is as for all columns. A limit that stands here also takes the place of "
            "that from the reference's own quarters."
        ),
        flaws=drift_columns.flaws,
    ),
)
