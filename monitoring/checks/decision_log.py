"""Is the log of the model's decisions whole, and does it show approved versions alone?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import Check, Inputs, Judged, Limit, Limits, MeasurementFact, against
from monitoring.checks.grading import fact, of_all

ANY = _(
    "It is counted over all rows, so a single one is one too many. Any other limit needs a reason; no rule of law sets one."
)
COMPLETE = _("No rule of law names a share. 0.99 is a convention of this house.")
SILENCE = _(
    "A model that works on working days is silent over a weekend. 72 hours are a convention of this house: set what is "
    "usual for this model."
)
OVERRIDE = _(
    "No number is customary: many overrides speak against the model, none at all may mean that nobody looks. Without a limit "
    "this is reported and not judged."
)


def measure(inputs: Inputs) -> dict[str, Any]:
    """The whole decision log of the current data period, beside what the register knew when the run was asked."""
    from monitoring.engines import decision_log

    assert inputs.current is not None
    return decision_log.measure(
        inputs.current,
        time=inputs.time,
        identifier=inputs.identifier,
        columns=inputs.log_columns,
        values=inputs.log_values,
        register=inputs.register,
        inputs=inputs.digests,
        progress=inputs.progress,
    ).to_dict()


def judge(result: Mapping[str, Any], limits: Limits) -> Judged:
    """The worst figure speaks for all; decisions without permission count in however few rows."""
    facts = list(_facts(result, limits))
    verdict, params = of_all(facts), _params(result, limits)
    if verdict != "failed" and result["rows"] < limits["fewest_rows"]:
        return Judged("insufficient_data", facts, "insufficient_data", params)
    return Judged(verdict, facts, verdict, params)


def _facts(result: Mapping[str, Any], limits: Limits) -> Iterator[MeasurementFact]:
    complete = result["complete"]
    value, limit = complete["value"], limits["complete_share"]
    yield fact(
        "complete_share", "", complete, "share", limit, against("at_least", limit, value, value, value)
    )
    for role, missing in result["missing"].items():
        yield fact(f"missing_field_{role}", "", missing, "share")
    yield _counted("repeated_decisions", result["repeated_ids"], limits["repeated_share"])
    if result["numbers"] is not None:
        yield _counted("missing_numbers", result["numbers"], limits["missing_numbers"])
    yield _silence(result, limits["silence_hours"])
    yield _counted("unapproved_decisions", result["unapproved"], limits["unapproved_share"])
    yield _counted("suspended_decisions", result["suspended"], limits["suspended_share"])
    overridden, most = result["overridden"], limits["override_most"]
    verdict = against("at_most", most, overridden["value"], overridden["low"], overridden["high"])
    yield fact("override_rate", "", overridden, "share", most, verdict)


def _counted(metric: str, found: Mapping[str, Any], limit: float | None) -> MeasurementFact:
    """A share counted over all rows: its interval turns no pass."""
    value = found["value"]
    return fact(metric, "", found, "share", limit, against("at_most", limit, value, value, value))


def _silence(result: Mapping[str, Any], limit: float | None) -> MeasurementFact:
    """Amber: a silence may have its reasons, a missing number has none."""
    silences = result["silences"]
    hours = silences[0]["hours"] if silences else None
    verdict = against("at_most", limit, hours, hours, hours)
    told = "amber" if verdict == "failed" else verdict
    return MeasurementFact("longest_silence", "", hours, None, None, result["rows"] - 1, "hours", limit, told)


def _params(result: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    silences, numbers = result["silences"], result["numbers"] or {}
    return {
        "n": result["rows"],
        "fewest": limits["fewest_rows"],
        "complete": result["complete"]["value"],
        "value": result["complete"]["value"],
        "low": result["complete"]["low"],
        "high": result["complete"]["high"],
        "repeated": result["repeated_ids"]["value"],
        "numbers": numbers.get("value"),
        "silence": silences[0]["hours"] if silences else None,
        "unapproved": result["unapproved"]["value"],
        "suspended": result["suspended"]["value"],
        "overridden": result["overridden"]["value"],
    }


CHECK = Check(
    key="decision_log",
    version=1,
    title=_("Completeness of the decision log"),
    question=_("Is the log of the model's decisions whole, and does it show approved versions alone?"),
    how=_(
        "DuckDB reads every row of the log: fields without a value, repeated and missing numbers, the longest time between "
        "two decisions, and how often a person decided otherwise. Each decision is held against the permissions and "
        "suspensions that the register knows for its version and time. Shares have Wilson's 95 per cent interval; what is "
        "counted over all rows is judged by the share itself."
    ),
    when_bad=_(
        "Decisions are not on record as they should be, or come from a version that had no permission or was suspended, so "
        "nobody can show later how they were made. That does not mean that the decisions are wrong, and a long silence may "
        "be a standstill. Find what is missing at its source; where decisions should not be there, open an incident."
    ),
    unit="share",
    evidence="audit_log",
    needs=("current",),
    kind="decisions",
    limits=(
        Limit("complete_share", _("Smallest share of complete decisions"), 0.99, COMPLETE, "at_least"),
        Limit("repeated_share", _("Repeated numbers of decisions: red above"), 0.0, ANY, "at_most"),
        Limit("missing_numbers", _("Missing running numbers: red above"), 0.0, ANY, "at_most"),
        Limit("silence_hours", _("Longest silence in hours: amber above"), 72.0, SILENCE, "at_most"),
        Limit("unapproved_share", _("Decisions without a permission: red above"), 0.0, ANY, "at_most"),
        Limit("suspended_share", _("Decisions during a suspension: red above"), 0.0, ANY, "at_most"),
        Limit("override_most", _("Largest share of overridden decisions"), None, OVERRIDE, "at_most"),
        Limit(
            "fewest_rows",
            _("Fewest decisions"),
            50,
            _("With fewer the rate of overrides is hardly known. 50 is a convention of this house."),
        ),
    ),
    summaries={
        "passed": _(
            "The log of %(n)s decisions is whole: complete %(complete)s, longest silence %(silence)s hours, none without a "
            "permission or during a suspension. Overridden by a person: %(overridden)s."
        ),
        "uncertain": _(
            "Nothing wrong is seen in %(n)s decisions, but not everything could be judged. Complete: %(complete)s. Without a "
            "permission: %(unapproved)s. During a suspension: %(suspended)s. Overridden by a person: %(overridden)s. A dash: not "
            "measured, for the register knows no approved version."
        ),
        "amber": _(
            "Look into the silence: for %(silence)s hours no decision is on record. Complete: %(complete)s of %(n)s decisions. "
            "Overridden by a person: %(overridden)s."
        ),
        "failed": _(
            "The log of %(n)s decisions has holes, or decisions that should not be there. Complete: %(complete)s. Repeated: "
            "%(repeated)s. Missing running numbers: %(numbers)s. Longest silence: %(silence)s hours. Without a permission: "
            "%(unapproved)s. During a suspension: %(suspended)s. Overridden by a person: %(overridden)s. A dash: not measured."
        ),
        "insufficient_data": _("The log holds only %(n)s decisions; at least %(fewest)s are needed."),
        "not_applicable": _("This check could not be asked: %(missing)s was not given."),
    },
    measure=measure,
    judgement=judge,
)
