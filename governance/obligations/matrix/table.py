"""The matrix as its page draws it: lines of cells, with an address behind every number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from governance.inventory.models import AIModel
from governance.obligations.lines import CONCLUDED, LOOKS
from governance.obligations.matrix.choosing import Chosen
from governance.obligations.matrix.models import STATUSES
from governance.obligations.matrix.past.queries import Row as PastRow
from governance.obligations.matrix.queries import Crowd, Row, Totals
from governance.obligations.matrix.words import Tally, tallies
from governance.obligations.models import Duty, Framework, Obligation
from governance.obligations.queries import is_current
from governance.people.asked_day import NAME, AsOf

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Cell:
    """One model under one framework. is_on: it is followed. edition: named only where it is not the column's."""

    tallies: Sequence[Tally]
    is_on: bool
    edition: str = ""


@dataclass(frozen=True)
class Line:
    """One model across the frameworks."""

    row: Row | PastRow
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Counted:
    """What one line of a table of totals counts. small: below its title; base: address of a number, less its status."""

    title: str
    url: str
    counts: Mapping[str, int]
    small: str = ""
    crowd: Crowd | None = None
    base: str = ""


@dataclass(frozen=True)
class Sum:
    """One line of a table of totals; its cells are those of the head."""

    of: Counted
    cells: Sequence[Tally]


@dataclass(frozen=True)
class Sums:
    """A table of totals. head: the statuses that occur, red first."""

    head: Sequence[Tally]
    lines: Sequence[Sum]


@dataclass(frozen=True)
class Where:
    """One model where a requirement stands in a status. is_past: as of a day, which nothing is behind."""

    duty: Duty
    is_past: bool = False

    @property
    def tally(self) -> Tally:
        return Tally(self.duty.status, 1)

    @property
    def is_current(self) -> bool:
        return self.is_past or is_current(self.duty.model, self.duty.model.sheet)

    @property
    def concluded(self) -> str:
        return LOOKS.get(self.duty.concluded, self.duty.concluded)

    @property
    def concluded_words(self) -> StrOrPromise:
        return CONCLUDED[self.duty.concluded]


def lines(
    rows: Iterable[Row | PastRow], columns: Sequence[Framework], as_of: AsOf | None = None
) -> list[Line]:
    return [Line(row, [_cell(row, framework, as_of) for framework in columns]) for row in rows]


def _cell(row: Row | PastRow, framework: Framework, as_of: AsOf | None) -> Cell:
    counts = row.sheet.counts.get(framework.key) if row.sheet else None
    if row.sheet is None or counts is None:
        return Cell((), is_on=False)
    judged_by = row.sheet.editions.get(framework.key, "")
    return Cell(
        tallies(counts, f"{_behind(row.model, framework, as_of)}&status="),
        is_on=True,
        edition=judged_by if judged_by != framework.edition else "",
    )


def _behind(model: AIModel, framework: Framework, as_of: AsOf | None) -> str:
    """The page of a model's requirements under a framework, of the same day."""
    if as_of is None:
        return f"{reverse('obligations:requirements', args=[model.pk])}?framework={framework.key}"
    return f"{reverse('obligations:past', args=[model.pk])}{as_of.query}&framework={framework.key}"


def by_framework(totals: Totals, columns: Sequence[Framework], chosen: Chosen) -> Sums:
    kept = kept_in(chosen, "organisation", "words", NAME)
    return sums(
        Counted(
            title=framework.title,
            url=reverse("obligations:matrix-framework", args=[framework.key]) + kept,
            counts=totals.by_framework[framework.key],
            small=framework.edition,
        )
        for framework in columns
    )


def by_organisation(totals: Totals, chosen: Chosen) -> Sums:
    """Those of which the reader sees a model, by name."""
    kept = {name: value for name, value in _given(chosen).items() if name != "organisation"}
    return sums(
        Counted(
            title=each.name,
            url=f"?{urlencode({**kept, 'organisation': each.pk})}",
            counts=totals.by_organisation.get(each.pk, {}),
            crowd=totals.crowds[each.pk],
        )
        for each in chosen.organisations
        if each.pk in totals.crowds
    )


def by_requirement(
    listed: Iterable[Obligation],
    counts: Mapping[str, Mapping[str, int]],
    framework: Framework,
    chosen: Chosen,
) -> Sums:
    """Models by status, requirement by requirement; every number leads to its models. What asks nothing is left out."""
    kept = kept_in(chosen, "organisation", "words", NAME)
    return sums(
        Counted(
            title=each.title,
            url=(url := reverse("obligations:matrix-models", args=[framework.key, each.key])) + kept,
            counts=counts[each.key],
            small=each.ref,
            base=f"{url}{kept}{'&' if kept else '?'}status=",
        )
        for each in listed
        if any(counts.get(each.key, {}).get(status) for status in STATUSES)
    )


def sums(given: Iterable[Counted]) -> Sums:
    """Only the statuses that occur anywhere have a column."""
    listed = list(given)
    occur = [status for status in STATUSES if any(each.counts.get(status) for each in listed)]
    lines = [
        Sum(
            each,
            [
                Tally(status, number, f"{each.base}{status}" if each.base and number else "")
                for status, number in ((status, each.counts.get(status, 0)) for status in occur)
            ],
        )
        for each in listed
    ]
    return Sums([Tally(status, 0) for status in occur], lines)


def kept_in(chosen: Chosen, *names: str) -> str:
    """The query of an address that carries the choice on; "" where nothing was chosen."""
    given = {name: value for name, value in _given(chosen).items() if name in names}
    return f"?{urlencode(given)}" if given else ""


def _given(chosen: Chosen) -> dict[str, str]:
    named = {
        "organisation": chosen.organisation,
        "framework": chosen.framework,
        "words": chosen.words,
        NAME: str(chosen.as_of or ""),
    }
    return {name: value for name, value in named.items() if value}


def choices(chosen: Chosen, on: Iterable[str]) -> dict[str, Any]:
    """For the form of the filter. A framework that is on for nobody is no choice, unless it was chosen."""
    offered = {*on, chosen.framework}
    return {
        "chosen": chosen,
        "offered": [framework for framework in chosen.frameworks if framework.key in offered],
        "kept": kept_in(chosen, "organisation", "framework", "words", NAME),
        "as_of": chosen.as_of,
    }
