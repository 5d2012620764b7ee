"""What the check of fairness says: of the ratio in its own words, of other measures by their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import Limits, MeasurementFact, Verdict
from monitoring.checks.fairness_figures import is_by_chance
from monitoring.checks.fairness_pairs import PAIR_SUMMARIES
from monitoring.checks.fairness_tree import primary
from monitoring.engines.intervals import holds_equality

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RATIO = "demographic_parity_ratio"


@dataclass(frozen=True)
class Saying:
    """The key of a sentence, and the measure whose gap it tells."""

    key: str
    metric: str


def saying(verdict: Verdict, gaps: Sequence[MeasurementFact], limits: Limits) -> Saying:
    """Speaks of the measure that decides, unless another one alone has brought the verdict.

    gaps: of one attribute. What chance may have made comes before an amber limit, whose sentence says "within the red ones".
    """
    chosen = primary(limits).metric
    own = "" if chosen == RATIO else "gap_"
    having = [fact for fact in gaps if fact.verdict == verdict]
    by_chance = [fact.metric for fact in having if is_by_chance(fact, limits)]
    metrics = by_chance or [fact.metric for fact in having]
    metric = chosen if chosen in metrics or not metrics else metrics[0]
    if by_chance:
        return Saying("by_chance" if metric == RATIO else "gap_by_chance", metric)
    if verdict == "failed" and any(fact.metric == metric and _is_of_others(fact) for fact in having):
        return Saying("shown" if metric == RATIO else "gap_shown", metric)
    if metric == chosen:
        return Saying(f"{own}{verdict}", chosen)
    if verdict in ("amber", "failed"):
        return Saying(f"beside_{verdict}", metric)
    return Saying(f"gap_{verdict}", chosen)


def _is_of_others(fact: MeasurementFact) -> bool:
    """Red though the farthest two groups may differ by chance: two others do not."""
    return holds_equality(fact.metric, {"low": fact.low, "high": fact.high})


SUMMARIES: dict[str, StrOrPromise] = {
    "passed": _(
        "The lowest rate of %(attribute)s is %(value)s of the highest (95%% interval %(low)s to %(high)s, n = %(n)s): "
        "above the limit %(limit)s with its whole interval."
    ),
    "uncertain": _(
        "The lowest rate of %(attribute)s is %(value)s of the highest (95%% interval %(low)s to %(high)s, n = %(n)s): "
        "it passes the limit %(limit)s, but the interval crosses it, so this is uncertain."
    ),
    "amber": _(
        "The lowest rate of %(attribute)s is %(value)s of the highest (95%% interval %(low)s to %(high)s, n = %(n)s): "
        "within the red limits of the plan, but beyond an amber one (ratio: amber below %(amber)s). Lowest: %(lowest)s, "
        "highest: %(highest)s."
    ),
    "by_chance": _(
        "The lowest rate of %(attribute)s is %(value)s of the highest (95%% interval %(low)s to %(high)s, n = %(n)s): "
        "below the limit %(limit)s, but the interval holds equal rates. The lowest and the highest of %(groups)s groups of "
        "this size can lie that far apart by chance alone, so between these two nothing is shown and nothing is ruled out. "
        "Look into it: with more data, or with fewer and larger groups. Lowest: %(lowest)s, highest: %(highest)s."
    ),
    "failed": _(
        "The lowest rate of %(attribute)s is %(value)s of the highest (95%% interval %(low)s to %(high)s, n = %(n)s): "
        "outside the limits of the plan (ratio at least %(limit)s). Lowest: %(lowest)s, highest: %(highest)s."
    ),
    "shown": _(
        "Two groups of %(attribute)s differ by more than chance: the rate of %(lowest)s is %(value)s of that of %(highest)s "
        "(95%% interval %(low)s to %(high)s, n = %(n)s), below the limit %(limit)s. Groups that lie farther apart are too small "
        "to tell."
    ),
    "gap_shown": _(
        "%(measure)s, %(attribute)s: between %(lowest)s and %(highest)s it is %(value)s (95%% interval %(low)s to %(high)s, "
        "n = %(n)s), above the limit %(limit)s and more than chance. Groups that lie farther apart are too small to tell."
    ),
    "insufficient_data": _(
        "%(attribute)s has fewer than two groups of at least %(minimum_group)s people: too few to compare."
    ),
    "gap_passed": _(
        "The gap of %(attribute)s in the measure that decides is %(value)s (95%% interval %(low)s to %(high)s, "
        "n = %(n)s): within the limit %(limit)s with its whole interval."
    ),
    "gap_uncertain": _(
        "The gap of %(attribute)s in the measure that decides is %(value)s (95%% interval %(low)s to %(high)s, "
        "n = %(n)s): it passes the limit %(limit)s, but the interval of a judged gap crosses its limit, so this is uncertain."
    ),
    "gap_amber": _(
        "A gap of %(attribute)s is beyond an amber limit of the plan and within the red ones. In the measure that decides it "
        "is %(value)s (95%% interval %(low)s to %(high)s, n = %(n)s, amber above %(amber)s). Lowest: %(lowest)s, highest: "
        "%(highest)s."
    ),
    "gap_by_chance": _(
        "%(measure)s, %(attribute)s: %(value)s (95%% interval %(low)s to %(high)s, n = %(n)s), above the limit %(limit)s, but "
        "the interval holds 0, no gap at all. The lowest and the highest of %(groups)s groups of this size can lie that far "
        "apart by chance alone, so between these two nothing is shown and nothing is ruled out. Look into it: with more data, "
        "or with fewer and larger groups. Lowest: %(lowest)s, highest: %(highest)s."
    ),
    "gap_failed": _(
        "A gap of %(attribute)s is outside the limits of the plan. In the measure that decides it is %(value)s "
        "(95%% interval %(low)s to %(high)s, n = %(n)s, limit %(limit)s). Lowest: %(lowest)s, highest: %(highest)s."
    ),
    "beside_amber": _(
        "%(measure)s, %(attribute)s: %(value)s (95%% interval %(low)s to %(high)s, n = %(n)s). This measure, beside the one that "
        "decides, is beyond the amber limit %(amber)s of the plan and within the red one. Lowest: %(lowest)s, highest: "
        "%(highest)s."
    ),
    "beside_failed": _(
        "%(measure)s, %(attribute)s: %(value)s (95%% interval %(low)s to %(high)s, n = %(n)s). This measure, beside the one that "
        "decides, is outside the limit %(limit)s of the plan. Lowest: %(lowest)s, highest: %(highest)s."
    ),
    "not_judged": _(
        "The measure that decides was not judged for %(attribute)s: the plan sets no limit for it, or no outcomes are known."
    ),
    "hidden": _(
        "%(attribute)s is not judged: the counts of %(hidden)s did not leave the organisation, because fewer than 10 "
        "people stand in one of their cells or would be found out by them."
    ),
    **PAIR_SUMMARIES,
    "not_applicable": _("This check could not be asked: %(missing)s was not given."),
}
