"""What was found of a data period at its arrival, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from monitoring.runs.words import cause

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SENTENCES: dict[str, StrOrPromise] = {
    "dated_back": _(
        "It ended %(days)s days before it was handed in, and the later data period “%(window)s” was on file already."
    ),
    "overlaps": _("It shares the days from %(from)s to %(to)s with the data period “%(window)s”."),
    "outside": _("%(rows)s of %(n)s rows lie outside of the period that was said."),
    "same_file": _("It holds exactly what the data period “%(window)s” holds."),
    "same_source": _("It was made of the same file as the data period “%(window)s”: both name its digest."),
    "copied_whole": _("%(share)s of its %(n)s rows are in the data period “%(window)s” as well."),
    "copied_content": _(
        "%(share)s of its %(n)s rows are in the data period “%(window)s” as well, but for their numbers and dates."
    ),
    "repeated_rows": _(
        "%(share)s of its rows repeat another one in every column (%(rows)s of %(n)s; usual here: %(reference)s)."
    ),
    "repeated_ids": _("%(share)s of its rows have a number that another row has (%(rows)s of %(n)s)."),
    "unread": _(
        "Nobody could look it through, so it is not known whether rows are repeated or copied: %(cause)s."
    ),
}
SHARES, DAYS = ("share", "reference"), ("from", "to")


def sentence(summary: Mapping[str, Any]) -> str:
    """What a finding about an arrival says. summary: of the finding."""
    params = summary["params"]
    if summary["key"] == "late":
        return _late(params["expected_on"], params["days"])
    if "cause" in params:
        params = {**params, "cause": cause(params["cause"])}
    told = {key: _written(key, value) for key, value in params.items()}
    return str(SENTENCES[summary["key"]]) % told


def _late(expected_on: str, days: int) -> str:
    said = ngettext(
        "It was expected on %(on)s and came %(count)s day late.",
        "It was expected on %(on)s and came %(count)s days late.",
        days,
    )
    return said % {"on": formats.date_format(date.fromisoformat(expected_on)), "count": days}


def _written(key: str, value: Any) -> str:
    if key in SHARES:
        return f"{formats.number_format(round(100 * value, 1), use_l10n=True)} %"
    if key in DAYS:
        return formats.date_format(date.fromisoformat(value))
    return str(value)
