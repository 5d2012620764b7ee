"""Checks, findings and models that would change their colour, as a page and a file show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.obligations.matrix.workbook import Sheet
from monitoring.checks import CHECKS
from monitoring.preview.turning import UNKNOWN, Coloured, Turned
from monitoring.runs.words import STATES, sentence

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WIDTHS = (28, 12, 32, 24, 24, 24, 24, 24, 60)
SEVERITIES: dict[str, StrOrPromise] = {
    "amber": gettext_lazy("amber"),
    "red": gettext_lazy("red"),
    "": gettext_lazy("none"),
}


@dataclass(frozen=True)
class State:
    """A verdict as it is shown; what only another run can say is never green."""

    key: str

    @property
    def look(self) -> str:
        return "not_run" if self.key == UNKNOWN else self.key

    @property
    def words(self) -> StrOrPromise:
        return gettext_lazy("only another run can say") if self.key == UNKNOWN else STATES[self.key]


@dataclass(frozen=True)
class Line:
    """One check that would say something else."""

    turned: Turned

    @property
    def title(self) -> StrOrPromise:
        return CHECKS[self.turned.run.check_key].title

    @property
    def was(self) -> State:
        return State(self.turned.was)

    @property
    def now(self) -> State:
        return State(self.turned.now)

    @property
    def finding(self) -> tuple[StrOrPromise, StrOrPromise]:
        return SEVERITIES[self.turned.finding_was], SEVERITIES[self.turned.finding_now]

    @property
    def sentence(self) -> str:
        """What the check would say."""
        return sentence(self.turned.run.check_key, self.turned.summary) if self.turned.summary else ""


def colours(models: Iterable[Coloured]) -> list[tuple[Coloured, State, State]]:
    return [(each, State(each.was), State(each.now)) for each in models]


def sheets(checks: Sequence[Turned], models: Sequence[Coloured]) -> list[Sheet]:
    named = [_("Organisation"), _("Number"), _("Model")]
    ends = [_("Before the change"), _("After the change")]
    finding = [_("Finding before the change"), _("Finding after the change"), _("What it would say")]
    return [
        Sheet(
            _("Checks"),
            [*named, _("Check"), _("Data period"), *ends, *finding],
            (*WIDTHS, 60),
            map(_cells, map(Line, checks)),
        ),
        Sheet(
            _("Models"),
            [*named, *ends],
            WIDTHS[:5],
            ([*_named(each), str(was.words), str(now.words)] for each, was, now in colours(models)),
        ),
    ]


def _cells(line: Line) -> list[str]:
    ends = [str(line.was.words), str(line.now.words)]
    window = line.turned.run.window.name
    return [*_named(line.turned), str(line.title), window, *ends, *map(str, line.finding), line.sentence]


def _named(row: Turned | Coloured) -> list[str]:
    return [row.organisation.name, row.model.number, row.model.name]
