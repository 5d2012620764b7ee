"""Which measure of fairness decides: three questions, answered in the plan, whose answers lead to one measure.

After the fairness trees of Aequitas (University of Chicago) and of Veritas (Monetary Authority of Singapore): a person says
what is owed to the people concerned, and the measure follows. The questions are worded by us. `docs/fairness-tree.md` draws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import Limit, Limits

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

YES, NO = "yes", "no"
REFUSAL, GRANT, BOTH = "refusal", "grant", "both"
YES_NO = {YES: _("yes"), NO: _("no")}
MISTAKES = {REFUSAL: _("a wrong refusal"), GRANT: _("a wrong grant"), BOTH: _("both alike")}


@dataclass(frozen=True)
class Primary:
    """The measure that decides, and the way that led to it."""

    metric: str
    words: StrOrPromise


EQUAL_RATES = Primary(
    "demographic_parity_ratio",
    _(
        "The measure that decides is the lowest rate divided by the highest: groups are to be chosen at equal rates."
    ),
)
NO_OUTCOMES = Primary(
    "demographic_parity_ratio",
    _(
        "The measure that decides is the lowest rate divided by the highest: outcomes do not become known, so mistakes "
        "cannot be compared."
    ),
)
BY_MISTAKE = {
    REFUSAL: Primary(
        "equal_opportunity_difference",
        _(
            "The measure that decides is the largest gap in true positive rates: a wrong refusal is what hurts the people "
            "concerned."
        ),
    ),
    GRANT: Primary(
        "false_positive_rate_difference",
        _(
            "The measure that decides is the largest gap in false positive rates: a wrong grant is what hurts the people "
            "concerned."
        ),
    ),
    BOTH: Primary(
        "equalized_odds_difference",
        _(
            "The measure that decides is the largest gap in true or false positive rates: both mistakes hurt the people "
            "concerned."
        ),
    ),
}


def primary(limits: Limits) -> Primary:
    """What a plan's answers lead to; a plan from before the questions judged equal rates."""
    if limits.get("equal_rates_owed", YES) == YES:
        return EQUAL_RATES
    if limits.get("outcomes_known", YES) == NO:
        return NO_OUTCOMES
    return BY_MISTAKE[limits.get("mistake", BOTH)]


SOURCE = _(
    "One of three questions whose answers choose the measure that decides, after the fairness trees of Aequitas and "
    "Veritas. The others are reported beside it."
)
QUESTIONS = (
    Limit(
        "equal_rates_owed",
        _("Question 1: are the groups owed equal rates, whatever their outcomes?"),
        YES,
        SOURCE,
        choices=(YES, NO),
        words=YES_NO,
    ),
    Limit(
        "outcomes_known",
        _("Question 2: do the true outcomes become known?"),
        YES,
        SOURCE,
        choices=(YES, NO),
        words=YES_NO,
    ),
    Limit(
        "mistake",
        _("Question 3: which mistake hurts the people concerned?"),
        BOTH,
        SOURCE,
        choices=(REFUSAL, GRANT, BOTH),
        words=MISTAKES,
    ),
)
