"""What was declared beside what the register measured itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from governance.people.models import User
from monitoring.checks import CHECKS
from monitoring.declaring import rules
from monitoring.declaring.models import Declared, DeclaredQuerySet
from monitoring.declaring.rules import Judged, Measured, Rule, State
from monitoring.runs.metrics import METRICS
from monitoring.runs.models import Measurement, Result

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

STATES: dict[State, StrOrPromise] = {
    "agrees": _("Agrees with the register's own run"),
    "disagrees": _("Disagrees with the register's own run"),
    "not_compared": _("Declared only: nothing to compare it with"),
}
LOOKS: dict[State, str] = {"agrees": "done", "disagrees": "failed", "not_compared": "not_run"}
"""A figure that agrees is still the participant's word: it is not green."""


RULES: dict[Rule, StrOrPromise] = {
    "rows": _("It is declared over another number of rows than the register counted."),
    "rounded": _(
        "Held to the decimals that it is declared with, three at least: both rest on the same rows."
    ),
    "parts": _("Held to the error that counting in parts can have made."),
    "sampled": _(
        "Held to the 95 % interval: the register takes a sample or changes rows by chance, and another draw differs."
    ),
}


@dataclass(frozen=True)
class Compared:
    """A declared figure, and the same figure of the register's newest own run of that check, if there is one."""

    declared: Declared
    measured: Measurement | None = None
    error: float = 0.0
    """How far counting in parts can have put the measured figure off."""
    name: str = ""
    """Who declared it."""

    @property
    def judged(self) -> Judged:
        own = self.measured
        if own is None or own.value is None:
            return rules.compared(self.declared.value, self.declared.n, None)
        measured = Measured(self.declared.check_key, own.value, own.n, own.low, own.high, self.error)
        return rules.compared(self.declared.value, self.declared.n, measured)

    @property
    def state(self) -> State:
        return self.judged.state

    @property
    def rule(self) -> StrOrPromise:
        """By which rule it was compared, in words; "" where it was not."""
        rule = self.judged.rule
        return RULES[rule] if rule else ""

    @property
    def status(self) -> str:
        return LOOKS[self.state]

    @property
    def words(self) -> StrOrPromise:
        return STATES[self.state]

    @property
    def difference(self) -> float | None:
        own = self.measured
        return None if own is None or own.value is None else self.declared.value - own.value

    @property
    def check(self) -> StrOrPromise:
        known = CHECKS.get(self.declared.check_key)
        return known.title if known else self.declared.check_key

    @property
    def figure(self) -> StrOrPromise:
        return METRICS.get(self.declared.metric, self.declared.metric)


def compared(declared: DeclaredQuerySet) -> list[Compared]:
    """Each of them with what was measured, in four queries whatever their number."""
    there = list(declared.select_related("version", "window"))
    newest = _newest(there)
    figures = {
        (each.result_id, each.metric, each.subject): each
        for each in Measurement.objects.filter(result__in=newest.values()).select_related("result")
    }
    names: dict[UUID, str] = dict(
        User.objects.filter(pk__in={each.declared_by_id for each in there}).values_list("pk", "name")
    )
    return [_beside(each, newest, figures, names) for each in there]


def _newest(there: list[Declared]) -> dict[tuple[object, ...], Result]:
    """The newest own result per version, data period and check, unless what it looked at was withdrawn."""
    question = ("run__version_id", "run__window_id", "run__check_key")
    results = Result.objects.filter(
        run__version__in={each.version_id for each in there},
        run__window__in={each.window_id for each in there},
        run__reference__withdrawn_at=None,
    )
    latest = results.select_related("run").order_by(*question, "-at").distinct(*question)
    return {(each.run.version_id, each.run.window_id, each.run.check_key): each for each in latest}


def _beside(
    declared: Declared,
    newest: dict[tuple[object, ...], Result],
    figures: dict[tuple[object, str, str], Measurement],
    names: dict[UUID, str],
) -> Compared:
    result = newest.get((declared.version_id, declared.window_id, declared.check_key))
    if result is None:
        return Compared(declared, name=names.get(declared.declared_by_id, "–"))
    own = figures.get((result.pk, declared.metric, declared.subject))
    error = figures.get((result.pk, f"{declared.metric}_error", declared.subject))
    return Compared(
        declared, own, (error.value or 0.0) if error else 0.0, names.get(declared.declared_by_id, "–")
    )
