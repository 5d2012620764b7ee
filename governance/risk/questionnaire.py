"""Reads the questionnaires: one YAML per edition. An edition that has been used never changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from governance.risk.rules import AUTONOMY, EU, RISK, Option, Question, Questionnaire

FOLDER = Path(__file__).parent / "questionnaires"
CURRENT: Final = "kz-2026"
LANGUAGES = {"kk", "ru", "en"}
AXES = {"risk": RISK, "autonomy": AUTONOMY, "eu": EU}


class QuestionnaireBroken(ValueError):
    """An edition lacks a language, an option or a tier, or pulls to a degree that does not exist."""


@cache
def load(edition: str = CURRENT, folder: Path = FOLDER) -> Questionnaire:
    """The questionnaire of one edition. Raises QuestionnaireBroken, FileNotFoundError."""
    known = {path.stem: path for path in folder.glob("*.yaml")}
    if edition not in known:
        raise FileNotFoundError(f"no questionnaire of the edition {edition!r}")
    raw = yaml.safe_load(known[edition].read_text())
    problems = list(_problems(edition, raw))
    if problems:
        raise QuestionnaireBroken("; ".join(problems))
    return Questionnaire(
        edition=raw["edition"],
        title=raw["title"],
        questions=tuple(_question(question) for question in raw["questions"]),
        tiers=raw["tiers"],
    )


def _question(raw: Mapping[str, Any]) -> Question:
    options = tuple(Option(**option) for option in raw["options"])
    return Question(**{**raw, "options": options})


def _problems(edition: str, raw: Mapping[str, Any]) -> Iterator[str]:
    if raw["edition"] != edition:
        yield f"the file of {edition} says {raw['edition']}"
    yield from _untranslated(edition, raw["title"])
    for risk in RISK:
        tiers = raw["tiers"].get(risk, {})
        yield from (f"no tier for {risk} and {it}" for it in AUTONOMY if tiers.get(it) not in (1, 2, 3, 4))
    for question in raw["questions"]:
        yield from _untranslated(question["id"], question["title"], question["help"])
        for option in question["options"]:
            yield from _untranslated(f"{question['id']}.{option['id']}", option["title"])
            yield from _unknown_pulls(f"{question['id']}.{option['id']}", option)


def _untranslated(where: str, *texts: Mapping[str, str]) -> Iterator[str]:
    for text in texts:
        if set(text) != LANGUAGES:
            yield f"{where} is not in kk, ru and en"
        elif not all(isinstance(words, str) for words in text.values()):
            yield f"{where} has something that is no text: YAML reads an unquoted No as false"


def _unknown_pulls(where: str, option: Mapping[str, Any]) -> Iterator[str]:
    for axis, degrees in AXES.items():
        if axis in option and option[axis] not in degrees:
            yield f"{where}: {axis} {option[axis]!r}"
