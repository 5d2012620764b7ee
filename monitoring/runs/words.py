"""What the checks say to people: why a run did not answer, where it stands, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from monitoring.checks import CHECKS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from monitoring.runs.models import Plan, Result

ARTEFACT_REFUSALS = frozenset(
    {
        "unreadable_artefact",
        "unreviewed_types",
        "format_not_supported",
        "features_disagree",
        "not_binary",
        "unknown_method",
        "numeric_method_only",
    }
)
"""Refusals that more data would not mend: the check has not run."""

REFUSALS: dict[str, StrOrPromise] = {
    "missing_columns": _("The data period lacks columns that this check reads: %(columns)s."),
    "not_numeric": _("These columns hold text where the model needs numbers: %(columns)s."),
    "no_features": _("The dataset declares no features."),
    "no_rows": _("The data period has no rows that this check can read."),
    "no_sensitive_attribute": _(
        "The dataset declares no sensitive column, so there are no groups to compare."
    ),
    "no_decisions": _("No row carries a decision together with %(attribute)s."),
    "too_many_groups": _("%(attribute)s has more than %(limit)s different values: these are not groups."),
    "favourable_never_seen": _("The favourable outcome %(favourable)s does not occur in the data period."),
    "counts_disagree": _("The counts of the sensitive attributes do not add up to the same number of rows."),
    "malformed_counts": _(
        "The counts of %(attribute)s are not of the form group, label, prediction, number."
    ),
    "not_two_outcomes": _(
        "%(column)s has %(values)s different values; this check knows models with two outcomes."
    ),
    "no_outcomes": _("No row of the data period has a known outcome together with an answer of the model."),
    "no_time": _("The dataset names no column of the time, so the reference cannot be cut into periods."),
    "time_not_a_date": _(
        "The column %(column)s holds no dates, so the reference cannot be cut into periods."
    ),
    "too_few_own_periods": _(
        "The reference has %(found)s calendar quarters with at least %(fewest)s rows; limits from its own quarters need "
        "%(needed)s. Hand in a longer reference or use fixed limits."
    ),
    "unreadable_artefact": _(
        "The artefact of this version cannot be read as %(format)s, so nothing was run."
    ),
    "unreviewed_types": _(
        "The artefact holds types that nobody here has reviewed, so it was not opened: %(types)s."
    ),
    "format_not_supported": _(
        "Artefacts in the format %(format)s are stored, but this check cannot run them."
    ),
    "features_disagree": _("The artefact expects %(inside)s, but the version declares %(declared)s."),
    "not_binary": _("The model gives %(outputs)s outputs; this check needs one score."),
    "unknown_method": _("The plan names the method %(method)s, which does not exist."),
    "numeric_method_only": _("The method %(method)s is for numbers, and the plan uses it for categories."),
}
REFUSED = _("The check could not measure this: %(rule)s.")
WITHDRAWN = _("Nothing was measured: what this check was to look at has been withdrawn in the meantime.")
UNSAID = _("This result was given by an older version of the check; its figures stand below.")
PARKED = _(
    "The check could not run: %(attempts)s attempts failed. The last one: %(cause)s. It will not be tried again by itself."
)

CANCELLED = _("Somebody cancelled this run before it had answered.")

NEEDS: dict[str, StrOrPromise] = {
    "reference": _("a reference data period"),
    "current": _("a current data period"),
    "features": _("the features"),
    "artefact": _("an artefact of the version"),
    "sensitive": _("sensitive columns"),
    "label": _("a column of the true outcome"),
    "answer": _("a column of decisions or scores, or an artefact of the version"),
    "decision": _("a column of decisions, or a score or an artefact with a decision threshold"),
}
CAUSES: dict[str, StrOrPromise] = {
    "killed by signal 9": _("the computation was killed (too little memory, or by the operator)"),
    "killed by signal 24": _("the computation took more processor time than it may"),
    "MemoryError": _("the computation needed more memory than it may have"),
    "took too long": _("the computation took too long"),
    "damaged": _("a stored file is missing or damaged"),
    "ENOSPC": _("the disk is full"),
    "EDQUOT": _("the disk is full"),
    "EFBIG": _("a file may not become so large on this machine"),
    "EAGAIN": _("the machine could start no more processes"),
    "ENOMEM": _("the machine had no memory left"),
    "cancelled": _("somebody cancelled it"),
    "died": _("the worker that computed it stopped answering"),
}
PHASES: dict[str, StrOrPromise] = {
    "": _("Starting"),
    "scoring": _("Scoring the data period"),
    "drift": _("Comparing the features"),
    "fairness": _("Comparing the groups"),
    "explanation": _("Explaining decisions"),
    "performance": _("Comparing answers with outcomes"),
    "own_periods": _("Measuring the reference's own quarters"),
}
STATES: dict[str, StrOrPromise] = {
    "passed": _("Passes"),
    "uncertain": _("Passes, uncertain"),
    "amber": _("Amber: look into it"),
    "failed": _("Fails"),
    "insufficient_data": _("Too few rows to answer"),
    "not_applicable": _("Not applicable"),
    "not_run": _("Could not run"),
    "due": _("Waiting"),
    "running": _("Running"),
}
WAITING = _("Waiting for a free worker")
STALE = _("Not run lately")
STALE_SENTENCE = _("Last answered on %(on)s; since then not run. It said then: %(state)s. %(said)s")
CONVENTION = "convention"
"""Stored instead of a reason when somebody takes the usual limits over."""
BY_CONVENTION = _(
    "These are the usual limits, a convention and not a rule of the law. %(name)s took them over on %(date)s."
)


def reason(plan: Plan) -> str:
    """Why a plan has its limits, and who set them."""
    if plan.reason != CONVENTION:
        return plan.reason
    on = formats.date_format(timezone.localtime(plan.set_at), "DATE_FORMAT")
    return str(BY_CONVENTION) % {"name": plan.set_by.name, "date": on}


def stale(result: Result, said: str) -> str:
    """An answer that is too old to say anything of today."""
    on = formats.date_format(timezone.localtime(result.at), "SHORT_DATETIME_FORMAT")
    state = STATES.get(result.verdict, "")
    return str(STALE_SENTENCE) % {"on": on, "state": state, "said": said}


def needs(keys: list[str]) -> str:
    return ", ".join(str(NEEDS.get(key, key)) for key in keys)


def cause(error: str) -> str:
    return str(CAUSES.get(error, error))


def phase(key: str) -> str:
    return str(PHASES.get(key, key))


def number(value: float) -> str:
    """A figure of a sentence in the reader's notation: three digits after the point, fewer where they are zero."""
    return str(formats.number_format(round(value, 3), use_l10n=True))


def sentence(check_key: str, summary: Mapping[str, Any]) -> str:
    """What a result or a finding says, in the reader's language."""
    if "parked" in summary:
        return str(PARKED) % {"attempts": summary["attempts"], "cause": cause(summary["parked"])}
    if "cancelled" in summary:
        return str(CANCELLED)
    if "withdrawn" in summary:
        return str(WITHDRAWN)
    params = {key: _written(value) for key, value in summary.get("params", {}).items()}
    if "refused" in summary:
        return str(REFUSALS.get(summary["refused"], REFUSED)) % {"rule": summary["refused"], **params}
    template = CHECKS[check_key].summaries.get(summary.get("key", "")) if check_key in CHECKS else None
    if summary.get("key") == "not_applicable":
        params["missing"] = needs([each.strip() for each in str(summary["params"]["missing"]).split(",")])
    try:
        return str(template or UNSAID) % params
    except KeyError:
        return str(UNSAID)


def _written(value: object) -> str:
    if isinstance(value, float):
        return number(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "–" if value is None else str(value)
