"""Reads the questionnaires: one YAML per edition. An edition that has been used never changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from governance.risk.checking import problems
from governance.risk.questions import Floor, Option, Question, Questionnaire

FOLDER = Path(__file__).parent / "questionnaires"
CURRENT: Final = "kz-2026-2"


class QuestionnaireBroken(ValueError):
    """An edition lacks a language, an option or a tier, or names what does not exist; it says where."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@cache
def load(edition: str = CURRENT, folder: Path = FOLDER) -> Questionnaire:
    """The questionnaire of one edition. Raises QuestionnaireBroken, FileNotFoundError."""
    known = {path.stem: path for path in folder.glob("*.yaml")}
    if edition not in known:
        raise FileNotFoundError(f"no questionnaire of the edition {edition!r}")
    content = known[edition].read_bytes()
    raw = yaml.load(content, Loader=yaml.CSafeLoader)
    return built(edition, raw, hashlib.sha256(content).hexdigest())


def built(edition: str, raw: Mapping[str, Any], sha256: str) -> Questionnaire:
    """From what YAML gave. Raises QuestionnaireBroken."""
    found = list(problems(edition, raw))
    if found:
        raise QuestionnaireBroken(found)
    return Questionnaire(
        edition=raw["edition"],
        title=raw["title"],
        sha256=sha256,
        questions=tuple(_question(question) for question in raw["questions"]),
        tiers=raw.get("tiers", {}),
        table=raw.get("table", {}),
        floors=tuple(_floor(floor) for floor in raw.get("floors", ())),
        applies_from=raw.get("applies_from"),
    )


def _question(raw: Mapping[str, Any]) -> Question:
    options = tuple(Option(**option) for option in raw.get("options", ()))
    return Question(**{**raw, "options": options, "when": _answers(raw.get("when", {}))})


def _floor(raw: Mapping[str, Any]) -> Floor:
    return Floor(**{**raw, "answers": _answers(raw.get("answers", {}))})


def _answers(raw: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {question: tuple(answers) for question, answers in raw.items()}
