"""Does a decision stay the same when its inputs are a little wrong, missing or extreme?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import Check, Inputs, Judged, Limit, Limits, MeasurementFact, Verdict
from monitoring.checks.grading import NOTHING, exceeded, fact, graded, named, of_all, unmeasured, with_gaps

CHANGES = ("noise", "missing", "low", "high", "neighbour")
"""What the engine does to the rows; `flips_<change>` is the figure of it."""


def measure(inputs: Inputs) -> dict[str, Any]:
    """A seeded sample of the current data period, decided by the artefact at the version's threshold."""
    from monitoring.engines import boosters, robustness

    assert inputs.current is not None and inputs.artefact is not None and inputs.threshold is not None
    limits = CHECK.limits_of(inputs.limits)
    return robustness.measure(
        inputs.current,
        boosters.load(inputs.artefact, inputs.artefact_format, inputs.features),
        threshold=inputs.threshold,
        noise_share=float(limits["noise_share"]),
        step_share=float(limits["step_share"]),
        favourable=inputs.favourable,
        high_score=inputs.high_score,
        seed=inputs.seed,
        inputs=inputs.digests,
        progress=inputs.progress,
    ).to_dict()


def judge(result: Mapping[str, Any], limits: Limits) -> Judged:
    """Noise in all features and the feature that is missed most decide; the other changes are judged where a limit is set.

    A model that refuses missing values neither turns a decision nor passes: the answer is uncertain and says so.
    """
    sampled = result["rows"]["sampled"]
    facts = [fact("favourable_share", "", result["favoured"], "share")]
    facts += [_fact(each, limits) for each in result["flips"] if each["status"] == "measured"]
    gaps = [each for flips in result["flips"] for each in _silent(flips, limits)]
    largest = {change: _largest(result["flips"], change) for change in CHANGES}
    verdict = of_all(facts) if sampled >= limits["fewest_rows"] else "insufficient_data"
    params = {**_params(result, largest, limits), **named(gaps)}
    return Judged(with_gaps(verdict, gaps), facts + gaps, _sentence(verdict, result, gaps), params)


def _sentence(verdict: Verdict, result: Mapping[str, Any], gaps: Sequence[MeasurementFact]) -> str:
    """That a model refuses missing values is said where there is nothing worse to say."""
    is_refused = any(each["change"] == "missing" and each["status"] == "refused" for each in result["flips"])
    return "refuses" if verdict == "passed" and is_refused and gaps else verdict


def _silent(flips: Mapping[str, Any], limits: Limits) -> list[MeasurementFact]:
    """A change that the plan limits and that turned nothing, for the model refuses such rows or nothing could be changed."""
    amber, red = _limits_of(flips["change"], flips["feature"], limits)
    if flips["status"] == "measured" or (amber is None and red is None):
        return []
    return [unmeasured(f"flips_{flips['change']}", "share", red, flips["feature"], amber=amber)]


def _fact(flips: Mapping[str, Any], limits: Limits) -> MeasurementFact:
    change, feature = flips["change"], flips["feature"]
    amber, red = _limits_of(change, feature, limits)
    verdict = graded(flips["flipped"], amber, red)
    limit = exceeded(verdict, amber, red)
    return fact(f"flips_{change}", feature, flips["flipped"], "share", limit, verdict)


def _limits_of(change: str, feature: str, limits: Limits) -> tuple[float | None, float | None]:
    """Amber and red. Noise and steps are judged over all features at once, what replaces a value feature by feature."""
    if change == "noise":
        return (None, None) if feature else (limits["noise_amber"], limits["noise_red"])
    if change == "missing":
        return limits["missing_amber"], limits["missing_red"]
    if change == "neighbour":
        return None, None if feature else limits["step_red"]
    return None, limits["extreme_red"]


def _largest(flips: Sequence[Mapping[str, Any]], change: str) -> Mapping[str, Any] | None:
    """The feature whose change turns most decisions; the first of equals in the model's order."""
    measured = [
        each
        for each in flips
        if each["change"] == change and each["feature"] and each["status"] == "measured"
    ]
    return max(measured, key=lambda each: float(each["flipped"]["value"]), default=None)


def _params(
    result: Mapping[str, Any], largest: Mapping[str, Mapping[str, Any] | None], limits: Limits
) -> dict[str, Any]:
    whole = next(each["flipped"] for each in result["flips"] if each["change"] == "noise")
    missing = largest["missing"]
    return {
        "n": result["rows"]["sampled"],
        "fewest": limits["fewest_rows"],
        "noise": result["noise_share"],
        "value": whole["value"],
        "low": whole["low"],
        "high": whole["high"],
        "feature": missing["feature"] if missing else NOTHING,
        "missing_share": missing["flipped"]["value"] if missing else NOTHING,
    }


