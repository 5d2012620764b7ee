"""What a plan may say, and what a dataset can answer. Pure: values in, values out."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem
from monitoring.checks import CHECKS
from monitoring.checks.check import Check, Kinds, Limit, Limits

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from governance.inventory.models import ModelVersion
    from monitoring.data.models import Dataset
    from monitoring.runs.models import Plan, Run

MOST_DAYS = 366


def problems_of_plan(
    check_key: str,
    limits: Mapping[str, Any],
    every_days: int,
    proposed: int,
    reason: str,
    instead: Mapping[str, Any] | None = None,
    dataset: Dataset | None = None,
) -> list[Problem]:
    """What is wrong with a plan; other limits than the usual ones, or a longer period than proposed, need a reason.

    instead: limits that are usual for the model in place of the check's own. dataset: None = a plan of any.
    """
    check = CHECKS.get(check_key)
    if check is None:
        return [Problem("check", _("There is no such check."))]
    known = {limit.key: limit for limit in check.limits}
    usual = check.default_limits | dict(instead or {})
    chosen = check.limits_of({**usual, **limits})
    kinds = kinds_of(dataset) if dataset else None
    problems = [Problem(key, _("This check has no such limit.")) for key in limits if key not in known]
    problems += [
        Problem(limit.key, wrong) for limit in check.limits for wrong in _wrong_limit(limit, chosen, kinds)
    ]
    if not 1 <= every_days <= MOST_DAYS:
        problems.append(Problem("every_days", _("A check runs every 1 to 366 days.")))
    elif every_days > proposed and not reason.strip():
        less_often = _(
            "To ask less often than every %(days)s days, as is proposed for this model, needs a reason."
        )
        problems.append(Problem("reason", less_often % {"days": proposed}))
    if chosen != usual and not reason.strip():
        problems.append(Problem("reason", _("Limits other than the usual ones need a reason.")))
    return problems


def problems_of_kind(check_key: str, dataset: Dataset) -> list[Problem]:
    """A check of logs is asked of a log of its kind, every other check of rows."""
    check = CHECKS.get(check_key)
    if check is None or check.kind == dataset.kind:
        return []
    return [Problem("check", _("This check cannot be asked of a dataset of this kind."))]


def kinds_of(dataset: Dataset) -> dict[str, str]:
    """What kind of column each is that a model is given, answers or is held against; of an answer itself the data say it."""
    features = {
        name: "categorical" if name in dataset.categorical else "numeric" for name in dataset.features
    }
    answers = {dataset.label: "", dataset.prediction: "", dataset.score: "numeric"}
    return features | {name: kind for name, kind in answers.items() if name}


def _wrong_limit(limit: Limit, chosen: Limits, kinds: Kinds | None) -> list[StrOrPromise]:
    value = chosen[limit.key]
    if limit.choices and value not in limit.choices:
        return [_("This is not one of the choices.")]
    if limit.is_text and not isinstance(value, str):
        return [_("This must be text.")]
    if limit.choices or limit.flaws is not None:
        return list(limit.flaws(chosen, kinds)) if limit.flaws is not None else []
    if value is None and limit.default is None:
        return []
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if limit.whole_from is not None:
        counts = is_number and value == int(value) and value >= limit.whole_from
        said = _("This must be a whole number, %(least)s or more.")
        return [] if counts else [said % {"least": limit.whole_from}]
    if not is_number or value < 0:
        return [_("This must be a number, 0 or more.")]
    return (
        [_("Amber has to come before red: this lies beyond the red limit.")]
        if _lies_beyond_red(limit, chosen)
        else []
    )


def _lies_beyond_red(limit: Limit, chosen: Limits) -> bool:
    """An amber limit that only what is red already would reach."""
    name = limit.key.removesuffix("_amber")
    red = chosen.get(f"{name}_red", chosen.get(name)) if name != limit.key else None
    if not isinstance(red, int | float):
        return False
    return bool(chosen[limit.key] < red if limit.side == "at_least" else chosen[limit.key] > red)


def lacking(check: Check, dataset: Dataset, versions: Sequence[ModelVersion]) -> list[str]:
    """What the check needs that this dataset and these versions cannot give. Data periods are not asked for here.

    A model without any version may still get an artefact, so that one is not missed yet.
    """
    if check.kind != dataset.kind:
        return [check.kind]
    runs = not versions or any(version.artefact_sha256 for version in versions)
    has: dict[str, bool] = {
        "features": bool(dataset.features),
        "sensitive": bool(dataset.sensitive),
        "artefact": runs,
        "threshold": not versions or any(version.decision_threshold is not None for version in versions),
        "decision": bool(dataset.prediction or dataset.score) or runs,
        "label": bool(dataset.label),
        "answer": bool(dataset.prediction or dataset.score) or runs,
        "artefact_or_answer": bool(dataset.prediction or dataset.score) or runs,
    }
    return [need for need in check.needs if not has.get(need, True)]


def waits_for_a_reason(check: Check, dataset: Dataset) -> bool:
    """The check compares groups and the dataset names none: it is not asked, and the second line has to say why."""
    return check.kind == dataset.kind and "sensitive" in check.needs and not dataset.sensitive


def waits_for(check: Check | None, dataset: Dataset, there: Collection[str]) -> str:
    """What keeps a planned check from being asked: "check", "groups", "reference", "current", or "". there: parts handed in.

    What a current data period does not mend comes first.
    """
    if check is None:
        return "check"
    if waits_for_a_reason(check, dataset):
        return "groups"
    if "reference" in check.needs and "reference" not in there:
        return "reference"
    return "" if "current" in there else "current"


def can_be_planned(check: Check, dataset: Dataset, versions: Sequence[ModelVersion]) -> bool:
    """Nothing is lacking, or only what the second line can set aside: that must not be left out in silence."""
    return not set(lacking(check, dataset, versions)) - {"sensitive"}


def goes_on(plan: Plan, dataset: Dataset, versions: Sequence[ModelVersion]) -> bool:
    """Whether a plan can go on with the corrected description of its data: nothing that it needs is lost, and its limits fit.

    What it lacked before is no reason to end it, and that groups are lost is for the second line to judge.
    """
    check = CHECKS.get(plan.check_key)
    if check is None:
        return False
    lost = set(lacking(check, dataset, versions)) - set(lacking(check, plan.dataset, versions))
    said = (plan.check_key, plan.limits, plan.every_days, plan.every_days, plan.reason)
    return not lost - {"sensitive"} and not problems_of_plan(*said, dataset=dataset)


def withdrawn(run: Run) -> str:
    """What of a run's question no longer stands: "window", "reference", "labels", "version", "model", "dataset", or ""."""
    parts = {
        "window": run.window,
        "reference": run.reference,
        "labels": run.labels,
        "version": run.version,
        "model": run.model,
    }
    ended = "dataset" if run.plan.dataset.ended_at else ""
    return next((name for name, part in parts.items() if part is not None and part.withdrawn_at), ended)
