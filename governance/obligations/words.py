"""The words for the keys that the rules speak in. Light: nothing but translations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from governance.obligations.edition import flag_label, label
from governance.obligations.reason import Param, Reason

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STATUSES: Mapping[str, StrOrPromise] = {
    "on_file": _("evidence on file"),
    "due_soon": _("due soon"),
    "overdue": _("overdue"),
    "failing": _("failing"),
    "missing": _("evidence missing"),
    "open": _("waits for an answer in the registration"),
    "not_applicable": _("does not apply"),
    "accepted_gap": _("accepted gap"),
    "waived": _("waived for a time"),
    "supported": _("supported by evidence"),
    "ready": _("ready for the event"),
    "not_ready": _("not ready for the event"),
    "none": _("carries no status"),
}

STRENGTHS: Mapping[str, Mapping[str, StrOrPromise]] = {
    "wording": {
        "official": _("official text read"),
        "unofficial": _("read in an unofficial copy"),
        "partly_read": _("an act that it refers to was not read"),
        "secondary": _("wording from a secondary source"),
        "not_read_since": _("wording since 25.08.2026 not read"),
        "inferred": _("our own reading of the text"),
    },
    "mapping": {
        "unsigned": _("our mapping, signed by nobody"),
        "signed": _("mapping signed by a lawyer"),
    },
    "translation": {
        "ours": _("our translation"),
        "official": _("official title"),
    },
}
"""How firm the wording, the mapping and the translation are, as a phrase beside the status."""

COPIES: Mapping[str, StrOrPromise] = {
    "official": _("official copy"),
    "unofficial": _("unofficial copy"),
    "not_read": _("the text itself was not read"),
    "title and status only": _("only title and status were read"),
}

LANGUAGES: Mapping[str, StrOrPromise] = {"kk": _("in Kazakh"), "ru": _("in Russian"), "en": _("in English")}

NEXT_STEPS: Mapping[str, StrOrPromise] = {
    "due_soon": _("Hand in fresh evidence before the date."),
    "overdue": _("Hand in fresh evidence now."),
    "failing": _("Find the cause, correct it and run the check again."),
    "missing": _("Hand in one of the pieces of evidence named below."),
    "open": _("Answer the open questions of the registration."),
    "not_ready": _("Prepare before the event occurs."),
    "accepted_gap": _("Carry out the plan before the date."),
    "waived": _("Keep up the control that stands in for it, and renew or end the waiver before the date."),
    "on_file": _("A person of the second line concludes."),
    "unsigned": _("A lawyer signs how this requirement is mapped to evidence."),
}

NORMS: Mapping[str, StrOrPromise] = {
    "duty": _("duty"),
    "prohibition": _("prohibition"),
    "right": _("right of a person"),
    "outcome": _("voluntary outcome"),
    "recommendation": _("recommendation"),
    "principle": _("principle"),
    "on_event": _("on event"),
    "information": _("information"),
    "sanction": _("sanction"),
}

REASONS: Mapping[str, StrOrPromise] = {
    "does_not_apply": _("Does not apply, because this does not hold: %(flags)s."),
    "no_active_group": _("Does not apply: nothing in it concerns this model."),
    "not_in_force_yet": _("Not in force before %(on)s."),
    "no_longer_in_force": _("In force until %(on)s."),
    "in_force_unknown": _("The date of entry into force was not found; it is treated as in force."),
    "unanswered": _("Whether it applies is open until this is answered: %(flags)s."),
    "group_unanswered": _("Asked for until this is answered: %(flags)s."),
    "accepted_gap": _("The gap is accepted until %(on)s, with a plan; it stays a gap of a norm of law."),
    "waived": _("Waived until %(on)s; another control stands in for it."),
    "nothing_on_file": _("Missing: %(kinds)s."),
    "failed": _("Failed on %(on)s: %(kind)s."),
    "uncertain": _("%(kind)s of %(on)s is uncertain: a person has to conclude."),
    "amber": _("%(kind)s of %(on)s came near its limit: a person has to conclude."),
    "insufficient_data": _("%(kind)s had too few rows to give an answer."),
    "not_applicable": _("%(kind)s was set aside as not applicable; that does not answer the requirement."),
    "not_run": _("%(kind)s has not run."),
    "other_version": _("%(kind)s speaks of another version than the current one."),
    "no_vendor": _("A disclosure by a vendor counts only where there is a vendor."),
    "text_lacks_language": _(
        "%(kind)s: clients are also addressed %(language)s, and no such text is on file."
    ),
    "text_not_in_use": _("%(kind)s is on file, but it is not marked as in use."),
    "expired": _("%(kind)s counted until %(on)s."),
    "older_than_a_year": _("%(kind)s has to be renewed every year; it counted until %(on)s."),
    "due_soon": _("Counts until %(on)s."),
    "review_suggested": _("%(kind)s is of %(since)s: a review is suggested."),
}


def sentence(reason: Reason) -> str:
    """One reason in the reader's language. Days stay as they come: the page has put them into its own form."""
    language = (get_language() or "en")[:2]
    params = {name: _spoken(name, value, language) for name, value in reason.params}
    return str(REASONS[reason.key]) % params


def _spoken(name: str, value: Param, language: str) -> str:
    if isinstance(value, tuple):
        speak = flag_label if name == "flags" else label
        return ", ".join(speak(word, language) for word in value)
    if name == "language":
        return str(LANGUAGES[str(value)])
    return label(value, language) if name == "kind" and isinstance(value, str) else str(value)