NOISE = _(
    "The share of decisions that turn when every feature is wrong by that noise at once. Five and ten per cent are "
    "conventions of this house: no standard and no rule of law sets them."
)
MISSING = _(
    "The share of decisions that turn when one feature is missing, for each feature. A model may well rest on one feature, "
    "so the limits are wide: conventions of this house. A model that refuses a missing value turns nothing and "
    "passes nothing: the answer is then uncertain, and says so."
)
REPORTED = _("No limit is customary; without one the share is reported and not judged.")

CHECK = Check(
    key="robustness",
    version=2,
    title=_("Robustness"),
    question=_("Does a decision stay the same when its inputs are a little wrong, missing or extreme?"),
    how=_(
        "NumPy changes a seeded sample of at most 2,000 rows of the current data period: noise, a missing feature, a very "
        "low or very high value, a step towards the nearest case of the other decision. The model's file decides each "
        "changed row again, in its own library and at the threshold of the version. The share of decisions that turn has "
        "Wilson's 95 per cent interval."
    ),
    when_bad=_(
        "Small mistakes in the inputs turn decisions, so cases that are alike may be decided differently. That does not "
        "mean that the decisions on record are wrong, and a model may rightly rest on one feature. Look at how surely the "
        "feature named is recorded, and let a person decide what lies close to the threshold."
    ),
    unit="share",
    evidence="check:robustness",
    needs=("current", "features", "artefact", "threshold"),
    limits=(
        Limit(
            "noise_share",
            _("Noise, as a share of each feature's spread"),
            0.1,
            _(
                "Normal noise of a tenth of the standard deviation of the values between the 1 and 99 per cent quantile: a "
                "careless measurement. Whole numbers stay whole. A convention of this house."
            ),
        ),
        Limit("noise_amber", _("Noise: amber above this share of turned decisions"), 0.05, NOISE, "at_most"),
        Limit("noise_red", _("Noise: red above this share of turned decisions"), 0.1, NOISE, "at_most"),
        Limit(
            "missing_amber",
            _("A missing feature: amber above this share of turned decisions"),
            0.25,
            MISSING,
            "at_most",
        ),
        Limit(
            "missing_red",
            _("A missing feature: red above this share of turned decisions"),
            0.5,
            MISSING,
            "at_most",
        ),
        Limit(
            "extreme_red",
            _("An extreme value: red above this share of turned decisions"),
            None,
            REPORTED,
            "at_most",
        ),
        Limit(
            "step_share",
            _("Step towards the nearest case of the other decision, as a share of the way"),
            0.1,
            _("A tenth of the way: how many decisions hang by a hair. A convention of this house."),
        ),
        Limit("step_red", _("Step: red above this share of turned decisions"), None, REPORTED, "at_most"),
        Limit(
            "fewest_rows",
            _("Fewest rows of the data period"),
            50,
            _(
                "With 50 rows a share is known to about 14 points either way; fewer say next to nothing. 50 is a convention."
            ),
        ),
    ),
    summaries={
        "passed": _(
            "Noise of %(noise)s of the spread turns %(value)s of the decisions (95%% interval %(low)s to %(high)s, n = %(n)s); "
            "the feature missed most is %(feature)s (%(missing_share)s). All of it within the limits."
        ),
        "refuses": _(
            "Noise of %(noise)s of the spread turns %(value)s of the decisions (95%% interval %(low)s to %(high)s, n = %(n)s): "
            "within the limits. The model refuses missing values, so what a missing feature would turn is not known."
        ),
        "uncertain": _(
            "Noise of %(noise)s of the spread turns %(value)s of the decisions (95%% interval %(low)s to %(high)s, n = %(n)s); "
            "the feature missed most is %(feature)s (%(missing_share)s). No limit is exceeded, but an interval crosses one, so "
            "this is uncertain."
        ),
        "amber": _(
            "Noise of %(noise)s of the spread turns %(value)s of the decisions (95%% interval %(low)s to %(high)s, n = %(n)s); "
            "the feature missed most is %(feature)s (%(missing_share)s). More decisions turn than the limits allow without a "
            "look."
        ),
        "failed": _(
            "The decisions do not hold: noise of %(noise)s of the spread turns %(value)s of them (95%% interval %(low)s to "
            "%(high)s, n = %(n)s); the feature missed most is %(feature)s (%(missing_share)s)."
        ),
        "insufficient_data": _("The data period has only %(n)s rows; at least %(fewest)s are needed."),
        "not_applicable": _("This check could not be asked: %(missing)s was not given."),
    },
    measure=measure,
    judgement=judge,
    opens=lambda inputs: True,
)
