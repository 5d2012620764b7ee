"""The words for the keys that the rules of this room speak in. Light: nothing but translations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils import dateparse, formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from governance.inventory.words import ProhibitedFunction
from governance.obligations.edition import label, title
from governance.obligations.words import STATUSES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Words = Mapping[str, "StrOrPromise"]

ENVIRONMENTS: Words = {"pilot": _("pilot"), "production": _("production"), "test": _("test")}

REASONS: Words = {
    "authorisations_unreadable": _("The permissions could not be read."),
    "not_authorised": _("The committee has not approved version %(version)s."),
    "not_for_this_environment": _(
        "The committee approved this version, but not for the environment “%(environment)s”."
    ),
    "artefact_differs": _("The file is not the one that the committee approved: its digest differs."),
    "suspended": _("The permission is suspended. %(reason)s"),
    "void": _("The permission is void. %(reason)s"),
    "expired": _("The permission ended on %(at)s."),
    "not_started": _("The permission begins on %(at)s."),
    "model_unreadable": _("The record of the model could not be read."),
    "prohibited_function": _("A prohibited function is declared: %(function)s (Art. 17(3))."),
    "blocking_duty": _("A requirement that closes the gate stands at “%(status)s”: %(obligation)s."),
    "state_unreadable": _("The requirements of this model have not been computed yet."),
    "state_behind": _("Something was recorded a moment ago and the requirements are still being computed."),
    "state_stale": _(
        "The requirements were computed for days up to %(stale_after)s and have to be computed again."
    ),
}

NEXT_STEPS: Words = {
    "not_authorised": _("Ask the committee for approval of this version."),
    "not_for_this_environment": _("Ask the committee for approval in this environment."),
    "artefact_differs": _(
        "Deploy the approved file, or register this one as a new version and ask for approval."
    ),
    "suspended": _(
        "Settle what led to the suspension; then ask the committee for the lift on the page of the model."
    ),
    "void": _("Put the version before the committee again: the content it decided on has changed."),
    "expired": _("Put the version before the committee again."),
    "not_started": _("Wait for that day."),
    "prohibited_function": _(
        "A system with this function may not be used. Correct the registration if this is a mistake."
    ),
    "blocking_duty": _(
        "Open the requirement, see which evidence fails, correct the cause and hand in fresh evidence."
    ),
    "state_behind": _("Ask again in a few seconds."),
    "state_stale": _("Ask again in a few seconds."),
    "state_unreadable": _("Ask again in a few seconds."),
    "authorisations_unreadable": _("Ask again; tell your administrator if it stays so."),
    "model_unreadable": _("Ask again; tell your administrator if it stays so."),
}

GROUNDS: Words = {
    "artefact_changed": _("The version or its file is another one than was put before the committee."),
    "document_superseded": _("A newer revision of a cited document was handed in."),
    "grade_raised": _("The model was graded stricter than when it was put before the committee."),
    "evidence_revoked": _("A cited piece of evidence was revoked."),
    "version_withdrawn": _("The version was withdrawn."),
    "model_withdrawn": _("The model was withdrawn from use."),
    "replaced": _("A newer approval of the same version took its place."),
}

CAUTION = _("This answer cannot know of a later suspension. After its time ask again.")


def environment(key: str) -> str:
    return str(ENVIRONMENTS.get(key, key))


def ground(told: Mapping[str, Any]) -> str:
    """One thing that has changed, and which one it is, in the reader's language."""
    sentence = _ground(told["key"])
    named = told.get("subject", "")
    if told["key"] == "evidence_revoked" and named:
        named = kind(named)
    return f"{sentence} ({named})" if named else sentence


def kind(name: str) -> str:
    """A kind of evidence in the reader's language; one that the catalogue does not name is said as it stands."""
    try:
        return label(name, (get_language() or "en")[:2])
    except KeyError:
        return name


def reason(told: Mapping[str, Any]) -> str:
    """One reason of the gate, as it is kept in a verdict, in the reader's language."""
    params = {name: _spoken(name, value) for name, value in told["params"].items()}
    return (str(REASONS[told["key"]]) % params).strip()


def explained(reasons: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Each reason with what to do next; a blocking requirement keeps its key, so that a page can link to it."""
    return [
        {
            "text": reason(each),
            "next": str(NEXT_STEPS.get(each["key"], "")),
            "obligation": each["params"].get("obligation", ""),
        }
        for each in reasons
    ]


def _ground(key: str) -> str:
    """A key that is not ours is a sentence that a person wrote: it is said as it stands."""
    return str(GROUNDS.get(key, key))


def _spoken(name: str, value: str) -> str:
    if name == "reason":
        return " ".join(_ground(line) for line in value.splitlines())
    if name in ("at", "stale_after"):
        return _day(value)
    if name == "environment":
        return environment(value)
    if name == "obligation":
        return title(value, (get_language() or "en")[:2])
    if name == "status":
        return str(STATUSES.get(value, value))
    if name == "function" and value in ProhibitedFunction.values:
        return str(ProhibitedFunction(value).label)
    return value


def _day(value: str) -> str:
    moment = dateparse.parse_datetime(value) if "T" in value else None
    day = timezone.localtime(moment).date() if moment else dateparse.parse_date(value)
    return formats.date_format(day, "DATE_FORMAT") if day else value
