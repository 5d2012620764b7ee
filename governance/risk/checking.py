"""What is wrong with a questionnaire, each with the file, the question and the key where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import date
from functools import reduce
from itertools import product
from typing import Any

from governance.risk.questions import AUTONOMY, AXES, BANDS, RISK, TIERS, Floor, Option, Question

LANGUAGES = {"kk", "ru", "en"}
READINGS = ("text", "ours")
SAID_ELSEWHERE = {"title", "help", "reading", "tier"}
"""Keys whose lack is said by what is asked of their content."""


def problems(edition: str, raw: Mapping[str, Any]) -> Iterator[str]:
    """Each a sentence that begins with the place; none = the edition can be read."""
    file = f"{edition}.yaml"
    if raw.get("edition") != edition:
        yield f"{file}: edition: it says {raw.get('edition')!r}"
    if type(raw.get("applies_from", date.min)) is not date:
        yield f"{file}: applies_from: {raw['applies_from']!r} is no day"
    for where, what in (
        *_untranslated(raw, "title"),
        *_questions(raw.get("questions", ())),
        *_tiers(raw),
        *_floors(raw),
    ):
        yield f"{file}: {where}: {what}"


Found = Iterator[tuple[str, str]]


def _questions(questions: list[Mapping[str, Any]]) -> Found:
    earlier: dict[str, set[str]] = {}
    for question in questions:
        where = f"question {question.get('id')}"
        options = question.get("options", ())
        if question.get("id") in earlier:
            yield where, "id: it stands twice"
        yield from _keys(where, question, Question)
        if question.get("reading") not in READINGS:
            yield where, f"reading: {question.get('reading')!r} is neither text nor ours"
        for key in ("title", "help"):
            yield from _untranslated(question, key, where)
        yield from _answers(where, "when", question.get("when", {}), earlier)
        for option in options:
            yield from _option(where, option)
        earlier[str(question.get("id"))] = {str(option.get("id")) for option in options}


def _option(question: str, option: Mapping[str, Any]) -> Found:
    where = f"{question}: option {option.get('id')}"
    yield from _keys(where, option, Option)
    yield from _untranslated(option, "title", where)
    for axis, degrees in AXES.items():
        if axis in option and option[axis] not in degrees:
            yield where, f"{axis}: {option[axis]!r} is none of {', '.join(degrees)}"
    if "reading" in option and option["reading"] not in READINGS:
        yield where, f"reading: {option['reading']!r} is neither text nor ours"
    if not isinstance(option.get("annex", ""), str):
        yield where, "annex: it is no text, write it in quotation marks"


def _answers(where: str, key: str, raw: Mapping[str, Any], known: Mapping[str, set[str]]) -> Found:
    """Answers named by a condition: of questions that come before, among their options."""
    for question, answers in raw.items():
        if question not in known:
            yield where, f"{key}: no question {question!r} stands before it"
            continue
        for answer in answers:
            if answer not in known[question]:
                yield where, f"{key}: {question} has no answer {answer!r}"


def _tiers(raw: Mapping[str, Any]) -> Found:
    """A tier in every cell: of risk and autonomy, or of materiality, complexity and autonomy."""
    key = "table" if "table" in raw else "tiers"
    axes = (BANDS, BANDS, AUTONOMY) if key == "table" else (RISK, AUTONOMY)
    for cell in product(*axes):
        tier = reduce(_step, cell, raw.get(key))
        if tier not in TIERS:
            yield key, f"no tier for {' × '.join(cell)}"


def _step(found: Any, step: str) -> Any:
    return found.get(step) if isinstance(found, Mapping) else None


def _floors(raw: Mapping[str, Any]) -> Found:
    known = {q.get("id"): {str(o.get("id")) for o in q.get("options", ())} for q in raw.get("questions", ())}
    for floor in raw.get("floors", ()):
        where = f"floor {floor.get('id')}"
        yield from _keys(where, floor, Floor)
        yield from _untranslated(floor, "title", where)
        if floor.get("tier") not in TIERS:
            yield where, f"tier: {floor.get('tier')!r} is none of 1 to 4"
        if "risk" in floor and floor["risk"] not in RISK:
            yield where, f"risk: {floor['risk']!r} is none of {', '.join(RISK)}"
        if "risk" not in floor and not floor.get("answers"):
            yield where, "answers: it says neither an answer nor a degree of risk that it holds for"
        yield from _answers(where, "answers", floor.get("answers", {}), known)


def _keys(where: str, raw: Mapping[str, Any], of: type[Question | Option | Floor]) -> Found:
    """Every key has its place; what a language or a degree lacks is said by itself."""
    known = {each.name: each for each in fields(of)}
    yield from ((where, f"{key}: there is no such key") for key in raw if key not in known)
    needed = [name for name, each in known.items() if each.default is each.default_factory is MISSING]
    yield from ((where, f"{name}: it is missing") for name in needed if name not in {*raw, *SAID_ELSEWHERE})


def _untranslated(raw: Mapping[str, Any], key: str, where: str = "") -> Found:
    text = raw.get(key)
    place = where or "the edition"
    if not isinstance(text, Mapping) or set(text) != LANGUAGES:
        yield place, f"{key}: it is not in kk, ru and en"
    elif not all(isinstance(words, str) for words in text.values()):
        yield place, f"{key}: something is no text: YAML reads an unquoted No as false"
