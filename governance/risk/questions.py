"""A questionnaire as the rules see it: questions, what each answer pulls on, the table of tiers and its floors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

RiskDegree = Literal["minimal", "medium", "high"]
AutonomyDegree = Literal["low", "medium", "high"]
EuClass = Literal["none", "transparency", "high"]
Band = Literal["low", "medium", "high"]
Axis = Literal["risk", "autonomy", "eu", "materiality", "complexity", "tier"]
Reading = Literal["text", "ours"]

RISK: tuple[RiskDegree, ...] = ("minimal", "medium", "high")
AUTONOMY: tuple[AutonomyDegree, ...] = ("low", "medium", "high")
EU: tuple[EuClass, ...] = ("none", "transparency", "high")
BANDS: tuple[Band, ...] = ("low", "medium", "high")
TIERS = (1, 2, 3, 4)
HIGHEST_TIER, LOWEST_TIER = TIERS[0], TIERS[-1]

AXES: Mapping[str, tuple[str, ...]] = {
    "risk": RISK,
    "autonomy": AUTONOMY,
    "eu": EU,
    "materiality": BANDS,
    "complexity": BANDS,
}

SPECIAL_LAW = "special_law"
"""The question that names the special law under which autonomy may be high. Source: Art. 17(2), last part."""

Text = Mapping[str, str]


@dataclass(frozen=True)
class Option:
    """One answer and what it pulls on; None = it leaves that axis alone. steps lift the tier (kz-2026 only).

    annex: the point of Annex III of the EU AI Act. article, reading: where they differ from those of the question.
    """

    id: str
    title: Text
    risk: RiskDegree | None = None
    autonomy: AutonomyDegree | None = None
    eu: EuClass | None = None
    materiality: Band | None = None
    complexity: Band | None = None
    steps: int = 0
    annex: str = ""
    article: str = ""
    reading: Reading | None = None


@dataclass(frozen=True)
class Question:
    """reading: "text" = the article asks exactly this, "ours" = our reading of its test.

    when: answers to earlier questions of which any one makes this one asked; empty = always. Without options it is
    answered in words.
    """

    id: str
    article: str
    reading: Reading
    title: Text
    help: Text
    options: tuple[Option, ...] = ()
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        return not self.options

    def option(self, chosen: str) -> Option | None:
        return next((option for option in self.options if option.id == chosen), None)

    def article_of(self, option: Option) -> str:
        article = option.article or self.article
        return f"{article}, Annex III {option.annex}" if option.annex else article

    def reading_of(self, option: Option) -> Reading:
        return option.reading or self.reading


@dataclass(frozen=True)
class Floor:
    """The tier is at least this high where an answer, or a degree of risk, is given. Ours, not the law's."""

    id: str
    title: Text
    tier: int
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    risk: RiskDegree | None = None


@dataclass(frozen=True)
class Questionnaire:
    """tiers: risk → autonomy → tier, the way of kz-2026. table: materiality → complexity → autonomy → tier.

    applies_from: the day that the edition states for itself; None = it is asked from the day it is loaded.
    """

    edition: str
    title: Text
    sha256: str
    questions: tuple[Question, ...]
    tiers: Mapping[RiskDegree, Mapping[AutonomyDegree, int]] = field(default_factory=dict)
    table: Mapping[Band, Mapping[Band, Mapping[AutonomyDegree, int]]] = field(default_factory=dict)
    floors: tuple[Floor, ...] = ()
    applies_from: date | None = None

    @property
    def deciders(self) -> frozenset[str]:
        """Questions whose answer decides whether another one is asked."""
        return frozenset(key for question in self.questions for key in question.when)

    def question(self, id: str) -> Question | None:
        return next((question for question in self.questions if question.id == id), None)
