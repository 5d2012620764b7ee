"""What findings and plans say to people: what was found, why it was closed, how often a check is asked and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from governance.risk.models import AutonomyDegree
from monitoring.arrivals import words as arrivals
from monitoring.checks import CHECKS
from monitoring.runs import waiting_words, words
from monitoring.runs.metrics import METRICS
from monitoring.runs.models import Finding, FindingKind, Plan
from monitoring.runs.tiers import STRICTEST
from monitoring.sources.words import stated

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from monitoring.checks.check import Limit
    from monitoring.runs.tiers import Proposal

OF_ARRIVALS = frozenset(
    {
        FindingKind.WINDOW_LATE,
        FindingKind.WINDOW_REPEATED,
        FindingKind.WINDOW_COPIED,
        FindingKind.WINDOW_BACKDATED,
        FindingKind.WINDOW_UNREAD,
    }
)
CLOSED: dict[str, StrOrPromise] = {
    "passed": _("The same data period passes now."),
    "passed_later": _("A later data period passes."),
    "within": _(
        "The same data period was measured again: what was found is within its limits now. As a whole it is uncertain."
    ),
    "within_later": _(
        "A later data period measured it again: what was found is within its limits there. As a whole it is uncertain."
    ),
    "said_by_check": _("The check of data quality says the same; it has a finding of its own."),
    "continued": _("A later data period shows the same; it has a finding of its own."),
    "answered": _("The check has given an answer since."),
    "answered_later": _("A later data period has been answered; this one never was."),
    "not_applicable": _("The check is not applicable."),
    "complete": _("What the check had been missing is there."),
    "caught_up": _("The check has run since."),
    "agrees": _("The declared figures agree with what was measured, or no longer stand."),
    "arrived": _("The data period has arrived, or is no longer expected."),
    "superseded": _("Superseded by version %(version)s, which the committee approved."),
    "version_withdrawn": _("The version was withdrawn."),
    "model_withdrawn": _("The model was withdrawn."),
    "window_withdrawn": _("The data period was withdrawn."),
    "dataset_replaced": _("The description of the data was corrected: version %(version)s took its place."),
    "dataset_retired": _("The dataset was retired."),
}
OTHER_REFERENCE = _("It was held against another reference than what was found: %(reference)s.")


def found(finding: Finding) -> str:
    """What was found, in the reader's language."""
    told = finding.summary
    if finding.kind == FindingKind.TICK_MISSED:
        said = _late(told["since"], told["missed"])
        return f"{said} {_waits(told['until'])}" if "until" in told else said
    if finding.kind == FindingKind.WINDOW_MISSING:
        return _not_fetched(told) if "trouble" in told else _missing(told["expected_on"], told["missing"])
    if finding.kind in OF_ARRIVALS:
        return arrivals.sentence(told)
    if finding.kind == FindingKind.DECLARED:
        return _contradicted(told)
    if "lacks" in told:
        return waiting_words.found(told["lacks"], moment(datetime.fromisoformat(told["since"])))
    return words.sentence(finding.check_key, told)


def in_hand(finding: Finding) -> str:
    """Who deals with it, until when, and in which incident; "" when nobody has said anything of that."""
    parts = [finding.owner.name] if finding.owner else []
    if finding.due_on:
        parts.append(str(_("until %(day)s")) % {"day": formats.date_format(finding.due_on, "DATE_FORMAT")})
    if finding.incident:
        parts.append(finding.incident.number)
    return ", ".join(parts)


def _contradicted(told: Mapping[str, Any]) -> str:
    figure = " ".join(filter(None, [str(METRICS.get(told["metric"], told["metric"])), told["subject"]]))
    if told["key"] == "declared_rows":
        said = ngettext(
            "%(count)s declared figure differs from what was measured: %(figure)s rests on %(declared)s rows, "
            "measured on %(measured)s.",
            "%(count)s declared figures differ from what was measured, among them %(figure)s: declared over %(declared)s rows, "
            "measured over %(measured)s.",
            told["count"],
        )
        declared, measured = told["rows"]
        return said % {"count": told["count"], "figure": figure, "declared": declared, "measured": measured}
    said = ngettext(
        "%(count)s declared figure differs from what was measured: %(figure)s, declared %(declared)s, measured %(measured)s.",
        "%(count)s declared figures differ from what was measured, among them %(figure)s: declared %(declared)s, "
        "measured %(measured)s.",
        told["count"],
    )
    declared, measured = _apart(told["declared"], told["measured"])
    return said % {"count": told["count"], "figure": figure, "declared": declared, "measured": measured}


