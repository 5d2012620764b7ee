"""What is wrong with handed-in outcomes, in the reader's language, with row, column and rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem
from monitoring.data import words
from monitoring.data.faults import Fault

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FAULTS: dict[str, StrOrPromise] = {
    "cases_repeat": _(
        "In the data period several rows have the same number of the case (%(found)s), so no outcome can join one of them."
    ),
    "case_missing": _("There is no number of the case here."),
    "label_missing": _("There is no outcome here. Hand in only the cases whose outcome is known."),
    "case_twice": _("The case %(case)s stands in the file more than once."),
    "case_unknown": _("The data period has no case %(case)s."),
    "label_conflicts": _(
        "The outcome of the case %(case)s is known as %(known)s already; the file says %(said)s."
    ),
    "label_type": _(
        "The outcomes here are text where those known already are numbers, or the other way round."
    ),
    "not_a_day": _("This column must hold days, as 2026-11-22, or be left out."),
    "nothing_new": _("Every outcome in this file is known already."),
    "and_more": _("And %(count)s more rows that do not fit."),
}


def problem(fault: Fault) -> Problem:
    """Where it stands and what is wrong there."""
    template = FAULTS.get(fault.rule)
    if template is None:
        return words.problem(fault)
    params = {key: _written(value) for key, value in fault.params.items()}
    return Problem(words.where(fault), str(template) % params)


def _written(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
