"""Between the reader of an upload and the writer: what looks personal is refused, a raw identifier too, and columns that nobody
needs are left out before anything is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitoring.data.faults import Fault, Unreadable, collected
from monitoring.shielding.looks import looks
from monitoring.shielding.pseudonyms import FORMS, HMAC

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLED = 1000
"""At most twice as many rows are looked at, evenly from the first to the last one."""


@dataclass(frozen=True)
class Rule:
    """What a dataset asks of its rows.

    wanted: columns that are stored; None = all. declared: columns that are not looked at. identifier: the column of the
    identifier where it must be a pseudonym, or ""; pseudonyms: how these are made.
    """

    wanted: tuple[str, ...] | None = None
    declared: tuple[str, ...] = ()
    identifier: str = ""
    pseudonyms: str = HMAC


EVERYTHING = Rule()


@dataclass
class Sample:
    """Every n-th row, whatever the number of rows: when there are too many, every second one is dropped."""

    columns: dict[str, list[object]]
    every: int = 1
    seen: int = 0
    taken: int = field(default=0)

    def add(self, batch: pa.RecordBatch) -> None:
        rows = range(-self.seen % self.every, batch.num_rows, self.every)
        self.seen += batch.num_rows
        if not rows:
            return
        for name, values in self.columns.items():
            values += batch.column(name).take(list(rows)).to_pylist()
        self.taken += len(rows)
        while self.taken > 2 * SAMPLED:
            self._thin()

    def _thin(self) -> None:
        self.every *= 2
        for name, values in self.columns.items():
            self.columns[name] = values[::2]
        self.taken = (self.taken + 1) // 2


def sifted(
    schema: pa.Schema, batches: Iterator[pa.RecordBatch], rule: Rule, header_rows: int
) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The same rows with the wanted columns alone. The batches raise Unreadable, at the latest after the last one.

    header_rows: 1 where the first row of data is counted as row 2.
    """
    import pyarrow as pa

    names = [name for name in schema.names if rule.wanted is None or name in rule.wanted]
    kept = pa.schema([schema.field(name) for name in names])
    return kept, _looked_at(schema, batches, rule, names, header_rows)


def _looked_at(
    schema: pa.Schema, batches: Iterator[pa.RecordBatch], rule: Rule, names: Sequence[str], header_rows: int
) -> Iterator[pa.RecordBatch]:
    sample = Sample({name: [] for name in to_look_at(schema, rule)})
    before = header_rows
    for batch in batches:
        sample.add(batch)
        if rule.identifier:
            _refuse_raw(batch.column(rule.identifier), rule, before)
        before += batch.num_rows
        yield batch.select(names)
    found = {name: looks(name, values) for name, values in sample.columns.items()}
    faults = [Fault(f"looks_like_{kind}", None, name) for name, kind in found.items() if kind]
    if faults:
        raise collected(faults)


def to_look_at(schema: pa.Schema, rule: Rule) -> list[str]:
    """Words and numbers; days and yes or no tell nobody's name."""
    import pyarrow.types as kinds

    plain = (kinds.is_string, kinds.is_integer, kinds.is_floating)
    return [
        each.name
        for each in schema
        if each.name not in rule.declared and any(is_it(each.type) for is_it in plain)
    ]


def _refuse_raw(values: pa.Array, rule: Rule, before: int) -> None:
    """Raises Unreadable at the first identifier of another form; the value itself is not repeated."""
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    form = FORMS[rule.pseudonyms]
    if not kinds.is_string(values.type):
        raise Unreadable(Fault(form.rule, before + 1, rule.identifier))
    is_one = pc.fill_null(pc.match_substring_regex(values, form.pattern), False)
    at = is_one.index(False).as_py()
    if at >= 0:
        raise Unreadable(Fault(form.rule, before + at + 1, rule.identifier))
