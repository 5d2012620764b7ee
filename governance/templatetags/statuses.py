"""How every status of the product is said and drawn: words, icon and tone, so that colour never stands alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Shown:
    """words: what a person reads; icon: a vendored icon; tone: good, bad, warn, info or quiet (see senim.css)."""

    words: StrPromise
    icon: str
    tone: str


STATUSES: dict[str, Shown] = {
    # evidence of a requirement
    "on_file": Shown(_("On file"), "file-check", "good"),
    "failing": Shown(_("Failing"), "circle-x", "bad"),
    "missing": Shown(_("Missing"), "file-x", "bad"),
    "due_soon": Shown(_("Due soon"), "clock", "warn"),
    "overdue": Shown(_("Overdue"), "alert-triangle", "bad"),
    "not_applicable": Shown(_("Not applicable"), "circle-minus", "quiet"),
    "accepted_gap": Shown(_("Accepted gap"), "clipboard-list", "bad"),
    "waived": Shown(_("Waived"), "clipboard-check", "warn"),
    # conclusion of the second line
    "met": Shown(_("Met"), "circle-check", "good"),
    "not_met": Shown(_("Not met"), "circle-x", "bad"),
    # check runs
    "passed": Shown(_("Passed"), "circle-check", "good"),
    "failed": Shown(_("Failed"), "circle-x", "bad"),
    "uncertain": Shown(_("Uncertain"), "help-circle", "warn"),
    "insufficient": Shown(_("Insufficient data"), "circle-dotted", "warn"),
    "insufficient_data": Shown(_("Insufficient data"), "circle-dotted", "warn"),
    "not_run": Shown(_("Not run"), "circle-dashed", "quiet"),
    "due": Shown(_("Due"), "calendar", "info"),
    "running": Shown(_("Running"), "progress", "info"),
    "done": Shown(_("Done"), "check", "quiet"),
    # key figures
    "within_limit": Shown(_("Within its limit"), "circle-check", "good"),
    "beyond_limit": Shown(_("Beyond its limit"), "alert-circle", "bad"),
    "not_measured": Shown(_("Not measured"), "circle-dashed", "quiet"),
    # findings
    "amber": Shown(_("Amber: look into it"), "alert-triangle", "warn"),
    "red": Shown(_("Red: act now"), "alert-circle", "bad"),
    # deployment permission
    "allow": Shown(_("Deployment allowed"), "shield-check", "good"),
    "deny": Shown(_("Deployment denied"), "ban", "bad"),
    "unknown": Shown(_("Not known"), "help-circle", "quiet"),
    # parts of the installation
    "in_order": Shown(_("In order"), "circle-check", "good"),
    "attention": Shown(_("Needs attention"), "alert-triangle", "bad"),
    # life of a model, a request, an authorisation
    "written": Shown(_("Written"), "check", "good"),
    "to_be_written": Shown(_("To be written"), "pencil", "warn"),
    "unread": Shown(_("Unread"), "bell", "info"),
    "no_owner": Shown(_("No active owner"), "user", "bad"),
    "draft": Shown(_("Draft"), "writing", "quiet"),
    "registered": Shown(_("Registered"), "clipboard-check", "info"),
    "withdrawn": Shown(_("Withdrawn"), "archive", "quiet"),
    "open": Shown(_("Open"), "hourglass", "info"),
    "approved": Shown(_("Approved"), "circle-check", "good"),
    "rejected": Shown(_("Rejected"), "circle-x", "bad"),
    "active": Shown(_("Active"), "circle-check", "good"),
    "suspended": Shown(_("Suspended"), "player-pause", "bad"),
    "void": Shown(_("Void"), "ban", "quiet"),
    "expired": Shown(_("Expired"), "history", "bad"),
    # papers of the organisation
    "to_review": Shown(_("Waits for review"), "hourglass", "info"),
    "to_accept": Shown(_("Waits for the second line"), "hourglass", "info"),
    "returned": Shown(_("Returned"), "alert-circle", "warn"),
    "upcoming": Shown(_("Applies later"), "calendar", "info"),
    "superseded": Shown(_("Superseded"), "history", "quiet"),
    # incidents, their clocks, suspensions
    "contained": Shown(_("Contained"), "shield-check", "warn"),
    "severity_low": Shown(pgettext_lazy("severity", "Low"), "flag", "quiet"),
    "severity_medium": Shown(pgettext_lazy("severity", "Medium"), "flag", "warn"),
    "severity_high": Shown(pgettext_lazy("severity", "High"), "alert-triangle", "bad"),
    "severity_critical": Shown(pgettext_lazy("severity", "Critical"), "alert-circle", "bad"),
    "on_time": Shown(_("On time"), "circle-check", "good"),
    "late": Shown(_("Late"), "history", "warn"),
    "closed": Shown(_("Closed"), "check", "quiet"),
    # returns
    "corrected": Shown(_("Corrected"), "history", "quiet"),
}


def shown(status: str) -> Shown:
    """How a status is displayed. One that is not in the table reads "Not known", which is never green."""
    return STATUSES.get(status, STATUSES["unknown"])
