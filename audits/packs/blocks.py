"""The pieces that a report is laid out of, as plain values: the template knows no model and no language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone

from governance.templatetags.senim import figure
from governance.templatetags.statuses import shown

Block = dict[str, Any]
Cell = str | dict[str, str]
SHORT = 16


def definitions(rows: Iterable[tuple[object, object]]) -> Block:
    return {"kind": "definitions", "rows": [[str(words), str(value) or "–"] for words, value in rows]}


def table(head: Sequence[object], rows: Iterable[Sequence[Cell]], widths: Sequence[str]) -> Block:
    """widths: "auto", or a share such as "3fr"; a column that begins with ">" is of numbers."""
    sizes = [width.removeprefix(">") for width in widths]
    right = [width.startswith(">") for width in widths]
    return {
        "kind": "table",
        "head": [str(each) for each in head],
        "rows": [[cell if isinstance(cell, dict) else {"text": str(cell)} for cell in row] for row in rows],
        "widths": sizes,
        "right": right,
    }


def listed(items: Iterable[object]) -> Block:
    return {"kind": "list", "items": [str(item) for item in items]}


def text(content: object) -> Block:
    return {"kind": "text", "text": str(content)}


def quiet(content: object) -> Block:
    return {"kind": "quiet", "text": str(content)}


def heading(content: object) -> Block:
    return {"kind": "heading", "text": str(content)}


def status(key: str, words: object = "") -> Cell:
    """A status in its colour. The words carry the meaning; the colour only helps the eye."""
    look = shown(key)
    return {"text": str(words or look.words), "tone": look.tone}


def code(digest: str) -> Cell:
    return {"text": f"{digest[:SHORT]}…", "look": "code"} if digest else {"text": "–"}


def day(value: date | None) -> str:
    return formats.date_format(value, "SHORT_DATE_FORMAT") if value else "–"


def moment(value: datetime | None) -> str:
    return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT") if value else "–"


def number(value: float | None, digits: int = 3) -> str:
    return figure(value, digits)


def interval(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{number(low)} … {number(high)}"
