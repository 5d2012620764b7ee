"""What the checks say to people: why a run did not answer, where it stands, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from monitoring.checks import CHECKS
from monitoring.checks.grading import UNMEASURED
from monitoring.runs.drift_words import DRIFT_REFUSALS
from monitoring.runs.log_words import LOG_NEEDS, LOG_REFUSALS
from monitoring.runs.metrics import METHODS, METRICS
from monitoring.runs.pieces import telling

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
        "categorical_method_only",
        "column_holds_categories",
        "column_holds_numbers",
        "no_own_periods_of_method",
        "cannot_isolate",
        "rows_needed",
        "method_needs_rows",
        "counts_have_no_periods",
        "frozen_has_no_periods",
        "frozen_names_its_method",
        "frozen_has_no_values",
        "cells_disagree",
        "missing_not_taken",
        "check_is_gone",
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
    "direction_unknown": _(
        "It is not known for which outcome a high score speaks: the favourable value %(favourable)s does not tell it. Correct "
        "the description of the data and say it."
    ),
    "favourable_never_seen": _("The favourable outcome %(favourable)s does not occur in the data period."),
    "weights_unusable": _(
        "The column %(column)s cannot weigh the rows: in %(n)s of them the weight is missing, negative or not finite, or no "
        "weight is above 0."
    ),
    "weights_not_counted": _(
        "Counts know no weights: groups of this dataset can only be compared over rows."
    ),
    "counts_disagree": _("The counts of the sensitive attributes do not add up to the same number of rows."),
    "malformed_counts": _(
        "The counts of %(attribute)s are not of the form group, label, prediction, number."
    ),
    "not_two_outcomes": _(
        "%(column)s has %(values)s different values; this check knows models with two outcomes."
    ),
    "no_outcomes": _("No row of the data period has a known outcome together with an answer of the model."),
    "no_labels": _(
        "No labels yet: not measured. The outcome of none of the %(rows)s rows is known. Hand in the outcomes when they are "
        "known; this check is then asked by itself."
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
    "check_is_gone": _("The package that brings the check %(check)s is not installed here any more."),
    "missing_not_taken": _(
        "The model takes no missing values, and the data period has some, so no decision could be made."
    ),
    "not_binary": _("The model gives %(outputs)s outputs; this check needs one score."),
    "cannot_isolate": _(
        "Not run: the machine of the worker cannot isolate the file of a model, so it was not opened. Whoever runs Senim "
        "finds the reason under Health."
    ),
    "rows_needed": _("This check reads rows, and the data period was handed in as counts. Nothing was run."),
    "cells_disagree": _(
        "The two data periods were counted over different cells, so they cannot be compared: %(columns)s. "
        "Count again with the plan of counts."
    ),
    "rows_erased": _(
        "The rows of the data period %(window)s were erased on %(day)s. What was kept of them does not answer this check. Hand "
        "in a newer data period."
    ),
    **LOG_REFUSALS,
    **DRIFT_REFUSALS,
    "all_groups_hidden": _(
        "No group of %(attributes)s is large enough for its counts to leave the organisation."
    ),
}
REFUSED = _("The check could not measure this: %(rule)s.")
WITHDRAWN = _("Nothing was measured: what this check was to look at has been withdrawn in the meantime.")
ENDED = _("Nothing was measured: the description of the data has been corrected or retired in the meantime.")
UNSAID = _("This result was given by an older version of the check; its figures stand below.")
PARKED = _(
    "The check could not run: %(attempts)s attempts failed. The last one: %(cause)s. It will not be tried again by itself."
)

CANCELLED = _("Somebody cancelled this run before it had answered.")

NEEDS: dict[str, StrOrPromise] = {
    **LOG_NEEDS,
    "reference": _("a reference data period"),
    "current": _("a current data period"),
    "features": _("the features"),
    "artefact": _("an artefact of the version"),
    "sensitive": _("sensitive columns"),
    "label": _("a column of the true outcome"),
    "answer": _("a column of decisions or scores, or an artefact of the version"),
    "artefact_or_answer": _("an artefact of the version, or a column of decisions or scores"),
    "threshold": _("a decision threshold of the version"),
    "decision": _("a column of decisions, or a score or an artefact with a decision threshold"),
}
CAUSES: dict[str, StrOrPromise] = {
    "killed by signal 9": _("the computation was killed (too little memory, or by the operator)"),
    "killed by signal 24": _("the computation took more processor time than it may"),
    "MemoryError": _("the computation needed more memory than it may have"),
    "took too long": _("the computation took too long"),
    "answer too large": _("the answer was larger than it may be"),
    "answer malformed": _("the answer was not of the form that this check gives"),
    "damaged": _("a stored file is missing or damaged"),
    "rows_erased": _("the rows that it had measured are erased"),
    "check_is_gone": _("the package that brings this check is not installed here any more"),
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
    "baseline": _("Reading the data period once"),
    "drift": _("Comparing the features"),
    "fairness": _("Comparing the groups"),
    "explanation": _("Explaining decisions"),
    "performance": _("Comparing answers with outcomes"),
    "quality": _("Looking through the columns"),
    "robustness": _("Changing the inputs"),
    "trading": _("Reading the order log"),
    "decision_log": _("Reading the decision log"),
    "own_periods": _("Measuring the reference's own quarters"),
}
ISOLATIONS: dict[str, StrOrPromise] = {
    "namespaces": _("in a sandbox: no network, no files, no secrets"),
    "landlock": _("in a sandbox without namespaces: no network, no files, no secrets"),
    "process": _("not isolated: only in a process of its own with limits, as the operator allowed"),
}
"""How far apart from everything else the file of the model was run."""
STATES: dict[str, StrOrPromise] = {
    "passed": _("Passes"),
    "uncertain": _("Uncertain"),
    "amber": _("Amber: look into it"),
    "failed": _("Fails"),
    "insufficient_data": _("Too few rows to answer"),
    "not_applicable": _("Not applicable"),
    "not_run": _("Could not run"),
    "due": _("Waiting"),
    "running": _("Running"),
}
NOT_MEASURED = _(
    "Not measured, so not passed: %(figures)s. Hand in what is needed for it (outcomes, scores, costs, a reference) or take a "
    "limit that does not fit out of the plan; where the model itself does not allow it, this stays open."
)
WAITING = _("Waiting for a free worker")
STALE = _("Not run lately")
STALE_SENTENCE = _("Last answered on %(on)s; since then not run. It said then: %(state)s. %(said)s")
CONVENTION = "convention"
"""Stored instead of a reason when somebody takes the usual limits over."""
REGISTERED = "registered"
"""Stored instead of a reason where the registration states some of them."""
TAKEN_OVER = (CONVENTION, REGISTERED)
"""In these words nobody chose anything."""
BY_CONVENTION = _(
    "These are the usual limits, a convention and not a rule of the law. %(name)s took them over on %(date)s."
)
BY_REGISTRATION = _(
    "Some of these limits are those that the registration states, the others the usual ones, a convention and not a rule of the "
    "law. %(name)s took them over on %(date)s."
)


def reason(plan: Plan) -> str:
    """Why a plan has its limits, and who set them."""
    told = {CONVENTION: BY_CONVENTION, REGISTERED: BY_REGISTRATION}.get(plan.reason)
    if told is None:
        return plan.reason
    on = formats.date_format(timezone.localtime(plan.set_at), "DATE_FORMAT")
    return str(told) % {"name": plan.set_by.name, "date": on}


def stale(result: Result, said: str) -> str:
    """An answer that is too old to say anything of today."""
    on = formats.date_format(timezone.localtime(result.at), "SHORT_DATETIME_FORMAT")
    state = STATES.get(result.verdict, "")
    return str(STALE_SENTENCE) % {"on": on, "state": state, "said": said}


def needs(keys: list[str]) -> str:
    return ", ".join(str(NEEDS.get(key, key)) for key in keys)


def cause(error: str) -> str:
    return str(CAUSES.get(error, error))


def isolation(level: str) -> str:
    """The file of the model was not opened at all where no level is recorded."""
    return str(ISOLATIONS.get(level, level))


def method(name: str) -> str:
    return str(METHODS.get(name, name))


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
        return str(ENDED if summary["withdrawn"] == "dataset" else WITHDRAWN)
    params = {key: _written(value) for key, value in summary.get("params", {}).items()}
    if "measure" in params:
        params["measure"] = str(METRICS.get(params["measure"], params["measure"]))
    if "refused" in summary:
        template: StrOrPromise | None = REFUSALS.get(summary["refused"], REFUSED)
        params = {"rule": summary["refused"], **params}
    else:
        template = CHECKS[check_key].summaries.get(summary.get("key", "")) if check_key in CHECKS else None
    if summary.get("key") == "not_applicable":
        params["missing"] = needs([each.strip() for each in str(summary["params"]["missing"]).split(",")])
    try:
        said = telling(str(template or UNSAID), summary.get("params", {})) % params
    except (KeyError, TypeError, ValueError):  # a check of a package may write its sentences otherwise
        return str(UNSAID)
    return (
        f"{said} {_not_measured(missing)}" if (missing := summary.get("params", {}).get(UNMEASURED)) else said
    )


def _not_measured(metrics: Sequence[str]) -> str:
    """Every check says in these words what it was asked and did not measure."""
    return str(NOT_MEASURED) % {"figures": "; ".join(str(METRICS.get(each, each)) for each in metrics)}


def _written(value: object) -> str:
    if isinstance(value, float):
        return number(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "–" if value is None else str(value)
