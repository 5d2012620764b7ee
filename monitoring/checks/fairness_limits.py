"""What a plan of fairness may limit beside its questions, and where each usual value comes from."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import Limit
from monitoring.checks.fairness_tree import QUESTIONS

TOLD, JUDGED, NONE = "told", "judged", "none"
REPORTED = _(
    "No limit is customary; without one the gap is reported and not judged. It needs known outcomes."
)
EARLIER = _(
    "Beyond it the answer is amber, to be looked into before it is red. No second limit is customary: a pass whose interval "
    "reaches the red limit is uncertain as it is. Set one where your own policy names it."
)

LIMITS = (
    Limit(
        "demographic_parity_ratio_amber",
        _("Lowest rate divided by the highest: amber below"),
        None,
        EARLIER,
        "at_least",
    ),
    Limit(
        "demographic_parity_ratio",
        _("Lowest rate divided by the highest, at least"),
        0.8,
        _(
            "The four-fifths rule: a convention of US employment practice (1978), not a statistical law and not "
            "a rule of Kazakhstan's law. Set the limit that your own policy names."
        ),
        "at_least",
    ),
    Limit(
        "equalized_odds_difference_amber",
        _("Gap in true or false positive rates: amber above"),
        None,
        EARLIER,
        "at_most",
    ),
    Limit(
        "equalized_odds_difference",
        _("Largest gap in true or false positive rates, at most"),
        None,
        REPORTED,
        "at_most",
    ),
    Limit(
        "equal_opportunity_difference_amber",
        _("Gap in true positive rates: amber above"),
        None,
        EARLIER,
        "at_most",
    ),
    Limit(
        "equal_opportunity_difference",
        _("Largest gap in true positive rates, at most"),
        None,
        REPORTED,
        "at_most",
    ),
    Limit(
        "false_positive_rate_difference_amber",
        _("Gap in false positive rates: amber above"),
        None,
        EARLIER,
        "at_most",
    ),
    Limit(
        "false_positive_rate_difference",
        _("Largest gap in false positive rates, at most"),
        None,
        REPORTED,
        "at_most",
    ),
    *QUESTIONS,
    Limit(
        "intersections",
        _("Groups of two sensitive columns at once"),
        TOLD,
        _(
            "A group may be treated worse only where two of its traits meet. The more groups are compared, the farther "
            "apart stand the lowest and the highest by chance alone: by default they are told and not judged."
        ),
        choices=(TOLD, JUDGED, NONE),
        words={TOLD: _("told"), JUDGED: _("judged"), NONE: _("left out")},
    ),
    Limit(
        "minimum_group",
        _("Smallest group that is compared, people"),
        30,
        _("A smaller group is listed but not compared: its rate would be mostly chance. 30 is a convention."),
    ),
)
