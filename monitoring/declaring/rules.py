"""What may be declared, and when a declared figure agrees with a measured one. Pure: values in, values out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem
from monitoring.checks import CHECKS
from monitoring.runs.metrics import METRICS

TOLERANCE = 1e-6
MOST_FIGURES = 1000
LONGEST_SUBJECT = 200
MOST_ROWS = 10**15

State = Literal["agrees", "disagrees", "not_compared"]


@dataclass(frozen=True)
class Said:
    """One figure as it is declared. metric, subject: as the register names its own ("selection_rate", "race=a")."""

    check: str
    metric: str
    value: float
    n: int
    subject: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.check, self.metric, self.subject


def problems_of(figures: Sequence[Said]) -> list[Problem]:
    """What is wrong with a declaration, each with the place of its figure, counted from 1."""
    if not 0 < len(figures) <= MOST_FIGURES:
        most = _("A declaration holds 1 to %(most)s figures.")
        return [Problem("figures", most % {"most": MOST_FIGURES})]
    seen: set[tuple[str, str, str]] = set()
    problems: list[Problem] = []
    for at, said in enumerate(figures, start=1):
        problems += _problems(f"figures[{at}]", said)
        if said.key in seen:
            problems.append(Problem(f"figures[{at}]", _("This figure is declared twice.")))
        seen.add(said.key)
    return problems


def _problems(place: str, said: Said) -> Iterator[Problem]:
    if said.check not in CHECKS:
        yield Problem(f"{place}.check", _("There is no such check."))
    if said.metric not in METRICS:
        yield Problem(f"{place}.metric", _("The register measures no figure of this name."))
    if len(said.subject) > LONGEST_SUBJECT or "\x00" in said.subject:
        yield Problem(f"{place}.subject", _("This is text of at most 200 characters."))
    if not math.isfinite(said.value):
        yield Problem(f"{place}.value", _("This must be a finite number."))
    if not 0 < said.n < MOST_ROWS:
        yield Problem(f"{place}.n", _("A figure rests on at least one row."))


def compared(declared: float, measured: float | None, low: float | None, high: float | None) -> State:
    """Whether a declared figure lies within the interval of the measured one, or within 1e-6 of it.

    A figure that the register did not measure agrees with nothing.
    """
    if measured is None:
        return "not_compared"
    if abs(declared - measured) <= TOLERANCE:
        return "agrees"
    inside = low is not None and high is not None and low <= declared <= high
    return "agrees" if inside else "disagrees"
