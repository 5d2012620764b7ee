"""What a pack is about, and what its making learns on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from audits.packs import past
from audits.packs.parts import Piece, lines
from audits.packs.rows import Table, churning, name_of, people_in, rows_by
from audits.packs.rows import rows as rows_of
from governance.inventory.models import AIModel
from governance.people.asked_day import AsOf
from governance.people.models import User


@dataclass
class Subject:
    """model: whose record it is. as_of: the instant whose state is read; nothing in the pack is dated otherwise.

    day: the past day at whose end that is; None = the record as it stands.

    tables: name of a table → path of its rows. people: ids of everybody who is named. left_out: files that the store
    does not have any more as they were stored. unplaced, erased: entries of the ledger without a place or a payload.
    """

    model: AIModel
    as_of: datetime
    day: AsOf | None = None
    tables: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    churning: dict[str, list[str]] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    left_out: list[dict[str, str]] = field(default_factory=list)
    unplaced: int = 0
    erased: int = 0

    def inherited(self, folder: str, table: Table, keys: Collection[UUID]) -> Iterator[Piece]:
        """Rows of the organisation on which the model's requirements stand, beside its own."""
        yield lines(f"{folder}/{name_of(table)}.jsonl", self._written(table, self._by_keys(table, keys)))

    def _by_keys(self, table: Table, keys: Collection[UUID]) -> Iterator[tuple[str, dict[str, Any]]]:
        if self.day is None:
            yield from rows_by(table, "id", keys)
            return
        left_out = [*getattr(table, "withheld", ()), *churning(table)]
        for key in sorted(set(keys)):
            yield from past.rows(name_of(table), "id", key, left_out, self.day)

    def _written(self, table: Table, rows: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[str]:
        for written, values in rows:
            self.people.update(people_in(table, values))
            yield written

    def rows(self, folder: str, *tables: Table) -> Iterator[Piece]:
        """The rows of these tables that belong to the model, a file for each table."""
        for table in tables:
            name = name_of(table)
            path = self.tables[name] = f"{folder}/{name}.jsonl"
            self.churning[name] = churning(table)
            yield lines(path, self._lines(table, name))

    def _lines(self, table: Table, name: str) -> Iterator[str]:
        self.counts[name] = 0
        for written, values in rows_of(table, self.model.pk, self.day):
            self.counts[name] += 1
            self.people.update(people_in(table, values))
            yield written

    def stood(self, kept: QuerySet[Any]) -> Iterable[Any]:
        """These rows as they stood, those that came later left out."""
        return past.stood(kept, self.day) if self.day else kept

    def names(self) -> dict[str, str]:
        """Id → name of everybody whom the rows mention and whom this organisation knows."""
        known: dict[str, Any] = {str(u.pk): u.name for u in User.objects.filter(pk__in=self.people)}
        return {key: known.get(key, "") for key in sorted(self.people)}
