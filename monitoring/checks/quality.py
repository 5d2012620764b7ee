"""Are the data of a period whole and sound, and do they represent whom the model was approved for?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import Check, Inputs, Judged, Limit, Limits, MeasurementFact
from monitoring.checks.grading import NOTHING, exceeded, fact, graded, of_all

NAMED = 5
"""How many columns a sentence names."""
TROUBLES: Mapping[str, tuple[str, ...]] = {
    "missing": ("missing_share", "missing_rise"),
    "outside": ("outside_share",),
    "groups": ("group_gap", "population_gap"),
    "changed": ("type_changed", "became_constant"),
    "repeated": ("repeated_rise", "repeated_ids"),
    "days": ("empty_days",),
}
"""What a sentence groups the figures by."""


def measure(inputs: Inputs) -> dict[str, Any]:
    """Every declared column of the current data period beside the reference, over all rows."""
    from monitoring.engines import quality
    from monitoring.engines.windows import column_types

    assert inputs.reference is not None and inputs.current is not None
    there = column_types(inputs.current)  # outcomes may come later
    results = (inputs.label if inputs.label in there else "", inputs.prediction, inputs.score)
    roles = quality.Roles(
        features=inputs.features,
        categorical=inputs.categorical,
        sensitive=inputs.sensitive,
        results=tuple(name for name in results if name),
        identifier=inputs.identifier,
        time=inputs.time,
        allowed=inputs.allowed,
        population=inputs.population,
    )
    return quality.measure(
        inputs.reference,
        inputs.current,
        roles,
        fewest=int(CHECK.limits_of(inputs.limits)["fewest_rows"]),
        inputs=inputs.digests,
        progress=inputs.progress,
    ).to_dict()


def judge(result: Mapping[str, Any], limits: Limits) -> Judged:
    """The worst figure speaks for all; with too few rows in either period nothing is judged."""
    facts = [
        *(each for column in result["columns"] for each in _column_facts(column, limits)),
        *(each for column in result["representation"] for each in _group_facts(column, limits)),
        *_row_facts(result, limits),
        *_day_facts(result["gaps"], limits),
    ]
    rows = min(result["rows"]["reference"], result["rows"]["current"])
    params = {
        "columns": result["rows"]["columns"],
        "n": rows,
        "fewest": limits["fewest_rows"],
        **_troubles(facts),
    }
    verdict = of_all(facts) if rows >= limits["fewest_rows"] else "insufficient_data"
    return Judged(verdict, facts, verdict, params)


def _column_facts(column: Mapping[str, Any], limits: Limits) -> Iterator[MeasurementFact]:
    name = column["column"]
    yield _judged("missing_share", name, column["missing"], limits, None, "missing_share")
    yield _judged("missing_rise", name, _no_fall(column["missing_rise"]), limits)
    if column["bounds"]:
        yield _judged("outside_share", name, column["outside"], limits)
    seen = {"value": 1.0, "low": None, "high": None, "n": column["missing"]["n"]}
    if column["type_changed"]:
        yield fact("type_changed", name, seen, "columns", 0.0, "failed")
    if column["constant"] and not column["constant_reference"]:
        yield fact("became_constant", name, seen, "columns", 0.0, "amber")


def _no_fall(rise: Mapping[str, Any]) -> Mapping[str, Any]:
    """Fewer missing values than before are no trouble, however many fewer."""
    if rise["value"] is None:
        return rise
    return {**rise, **{key: max(0.0, rise[key]) for key in ("value", "low", "high")}}


def _judged(
    metric: str,
    subject: str,
    found: Mapping[str, Any],
    limits: Limits,
    amber: str | None = "",
    red: str = "",
) -> MeasurementFact:
    """By the limits `<metric>_amber` and `<metric>_red`, unless others are named."""
    low = None if amber is None else limits[amber or f"{metric}_amber"]
    high = limits[red or f"{metric}_red"]
    unit = "difference" if metric.endswith(("rise", "gap")) else "share"
    verdict = graded(found, low, high)
    return fact(metric, subject, found, unit, exceeded(verdict, low, high), verdict)


def _group_facts(column: Mapping[str, Any], limits: Limits) -> Iterator[MeasurementFact]:
    for group in column["groups"]:
        subject = f"{column['column']}={group['group']}"
        yield fact("group_share_reference", subject, group["reference"], "share")
        yield fact("group_share_current", subject, group["current"], "share")
        if column["status"] == "insufficient_data":
            yield fact("group_gap", subject, group["gap"], "difference", None, "insufficient_data")
            continue
        yield _judged("group_gap", subject, group["gap"], limits)
        if group["population_gap"] is not None:
            names = ("group_gap_amber", "group_gap_red")
            yield _judged("population_gap", subject, group["population_gap"], limits, *names)


def _row_facts(result: Mapping[str, Any], limits: Limits) -> Iterator[MeasurementFact]:
    now, before = result["repeated"], result["repeated_reference"]
    yield fact("repeated_share", "", now, "share")
    if now["value"] is not None and before["value"] is not None:
        rise = {**now, "value": max(0.0, now["value"] - before["value"])}
        rise |= {"low": max(0.0, now["low"] - before["high"]), "high": max(0.0, now["high"] - before["low"])}
        yield _judged("repeated_rise", "", rise, limits)
    if result["repeated_ids"] is not None and result["repeated_ids"]["n"]:
        found = result["repeated_ids"]
        certain = {**found, "low": found["value"], "high": found["value"]}
        both = limits["repeated_ids_amber"], limits["repeated_ids_red"]
        verdict = graded(certain, *both)
        yield fact("repeated_ids", "", found, "share", exceeded(verdict, *both), verdict)


def _day_facts(found: Mapping[str, Any] | None, limits: Limits) -> Iterator[MeasurementFact]:
    if found is None or found["status"] == "not_daily":
        return
    if found["status"] == "measured":
        yield _judged("empty_days", found["column"], found["empty"], limits)
    else:
        yield fact("empty_days", found["column"], found["empty"], "share", None, "insufficient_data")


def _troubles(facts: Sequence[MeasurementFact]) -> dict[str, str]:
    """Per kind of trouble the columns that have it, the worst first; a dash where there is none."""
    order = ("failed", "amber", "uncertain")
    shown = [each for each in facts if each.verdict in order]
    beyond = [each for each in shown if each.verdict != "uncertain"] or shown
    beyond.sort(key=lambda each: (order.index(each.verdict), -abs(each.value or 0.0)))
    found = {}
    for trouble, metrics in TROUBLES.items():
        of_it = [each for each in beyond if each.metric in metrics]
        names = dict.fromkeys(each.subject or f"{each.value:.1%}" for each in of_it)
        found[trouble] = ", ".join(list(names)[:NAMED]) or NOTHING
    return found


MISSING = _(
    "Measured as the rise over the reference, for the model was approved with what was missing there. Five and twenty "
    "points are conventions of this house: no standard and no rule of law sets them."
)
OUTSIDE = _(
    "Held against what the dataset declares, else against the range or the values of the reference. Where nothing changes, "
    "a new row exceeds the range of R earlier ones twice in R + 1 times. Two and ten per cent are conventions of this house."
)
GROUPS = _(
    "A group that is ten points larger or smaller than in the reference, or than in the declared population, is one person in "
    "ten whom the model knows less well; twenty are another population. Conventions of this house, not rules of law."
)
REPEATED = _(
    "Measured as the rise over the reference, in all declared columns: few coarse columns repeat themselves without any fault. "
    "Two and ten per cent are conventions of this house."
)
IDS = _(
    "One number for two decisions is a fault of the records, so any is amber. One per cent for red is a convention of this house."
)
DAYS = _(
    "Days without any row, on the weekdays on which at least half of the reference's days have some; holidays count as well. "
    "Ten and thirty per cent are conventions of this house."
)

CHECK = Check(
    key="quality",
    version=1,
    title=_("Data quality and representativeness"),
    question=_(
        "Are the data whole and sound, and do they represent the people and cases the model was approved for?"
    ),
    how=_(
        "DuckDB counts over all rows of both data periods: in each declared column what is missing, out of range, unknown or "
        "of another type; then repeated rows and numbers of cases, days without rows, and the size of groups beside the "
        "reference or the declared population. Intervals are of 95 per cent: Wilson's for shares, Newcombe's for the rise of "
        "missing values and for groups beside the reference."
    ),
    when_bad=_(
        "The data are damaged or incomplete, or tell of other people and cases than those the model was approved for, so "
        "other figures over them are not to be relied on yet. That says nothing about the model itself. Ask the source "
        "about the columns named, and hand in a corrected data period or have the model approved for whom it meets now."
    ),
    unit="share",
    evidence="check:data_quality",
    needs=("reference", "current"),
    limits=(
        Limit("missing_rise_amber", _("Missing values: amber above this rise"), 0.05, MISSING, "at_most"),
        Limit("missing_rise_red", _("Missing values: red above this rise"), 0.2, MISSING, "at_most"),
        Limit(
            "missing_share",
            _("Missing values: red above this share of a column"),
            None,
            _(
                "No limit is customary; without one the share is reported and only its rise is judged. Set the one that your "
                "own policy names."
            ),
            "at_most",
        ),
        Limit(
            "outside_share_amber", _("Outside the range or the values: amber above"), 0.02, OUTSIDE, "at_most"
        ),
        Limit("outside_share_red", _("Outside the range or the values: red above"), 0.1, OUTSIDE, "at_most"),
        Limit("group_gap_amber", _("Share of a group: amber above this gap"), 0.1, GROUPS, "at_most"),
        Limit("group_gap_red", _("Share of a group: red above this gap"), 0.2, GROUPS, "at_most"),
        Limit("repeated_rise_amber", _("Repeated rows: amber above this rise"), 0.02, REPEATED, "at_most"),
        Limit("repeated_rise_red", _("Repeated rows: red above this rise"), 0.1, REPEATED, "at_most"),
        Limit("repeated_ids_amber", _("Repeated numbers of cases: amber above"), 0.0, IDS, "at_most"),
        Limit("repeated_ids_red", _("Repeated numbers of cases: red above"), 0.01, IDS, "at_most"),
        Limit("empty_days_amber", _("Days without rows: amber above this share"), 0.1, DAYS, "at_most"),
        Limit("empty_days_red", _("Days without rows: red above this share"), 0.3, DAYS, "at_most"),
        Limit(
            "fewest_rows",
            _("Fewest rows in either data period"),
            50,
            _(
                "With 50 rows a share is known to about 14 points either way; fewer say next to nothing. 50 is a convention."
            ),
        ),
    ),
    summaries={
        "passed": _(
            "Of %(columns)s columns none has more missing values, values out of range, repeated rows or other groups than the "
            "limits allow (n = %(n)s)."
        ),
        "uncertain": _(
            "No limit is exceeded, but these are too close or too few to be sure. Missing values: %(missing)s. Outside the "
            "range or the values: %(outside)s. Groups: %(groups)s. Repeated: %(repeated)s. Days without rows: %(days)s."
        ),
        "amber": _(
            "Look into the data. More missing values: %(missing)s. Outside the range or the values: %(outside)s. Groups of "
            "another size: %(groups)s. Constant now: %(changed)s. Repeated: %(repeated)s. Days without rows: %(days)s."
        ),
        "failed": _(
            "The data are not what the model was approved for. More missing values: %(missing)s. Outside the range or the "
            "values: %(outside)s. Groups of another size: %(groups)s. Another type, or constant now: %(changed)s. Repeated: "
            "%(repeated)s. Days without rows: %(days)s."
        ),
        "insufficient_data": _("A data period has only %(n)s rows; at least %(fewest)s are needed."),
        "not_applicable": _("This check could not be asked: %(missing)s was not given."),
    },
    measure=measure,
    judgement=judge,
)
