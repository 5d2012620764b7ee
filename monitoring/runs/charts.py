"""Figures of a result as charts, in the format that static/senim/charts.js draws, and as a table of what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from governance.templatetags.senim import figure
from monitoring.engines.drift_rule import DISTANCES
from monitoring.runs.metrics import BEHIND, METRICS
from monitoring.runs.models import Measurement

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DRIFT = DISTANCES
GOODNESS: dict[str, StrOrPromise] = {
    "accuracy_current": _("Now: accuracy"),
    "accuracy_reference": _("Before: accuracy"),
    "auc_current": _("Now: AUC"),
    "auc_reference": _("Before: AUC"),
}
"""What the chart of performance shows, in short names: a narrow screen has room for a few letters."""
RATE, SHAP, RANK_ERROR = "selection_rate", "mean_abs_shap", "rank_error"
CAME_TRUE = "came_true_current"
MISSED = "flips_missing"
MANY = frozenset(
    {
        *("missing_share", "missing_rise", "outside_share", "repeated_share", "repeated_rise"),
        *("group_share_current", "group_share_reference", "group_gap", "population_gap"),
        *("flips_noise", "flips_missing", "flips_low", "flips_high", "flips_neighbour"),
    }
)
"""Measured of every column: beside an answer stands what is over all columns or no pass, on the page of the run all."""
MOST_ROWS = 20
"""A chart shows the twenty largest; the table of the run shows all."""

NOT_STATED = _("not stated")


@dataclass(frozen=True)
class Chart:
    """name: id on the page; data: for the tag {% chart %}."""

    name: str
    caption: StrOrPromise
    data: dict[str, Any]


def charts_of(figures: Sequence[Measurement], limits: Mapping[str, Any], *, mark: str) -> list[Chart]:
    """What can be drawn of one result. mark: makes the ids unique on a page with several results."""
    drift = [each for each in figures if each.metric in DRIFT]
    rates = [each for each in figures if each.metric == RATE and each.subject]
    shap = [each for each in figures if each.metric == SHAP]
    charts = [_drift(drift, mark)] if drift else []
    for at, attribute in enumerate(dict.fromkeys(_attribute(each) for each in rates)):
        groups = [each for each in rates if _attribute(each) == attribute]
        charts.append(_rates(attribute, groups, limits.get("demographic_parity_ratio"), f"rates-{at}-{mark}"))
    good = [each for key in GOODNESS for each in figures if each.metric == key]
    charts += [_goodness(good, mark)] if good else []
    bins = [each for each in figures if each.metric == CAME_TRUE]
    charts += [_reliability(bins, mark)] if bins else []
    ranked = next((each for each in figures if each.metric == RANK_ERROR), None)
    charts += [_importance(shap, ranked, mark)] if shap else []
    missed = [each for each in figures if each.metric == MISSED]
    return charts + ([_missed(missed, mark)] if missed else [])


def remaining(figures: Sequence[Measurement]) -> list[Measurement]:
    """The figures that no chart shows and that a reader needs beside it: those with a limit first."""
    drawn = {*DRIFT, *GOODNESS, RATE, SHAP, *BEHIND}
    beside = [each for each in figures if each.metric not in drawn and not _is_one_of_many(each)]
    return sorted(beside, key=lambda each: each.limit is None)


def _is_one_of_many(figure: Measurement) -> bool:
    return figure.metric in MANY and bool(figure.subject) and figure.verdict in ("passed", "reported")


def _drift(figures: Sequence[Measurement], mark: str) -> Chart:
    largest = sorted(figures, key=lambda each: -(each.value if each.value is not None else -1.0))[:MOST_ROWS]
    rows = [{**_row(each, each.subject), "limit": each.limit, "verdict": each.verdict} for each in largest]
    return Chart(f"drift-{mark}", _("How far each feature has moved"), {"kind": "drift", "rows": rows})


def _rates(attribute: str, figures: Sequence[Measurement], ratio: float | None, name: str) -> Chart:
    """The limit is the share of the best group's rate that the plan asks of every group."""
    compared = [
        each.value for each in figures if each.value is not None and each.verdict != "insufficient_data"
    ]
    limit = max(compared) * ratio if compared and ratio is not None else None
    rows = [_row(each, _group(each)) for each in figures]
    data = {"kind": "group-rates", "rows": rows, "limit": limit, "words": {"value": METRICS[RATE]}}
    return Chart(name, _("Rate of favourable decisions by %(attribute)s") % {"attribute": attribute}, data)


def _goodness(figures: Sequence[Measurement], mark: str) -> Chart:
    rows = [_row(each, str(GOODNESS[each.metric])) for each in figures]
    data = {"kind": "group-rates", "rows": rows, "limit": None}
    return Chart(f"performance-{mark}", _("How good the answers are, now and in the reference"), data)


def _reliability(figures: Sequence[Measurement], mark: str) -> Chart:
    """Bin by bin: the mean score is the name, how often it came true stands beside it."""
    rows = [_row(each, each.subject) for each in figures]
    data = {"kind": "group-rates", "rows": rows, "limit": None, "words": {"value": METRICS[CAME_TRUE]}}
    return Chart(f"calibration-{mark}", _("How often the scores came true: bins by their mean score"), data)


def _importance(figures: Sequence[Measurement], ranked: Measurement | None, mark: str) -> Chart:
    """ranked: how exact the ranking is, which results of earlier versions do not say."""
    largest = sorted(figures, key=lambda each: -(each.value or 0.0))[:MOST_ROWS]
    data = {
        "kind": "importance",
        "rows": [_row(each, each.subject) for each in largest],
        "words": {"value": METRICS[SHAP]},
    }
    return Chart(f"shap-{mark}", _exactly(ranked) if ranked else _("What the decisions rest on"), data)


def _exactly(ranked: Measurement) -> str:
    told = {"n": figure(ranked.n), "places": figure(ranked.value, 2)}
    return (
        _(
            "What the decisions rest on. Rows explained: %(n)s; between two draws of as many rows a leading feature moves "
            "by %(places)s places on average"
        )
        % told
    )


def _missed(figures: Sequence[Measurement], mark: str) -> Chart:
    largest = sorted(figures, key=lambda each: -(each.value or 0.0))[:MOST_ROWS]
    data = {
        "kind": "importance",
        "rows": [_row(each, each.subject) for each in largest],
        "words": {"value": METRICS[MISSED]},
    }
    return Chart(f"missing-{mark}", _("How many decisions turn when a feature is missing"), data)


def _row(figure: Measurement, name: str) -> dict[str, Any]:
    return {"name": name, "value": figure.value, "low": figure.low, "high": figure.high, "n": figure.n}


def _group(figure: Measurement) -> str:
    name = figure.subject.partition("=")[2]
    return str(NOT_STATED) if name == "?" else name


def _attribute(figure: Measurement) -> str:
    return figure.subject.partition("=")[0]
