"""What pages, documents and the API ask about the rows of a registration."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from governance.inventory import answers
from governance.inventory.models import AIModel
from governance.inventory.rows.graph import cycles_of, edge_of, named_by_others
from governance.inventory.rows.lists import LISTS, OF_TABLE, RowList
from governance.inventory.rows.models import Adjustment, DataInput, Dependency, Row
from governance.inventory.rows.words import Direction, UsedFor
from governance.inventory.sections import SECTIONS

TURNED = {Direction.UPSTREAM: Direction.DOWNSTREAM.label, Direction.DOWNSTREAM: Direction.UPSTREAM.label}
"""How an edge reads at its other end."""


@dataclass(frozen=True)
class Line:
    """One row as a page shows it. cells: (words, text) of the columns. at: the model at whose end it was recorded.

    in_full: everything that was said, in one line.
    """

    row: Row
    name: str
    cells: Sequence[tuple[str, str]]
    in_full: str
    at: AIModel
    is_expired: bool = False
    is_in_a_cycle: bool = False


@dataclass(frozen=True)
class Shown:
    """lines: rows that stand, for dependencies also those recorded at the other end. ended: rows that stood once."""

    listed: RowList
    lines: Sequence[Line]
    ended: Sequence[Line] = ()


def rows_of(model: AIModel) -> list[Shown]:
    """Every list of this model, also the empty ones, in as many queries however many rows there are."""
    return [shown(model, listed) for listed in LISTS]


def of_the_registration(model: AIModel) -> tuple[list[Shown], list[Shown]]:
    """The lists that its answers ask for or that hold something, and those that are left."""
    given = answers.of(model)
    lists = [each for each in rows_of(model) if each.listed.section in SECTIONS]
    asked = [each for each in lists if each.lines or answers.is_relevant(each.listed.section, given)]
    return asked, [each for each in lists if each not in asked]


def shown(model: AIModel, listed: RowList) -> Shown:
    rows = list(_rows(model, listed))
    standing = [row for row in rows if row.ended_at is None]
    ended = [_line(row) for row in rows if row.ended_at is not None]
    if listed.table is not Dependency:
        return Shown(listed, [_line(row) for row in standing], ended)
    theirs = named_by_others(model)
    turning = cycles_of([*standing, *theirs])
    lines = [_line(row, turning=edge_of(row) in turning) for row in standing]
    return Shown(listed, lines + [_turned(row, edge_of(row) in turning) for row in theirs], ended)


def _rows(model: AIModel, listed: RowList) -> models.QuerySet[Any]:
    keys = [each.name for each in listed.table._meta.concrete_fields if each.is_relation]
    return listed.table.objects.filter(model=model).select_related(
        *(key for key in keys if key not in ("organisation",))
    )


def _line(row: Row, *, turning: bool = False) -> Line:
    listed = OF_TABLE[type(row)]
    cells = [(_words(listed, name), spoken(row, name)) for name in listed.shown]
    expired = isinstance(row, Adjustment) and row.ends_on < timezone.localdate()
    return Line(
        row, str(row), cells, _in_full(row, turning), row.model, is_expired=expired, is_in_a_cycle=turning
    )


def _words(listed: RowList, name: str) -> str:
    """What a field is called, without what its form explains after a colon."""
    return capfirst(str(listed.column(name).verbose_name).partition(":")[0])


def _in_full(row: Row, turning: bool) -> str:
    said = []
    for name in OF_TABLE[type(row)].fields:
        column, text = OF_TABLE[type(row)].column(name), spoken(row, name)
        words = _words(OF_TABLE[type(row)], name)
        if isinstance(column, models.BooleanField):
            said += [words] if getattr(row, name) else []
        elif text and text != str(row):
            said.append(f"{words}: {text}")
    return _joined(said, turning)


def _joined(said: list[str], turning: bool) -> str:
    return "; ".join([*said, _("part of a cycle")] if turning else said)


def _turned(row: Dependency, turning: bool) -> Line:
    """An edge that was recorded at its other end, as it reads here."""
    listed = OF_TABLE[Dependency]
    said = {"direction": capfirst(str(TURNED[Direction(row.direction)])), "passes": row.passes}
    cells = [(_words(listed, name), said[name]) for name in listed.shown]
    in_full = _joined([f"{words}: {text}" for words, text in cells], turning)
    return Line(row, str(row.model), cells, in_full, row.model, is_in_a_cycle=turning)


def spoken(row: Row, name: str) -> str:
    """One value in the reader's language; "" where there is none."""
    column, value = OF_TABLE[type(row)].column(name), getattr(row, name)
    if value in (None, ""):
        return ""
    if isinstance(column, models.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return formats.date_format(value, "SHORT_DATE_FORMAT")
    if column.choices:
        return capfirst(str(getattr(row, f"get_{name}_display")()))
    return str(value)


def as_data(model: AIModel) -> dict[str, list[dict[str, Any]]]:
    """For the API: the rows of each list by its name, also those that ended."""
    return {
        listed.slug.replace("-", "_"): [
            {"id": row.pk, **{name: _plain(row, name) for name in listed.fields}, "ended_at": row.ended_at}
            for row in _rows(model, listed)
        ]
        for listed in LISTS
    }


def _plain(row: Row, name: str) -> Any:
    return getattr(row, OF_TABLE[type(row)].column(name).attname)


def values_of(several: Iterable[AIModel]) -> Mapping[UUID, dict[str, str]]:
    """What the lists answer of the registration fields that requirements ask for, by model, in one query."""
    found: dict[UUID, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in DataInput.objects.standing().filter(model__in=[each.pk for each in several]):
        said = found[row.model_id]
        said["personal_attributes"].append(f"{row.name}: {row.sensitive}")
        field = "input_data" if row.used_for == UsedFor.OPERATION else "training_data_source"
        said[field].append(f"{row.name}: {row.source}")
    return {
        model_id: {name: "; ".join(texts) for name, texts in said.items()} for model_id, said in found.items()
    }
