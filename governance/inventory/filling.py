"""Puts what was handed in onto a row and says everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from governance.errors import Problem, RuleBroken
from governance.inventory import answers
from governance.inventory.digests import canonical
from governance.inventory.kinds import KINDS
from governance.inventory.models import AIModel, ModelVersion
from governance.inventory.owners import can_own
from governance.inventory.sections import QUESTIONS
from governance.inventory.words import ProhibitedFunction


def fill(model: AIModel, given: Mapping[str, Any]) -> list[str]:
    """Answer questions on a model that is not saved yet; returns the names whose value changed. Raises RuleBroken."""
    before = answers.of(model)
    unknown = [Problem(name, _("There is no such question.")) for name in given if name not in QUESTIONS]
    if unknown:
        raise RuleBroken(problems=unknown)
    for name, value in given.items():
        setattr(model, QUESTIONS[name].column.attname, _plain(value))
    problems = [*_shape(model, given), *_sense(model, given), *answers.not_asked(given, answers.of(model))]
    if problems:
        raise RuleBroken(problems=problems)
    opened = {question.name: question.empty for question in answers.reopened(answers.of(model), before)}
    after = answers.settled({**answers.of(model), **{k: v for k, v in opened.items() if k not in given}})
    for name, value in after.items():
        setattr(model, QUESTIONS[name].column.attname, value)
    return [name for name, value in after.items() if value != before[name]]


def _plain(value: object) -> object:
    """A text without blanks around it, a row as its key."""
    if isinstance(value, str):
        return value.strip()
    return value.pk if isinstance(value, Model) else value


def _shape(row: Model, names: Iterable[str]) -> list[Problem]:
    """What the columns themselves refuse: lengths, closed lists, addresses, days."""
    others = {column.name for column in row._meta.concrete_fields} - set(names)
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        return [Problem(name, what) for name, whats in error.message_dict.items() for what in whats]
    return []


def _sense(model: AIModel, names: Iterable[str]) -> list[Problem]:
    problems = []
    listed = model.prohibited_functions
    if "prohibited_functions" in names:
        if not isinstance(listed, list) or not set(listed) <= set(ProhibitedFunction.values):
            problems.append(Problem("prohibited_functions", _("There is no such prohibited function.")))
        else:
            model.prohibited_functions = sorted(set(listed))
    if "owner" in names and not can_own(model):
        problems.append(Problem("owner", _("This person is not a model owner of the organisation.")))
    return problems


def check_version(version: ModelVersion) -> None:
    """Raises RuleBroken."""
    problems = _shape(version, ("label", "notes", "artefact_name"))
    same = ModelVersion.objects.filter(model_id=version.model_id, label=version.label)
    if same.exists():
        problems.append(
            Problem("label", _("This model already has a version with this label. A version never changes."))
        )
    if version.decision_threshold is not None and not isfinite(version.decision_threshold):
        problems.append(Problem("decision_threshold", _("Enter a number.")))
    try:
        canonical(version.metrics)
    except (TypeError, ValueError):
        problems.append(Problem("metrics", _("A metric is a number or a text.")))
    if problems:
        raise RuleBroken(problems=problems)


def content(version: ModelVersion) -> dict[str, object]:
    """Everything that was said of a version: what its digest covers."""
    copied = {"registry": version.registry} if version.registry else {}
    return {
        "artefact_format": str(version.artefact_format),
        "artefact_name": version.artefact_name,
        "artefact_sha256": version.artefact_sha256,
        "artefact_size": version.artefact_size,
        "decision_threshold": version.decision_threshold,
        "features": version.features,
        "label": version.label,
        "metrics": version.metrics,
        "model": str(version.model_id),
        "notes": version.notes,
        **copied,
    }


def check_document(title: str, kinds: Sequence[str], file_name: str, language: str) -> None:
    """Raises RuleBroken."""
    problems = []
    if not title or len(title) > 200:
        problems.append(Problem("title", _("Enter a title of at most 200 characters.")))
    if not kinds or not set(kinds) <= set(KINDS):
        problems.append(Problem("kinds", _("Choose at least one kind of document from the list.")))
    if not file_name.strip():
        problems.append(Problem("file", _("The file has no name.")))
    if language not in dict(settings.LANGUAGES):
        problems.append(Problem("language", _("Choose Kazakh, Russian or English.")))
    if problems:
        raise RuleBroken(problems=problems)
