"""A candidate questionnaire and all that follows from it: other grades, and the requirements that turn with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from governance.obligations.matrix.workbook import Sheet
from governance.obligations.preview.following import Otherwise, turns
from governance.obligations.preview.turning import Turn
from governance.people.actor import Actor
from governance.risk.overriding.models import OverrideAxis
from governance.risk.overriding.words import words_of
from governance.risk.preview.regrading import Outcome, Regraded, Regrading, regrade
from governance.risk.queries import EU_CLASSES
from governance.risk.questions import Questionnaire

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WIDTHS = (28, 12, 32, 26, 24, 24, 60, 12)
TITLES: Mapping[str, StrOrPromise] = {**dict(OverrideAxis.choices), "eu": gettext_lazy("Class under EU law")}
OUTCOMES: Mapping[Outcome, StrOrPromise] = {
    "open": gettext_lazy("new answers are needed"),
    "blocked": gettext_lazy("refused: autonomy would be high and no special law is named"),
}


@dataclass(frozen=True)
class Consequences:
    """turns: in the order of organisations, models and requirements."""

    regrading: Regrading
    turns: Sequence[Turn]


@dataclass(frozen=True)
class Line:
    """One grade that would be another one, in the reader's language. changes: (axis, was, now)."""

    row: Regraded
    changes: Sequence[tuple[StrOrPromise, StrOrPromise, StrOrPromise]]
    outcome: StrOrPromise
    questions: Sequence[str]

    @property
    def look(self) -> str:
        """A key of the status component."""
        return "deny" if self.row.outcome == "blocked" else "open"

    @property
    def stands(self) -> str:
        """The grade of today in one line."""
        was = self.row.was
        values = {"risk": was.risk_degree, "autonomy": was.autonomy_degree, "tier": str(was.tier)}
        return ", ".join(f"{TITLES[axis]}: {words_of(axis, value)}" for axis, value in values.items())


def preview(*, by: Actor, questionnaire: Questionnaire, today: date) -> Consequences:
    """Inside `viewing(by)`, of what `by` may see."""
    regrading = regrade(by=by, questionnaire=questionnaire, today=today)
    organisations = {row.organisation.pk: row.organisation for row in regrading.rows}
    otherwise = Otherwise(grades=regrading.grades)
    found = [turn for each in organisations.values() for turn in turns(each, otherwise, regrading.on)]
    return Consequences(regrading, found)


def lines(rows: Iterable[Regraded]) -> list[Line]:
    return [
        Line(
            row,
            [
                (TITLES[each.axis], _said(each.axis, each.was), _said(each.axis, each.now))
                for each in row.changes
            ],
            OUTCOMES.get(row.outcome, ""),
            [question.title[(get_language() or "en")[:2]] for question in row.questions],
        )
        for row in rows
    ]


def sheet(regrading: Regrading) -> Sheet:
    """One row for each axis that changes, or for each model without a grade."""
    head = [
        *(
            _("Organisation"),
            _("Number"),
            _("Model"),
            _("Axis"),
            _("Before the change"),
            _("After the change"),
        ),
        *(_("Questions"), _("From")),
    ]
    rows = (cells for line in lines(regrading.rows) for cells in _cells(line, regrading.on))
    return Sheet(_("Grades"), head, WIDTHS, rows)


def _said(axis: str, value: str) -> StrOrPromise:
    return EU_CLASSES[value] if axis == "eu" else words_of(axis, value)


def _cells(line: Line, on: date) -> Iterable[list[str]]:
    model = line.row.model
    named = [line.row.organisation.name, model.number, model.name]
    if line.outcome:
        yield [*named, "", line.stands, str(line.outcome), "; ".join(line.questions), on.isoformat()]
    for axis, was, now in line.changes:
        yield [*named, str(axis), str(was), str(now), "", on.isoformat()]
