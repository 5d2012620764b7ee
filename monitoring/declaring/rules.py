"""What may be declared, and when a declared figure agrees with a measured one. Pure: values in, values out.

Both figures are taken from the same data period, so the error of sampling excuses no difference between them: the interval of a
figure says what other rows might give, and these are the same rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem
from monitoring.checks import CHECKS
from monitoring.runs.metrics import METRICS

TOLERANCE = 1e-6
FEWEST_DECIMALS = 3
"""A declared 0.8 may have been 0.800, and is no rounding of 0.76: every figure is held to three decimals at least."""
SAMPLED = frozenset({"explanation", "robustness"})
"""Checks that draw a sample or change rows by chance: another draw gives other figures."""
MOST_FIGURES = 1000
LONGEST_SUBJECT = 200
MOST_ROWS = 10**15

State = Literal["agrees", "disagrees", "not_compared"]
Rule = Literal["rows", "rounded", "parts", "sampled"]
"""By what a figure was compared: the number of rows, its decimals, the error of counting in parts, or the interval of a draw."""


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


@dataclass(frozen=True)
class Measured:
    """The register's own figure. error: how far counting in parts can have put it off, where it was counted so."""

    check: str
    value: float
    n: int
    low: float | None = None
    high: float | None = None
    error: float = 0.0


@dataclass(frozen=True)
class Judged:
    """What came of comparing, and by which rule; none where there was nothing to compare with."""

    state: State
    rule: Rule | None = None


def compared(value: float, n: int, measured: Measured | None) -> Judged:
    """Whether a figure that was declared over n rows is the register's own, but for the error of the register's own method.

    It has to rest on as many rows, unless the register drew a sample of its own. Then it agrees if it is the register's figure
    rounded to the decimals it is declared with, or within 1e-6 of it; within the error of counting in parts; or, of samples and
    changes by chance, within the interval.
    """
    if measured is None:
        return Judged("not_compared")
    if n != measured.n and measured.check not in SAMPLED:
        return Judged("disagrees", "rows")
    if _is_rounded(value, measured.value):
        return Judged("agrees", "rounded")
    if measured.check in SAMPLED and measured.low is not None and measured.high is not None:
        return _judged(measured.low <= value <= measured.high, "sampled")
    if measured.error:
        return _judged(abs(value - measured.value) <= measured.error, "parts")
    return Judged("disagrees", "rounded")


def _judged(agrees: bool, rule: Rule) -> Judged:
    return Judged("agrees" if agrees else "disagrees", rule)


def _is_rounded(declared: float, measured: float) -> bool:
    """Halves may have been rounded either way; 1e-6 is relative for figures above 1, absolute below."""
    half = 0.5 * 10.0 ** -max(decimals(declared), FEWEST_DECIMALS)
    tolerance = TOLERANCE * max(1.0, abs(measured))
    return abs(declared - measured) <= max(half * (1 + TOLERANCE), tolerance)


def decimals(value: float) -> int:
    """With how many decimals a figure was written, but for zeros at the end."""
    exponent = Decimal(repr(value)).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
