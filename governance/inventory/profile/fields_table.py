"""Where each field that supervisors ask a register to hold lives here, and when it is asked: Markdown from the form itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.utils import translation

from governance.inventory.questions import Question
from governance.inventory.sections import QUESTIONS, SECTION_OF

FIELDS = Path(__file__).parent / "fields.yaml"
INTRODUCTION = """\
# Fields of the register

Made from the registration form by `manage.py fields_table > docs/fields.md`; a test holds this file against it.

The fields are the union of what OSFI E-23, SS1/23, SR 11-7, SR 26-2, Annex VIII of the EU AI Act, ATRS, MAS, the Dutch register,
SEBI, the FCA and Law 230-VIII of Kazakhstan ask for. Only questions marked *needed* keep a model from being registered.

| field | where it lives | kind of answer | when it is asked |
|---|---|---|---|"""


def fields() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = yaml.load(FIELDS.read_text(), Loader=yaml.CSafeLoader)
    return read


def table() -> str:
    """The whole file."""
    with translation.override("en"):
        return "\n".join([INTRODUCTION, *(row for field in fields() for row in _rows(field))])


def _rows(field: Mapping[str, Any]) -> Iterator[str]:
    """A row for each question, and one for what is kept elsewhere; the field is named once."""
    name = field["field"]
    for place, kind, asked in _places(field):
        yield f"| {name} | {place} | {kind} | {asked} |"
        name = ""


def _places(field: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for each in field.get("questions", ()):
        question = QUESTIONS[each]
        place = f"{SECTION_OF[each].title}: `{each}` ({question.table.__name__})"
        yield place, kind_of(question), asked_when(question)
    if "list" in field:
        yield f"list: {field['list']}", "rows", "on a page of its own"
    if "document" in field:
        yield (
            f"document: {', '.join(f'`{kind}`' for kind in field['document'])}",
            "file",
            "as requirements ask",
        )
    if "elsewhere" in field:
        yield field["elsewhere"], "kept by the register", "never"


def kind_of(question: Question) -> str:
    """In the order in which a form decides it."""
    kinds = (
        (question.is_tick, "tick"),
        (question.is_yes_or_no, "yes or no"),
        (question.options is not None, "several of a list"),
        (question.is_list, "short texts"),
        (question.is_number, "number"),
        (question.column.is_relation, "person"),
        (bool(question.column.choices), "one of a list"),
        (question.column.get_internal_type() == "DateField", "day"),
    )
    return next((words for holds, words in kinds if holds), "text")


def asked_when(question: Question) -> str:
    conditions = [
        " or ".join(f"`{name}` is {_values(wanted)}" for name, wanted in condition.any_of)
        for condition in question.when
    ]
    if question.degrees:
        conditions.append(f"risk is {' or '.join(question.degrees)}")
    asked = " and ".join(conditions) or "always"
    return f"{asked}; needed" if question.needed else asked


def _values(wanted: tuple[object, ...]) -> str:
    words = {True: "yes", False: "no"}
    return " or ".join(words[each] if isinstance(each, bool) else str(each) for each in wanted)
