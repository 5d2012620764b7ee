"""What is wrong with handed-in outcomes, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OUTCOMES: dict[str, StrOrPromise] = {
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
}