def _apart(one: float, other: float) -> tuple[str, str]:
    """Two figures with three digits after the point, or as many more as tell them apart."""
    digits = next((many for many in range(3, 15) if round(one, many) != round(other, many)), 15)
    said = [formats.number_format(round(each, digits), use_l10n=True) for each in (one, other)]
    return str(said[0]), str(said[1])


def _late(since: str, missed: int) -> str:
    said = ngettext(
        "It should have run on %(since)s and has not run since then: %(count)s time was missed.",
        "It should have run on %(since)s and has not run since then: %(count)s times were missed.",
        missed,
    )
    return said % {"since": moment(datetime.fromisoformat(since)), "count": missed}


def _not_fetched(told: Mapping[str, Any]) -> str:
    said = ngettext(
        "The data period %(starts_on)s – %(ends_on)s was not fetched from %(source)s: %(why)s",
        "The data period %(starts_on)s – %(ends_on)s was not fetched from %(source)s, tried %(times)s times: %(why)s",
        told["times"],
    )
    days = {key: formats.date_format(date.fromisoformat(told[key])) for key in ("starts_on", "ends_on")}
    return said % {**told, **days, "why": stated(told["trouble"]).words}


def _waits(until: str) -> str:
    said = _("The plan leaves missed times out; it is asked next on %(on)s.")
    return str(said) % {"on": moment(datetime.fromisoformat(until))}


def _missing(expected_on: str, missing: int) -> str:
    said = ngettext(
        "A data period was expected on %(on)s and has not arrived.",
        "%(count)s data periods have not arrived; the first was expected on %(on)s.",
        missing,
    )
    return said % {"on": formats.date_format(date.fromisoformat(expected_on)), "count": missing}


def title(finding: Finding) -> StrOrPromise:
    """What it is about: a check, or a dataset."""
    if finding.check_key:
        return CHECKS[finding.check_key].title if finding.check_key in CHECKS else finding.check_key
    return finding.dataset.title if finding.dataset else ""


def closed(closing: Mapping[str, Any]) -> str:
    """Why a finding was closed; "" while it is open."""
    if not closing:
        return ""
    said = str(CLOSED.get(closing["cause"], closing["cause"])) % closing
    return f"{said} {OTHER_REFERENCE % closing}" if "reference" in closing else said


def moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def basis(proposal: Mapping[str, Any]) -> str:
    """From what a plan's period follows. proposal: Plan.basis."""
    if "every_days" not in proposal:
        return str(_("A person set how often this is asked."))
    often = days(proposal["every_days"])
    if proposal["tier"] is None:
        said = _("%(days)s: nobody has graded the model yet, so it is watched as closely as tier 1.")
        return str(said) % {"days": often}
    said = _("%(days)s, as proposed for tier %(tier)s and autonomy “%(autonomy)s” (edition %(edition)s).")
    autonomy = AutonomyDegree(proposal["autonomy"]).label
    return str(said) % {**proposal, "days": often, "autonomy": autonomy}


def proposal(today: Proposal) -> str:
    """What is proposed today."""
    return basis(today.as_basis(today.every_days, {}))


def limits_basis(plan: Plan) -> str:
    """From what a plan's limits follow, and who set some of them otherwise; "" of a plan from before limits were proposed."""
    told = plan.basis.get("limits")
    if told is None:
        return ""
    params = {"edition": told["edition"], "tier": told["tier"] or STRICTEST, "name": plan.set_by.name}
    if not told["otherwise"]:
        said = _("Limits from edition %(edition)s, tier %(tier)s.")
        return str(said) % params
    said = _(
        "Limits from edition %(edition)s, tier %(tier)s, but for these, which %(name)s set otherwise: %(limits)s."
    )
    titles = {limit.key: str(limit.title) for limit in _limits_of(plan)}
    named = "; ".join(titles.get(key, key) for key in told["otherwise"])
    return str(said) % {**params, "limits": named}


def _limits_of(plan: Plan) -> Sequence[Limit]:
    return CHECKS[plan.check_key].limits if plan.check_key in CHECKS else ()


def days(count: int) -> str:
    """How often, in words."""
    return ngettext("Every day", "Every %(count)s days", count) % {"count": count}
