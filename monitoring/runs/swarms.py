"""The beeswarm of an explanation: contributions row by row, from the file of the result, for the page of its run alone."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from governance import store
from monitoring.runs.charts import Chart
from monitoring.runs.models import Result

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

log = logging.getLogger(__name__)

CHECK = "explanation"
MIDDLE = 0.5
LOWER = _("%(feature)s, lower half of the values")
UPPER = _("%(feature)s, upper half of the values")
WITHOUT = _("%(feature)s, no value")
WORDS = {
    "value": _("Contribution to the model's output"),
    "interval": _("Smallest … largest"),
    "place": _("Value (0 lowest, 1 highest)"),
    "low": _("low value"),
    "high": _("high value"),
    "missing": _("no value"),
}


def swarm_of(check_key: str, result: Result | None) -> Chart | None:
    """None where there is none: another check, too few rows, an earlier version, a file that is gone."""
    if check_key != CHECK or result is None:
        return None
    try:
        told = json.loads(store.read(result.organisation_id, result.sha256)).get("swarm")
    except store.Damaged:
        log.warning("the file of the result %s cannot be read", result.pk)
        return None
    return _chart(told, str(result.pk)[:8]) if told else None


def _chart(told: Sequence[Mapping[str, Any]], mark: str) -> Chart:
    data = {
        "kind": "beeswarm",
        "rows": [{"name": each["feature"], "points": each["points"]} for each in told],
        "table": [line for each in told for line in _lines(each)],
        "words": WORDS,
    }
    caption = _("What pushes the output up and down, row by row. Rows shown: %(n)s, a seeded sample") % {
        "n": len(told[0]["points"])
    }
    return Chart(f"swarm-{mark}", caption, data)


def _lines(swarm: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The same in words: the mean contribution of rows with low, with high and without values of the feature."""
    parts: dict[StrOrPromise, list[float]] = {LOWER: [], UPPER: [], WITHOUT: []}
    for contribution, place in swarm["points"]:
        parts[WITHOUT if place is None else LOWER if place < MIDDLE else UPPER].append(contribution)
    for name, found in parts.items():
        if found:
            yield {
                "name": str(name) % {"feature": swarm["feature"]},
                "value": sum(found) / len(found),
                "low": min(found),
                "high": max(found),
                "n": len(found),
            }
