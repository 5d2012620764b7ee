"""What is wrong with an uploaded log, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LOGS: dict[str, StrOrPromise] = {
    "log_as_counts": _(
        "A log is handed in as rows, as CSV or Parquet: counts do not say when something happened."
    ),
    "log_not_moments": _(
        "The time of a log needs hours, minutes and seconds in every row; here stand only days."
    ),
    "log_unknown_event": _("The dataset does not say what the event “%(value)s” stands for."),
    "log_value_missing": _("An event of this kind needs a value here."),
    "log_negative": _("%(value)s is less than zero."),
}
