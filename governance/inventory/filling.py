"""Puts what was handed in onto a row and says everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from governance.inventory.profile import rules
from governance.inventory.profile.queries import row_of
from governance.inventory.questions import Question
from governance.inventory.sections import QUESTIONS

MOST, LONGEST = 50, 200
"""Lines of a list, and characters of a line."""


def fill(model: AIModel, given: Mapping[str, Any]) -> list[str]:
    """Answer questions on a model that is not saved yet; returns the names whose value changed. Raises RuleBroken."""
    before = answers.of(model)
    unknown = [Problem(name, _("There is no such question.")) for name in given if name not in QUESTIONS]
    if unknown:
        raise RuleBroken(problems=unknown)
    for name, value in given.items():
        _put(model, name, _plain(value))
    problems = [*_shapes(model, given), *_sense(model, given), *answers.not_asked(given, answers.of(model))]
    problems = problems or rules.contradictions(answers.of(model))
    if problems:
        raise RuleBroken(problems=problems)
    opened = {question.name: question.empty for question in answers.reopened(answers.of(model), before)}
    after = answers.settled({**answers.of(model), **{k: v for k, v in opened.items() if k not in given}})
    for name, value in after.items():
        _put(model, name, value)
    return [name for name, value in after.items() if value != before[name]]


def _put(model: AIModel, name: str, value: object) -> None:
    question = QUESTIONS[name]
    setattr(row_of(model, question.table), question.column.attname, value)


def _plain(value: object) -> object:
    """A text without blanks around it, a row as its key."""
    if isinstance(value, str):
        return value.strip()
    return value.pk if isinstance(value, Model) else value


def _shapes(model: AIModel, names: Iterable[str]) -> list[Problem]:
    """Of the columns of the model and of each table beside it."""
    tables: dict[type[Model], list[str]] = {}
    for name in names:
        tables.setdefault(QUESTIONS[name].table, []).append(name)
    return [problem for table, own in tables.items() for problem in _shape(row_of(model, table), own)]


def _shape(row: Model, names: Iterable[str]) -> list[Problem]:
    """What the columns themselves refuse: lengths, closed lists, addresses, days."""
    others = {column.name for column in row._meta.concrete_fields} - set(names)
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        return [Problem(name, what) for name, whats in error.message_dict.items() for what in whats]
    return []


def _sense(model: AIModel, names: Iterable[str]) -> list[Problem]:
    lists = [QUESTIONS[name] for name in names if QUESTIONS[name].is_list]
    problems = [problem for question in lists for problem in _listed(model, question)]
    if "owner" in names and not can_own(model):
        problems.append(Problem("owner", _("This person is not a model owner of the organisation.")))
    return problems


def _listed(model: AIModel, question: Question) -> Iterator[Problem]:
    """A list without doubles: keys of its options, or short texts, a line each."""
    listed = answers.stored(model, question)
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        yield Problem(question.name, _("This is a list of texts."))
        return
    listed = [each.strip() for each in listed if each.strip()]
    if question.options is not None and not set(listed) <= set(question.options.values):
        yield Problem(question.name, _("There is no such choice."))
    elif len(listed) > MOST or any(len(each) > LONGEST for each in listed):
        yield Problem(question.name, _("At most 50 lines of at most 200 characters."))
    else:
        _put(model, question.name, sorted(set(listed)) if question.options else list(dict.fromkeys(listed)))


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
