"""Charts: data that static/senim/charts.js draws, with the same numbers as a table for everybody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from governance.templatetags.senim import figure
from governance.templatetags.statuses import STATUSES, shown

register = template.Library()

VERDICTS = ("passed", "failed", "amber", "uncertain", "insufficient_data", "not_run")
WORDS = {
    "name": _("Name"),
    "value": _("Value"),
    "interval": _("95% interval"),
    "limit": _("Limit"),
    "n": _("Rows"),
    "verdict": _("Verdict"),
}


@register.inclusion_tag("components/chart.html")
def chart(data: Mapping[str, Any], name: str, caption: str) -> dict[str, object]:
    """Draw `data` (format: head of static/senim/charts.js) under a caption. name: the id, unique on the page.

    table: what the table says where a row of the picture is too much for a line of it; otherwise the rows.
    """
    table = data.get("table", data["rows"])
    drawn = {key: value for key, value in data.items() if key != "table"}
    words = {key: str(word) for key, word in {**WORDS, **data.get("words", {})}.items()}
    return {
        "name": name,
        "caption": caption,
        "kind": data["kind"],
        "words": words,
        "lines": [_line(row, data.get("limit")) for row in table],
        "drawn": {**drawn, "rows": [_plain(row) for row in data["rows"]], "words": _drawn_words(words)},
    }


def _drawn_words(words: Mapping[str, str]) -> dict[str, object]:
    """The words of a chart with the marks of its numbers: no browser is sure to know how Kazakh writes them."""
    verdicts = {key: str(STATUSES[key].words) for key in VERDICTS}
    return {
        **words,
        "verdicts": verdicts,
        "decimal": get_format("DECIMAL_SEPARATOR"),
        "thousand": get_format("THOUSAND_SEPARATOR"),
    }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON can carry it: lazy translations become text."""
    return {key: str(value) if isinstance(value, Promise) else value for key, value in row.items()}


def _line(row: Mapping[str, Any], limit: float | None) -> dict[str, object]:
    """A row of the table: numbers in the reader's notation, a dash where there is none."""
    numbers = {key: figure(row.get(key), 3) for key in ("value", "low", "high", "n")}
    verdict = shown(row["verdict"]).words if row.get("verdict") else "–"
    return {**numbers, "name": row["name"], "limit": figure(row.get("limit", limit), 3), "verdict": verdict}


@register.filter
def top(data: Mapping[str, Any], most: int) -> dict[str, Any]:
    """The same chart with its first rows only, for a page that shows several."""
    return {**data, "rows": list(data["rows"])[:most]}
