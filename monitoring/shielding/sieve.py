"""Between the reader of an upload and the writer: what looks personal is refused, a raw identifier too, and columns that nobody
needs are left out before anything is stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import TYPE_CHECKING

from monitoring.data.faults import Fault, Found
from monitoring.shielding.looks import LONGEST, Look, looks
from monitoring.shielding.pseudonyms import FORMS, HMAC

if TYPE_CHECKING:
    import pyarrow as pa

SEED = 20_261_129
BLOCK = 1 << 13
CELLS, MOST_SAMPLED, LEAST_SAMPLED = 2_000_000, 10_000, 1_000
"""So many values of a file are looked at, and of a column so many. Up to twice as many rows are all looked at."""


@dataclass(frozen=True)
class Rule:
    """What a dataset asks of its rows.

    wanted: columns that are stored; None = all. declared: columns that are not looked at. identifier: the column of the
    identifier where it must be a pseudonym, or ""; pseudonyms: how these are made. people: columns that tell of persons, whatever
    their headers say.
    """

    wanted: tuple[str, ...] | None = None
    declared: tuple[str, ...] = ()
    identifier: str = ""
    pseudonyms: str = HMAC
    people: tuple[str, ...] = ()


EVERYTHING = Rule()


@dataclass
class Sample:
    """Rows by chance, each as likely as any other: the same rows of the same file, however it was cut into batches.

    Every row draws a number, and those below `share` are kept; when there are too many, the share is halved.
    """

    columns: dict[str, list[object]]
    share: float = 1.0
    drawn: list[float] = field(default_factory=list)
    seen: int = 0

    @property
    def most(self) -> int:
        """Of rows."""
        return 2 * min(MOST_SAMPLED, max(LEAST_SAMPLED, CELLS // max(1, len(self.columns))))

    def add(self, batch: pa.RecordBatch) -> None:
        import pyarrow.compute as pc

        numbers = self._numbers(batch.num_rows)
        rows = pc.indices_nonzero(pc.less(numbers, self.share))
        if not len(rows):
            return
        for name, values in self.columns.items():
            values += _beginnings(batch.column(name).take(rows)).to_pylist()
        self.drawn += numbers.take(rows).to_pylist()
        while len(self.drawn) > self.most:
            self._thin()

    def _numbers(self, rows: int) -> pa.Array:
        """Of the next rows. Drawn in blocks of the file, each by its own seed, and by Arrow: numpy is not in this process."""
        import pyarrow as pa
        import pyarrow.compute as pc

        first, last = self.seen // BLOCK, (self.seen + rows) // BLOCK
        blocks = [pc.random(BLOCK, initializer=SEED + block) for block in range(first, last + 1)]
        numbers = pa.concat_arrays(blocks).slice(self.seen - first * BLOCK, rows)
        self.seen += rows
        return numbers

    def _thin(self) -> None:
        self.share /= 2
        kept = [drawn < self.share for drawn in self.drawn]
        for name, values in self.columns.items():
            self.columns[name] = list(compress(values, kept))
        self.drawn = list(compress(self.drawn, kept))


def _beginnings(values: pa.Array) -> pa.Array:
    """Of long texts as much as is looked at."""
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    return pc.utf8_slice_codeunits(values, 0, LONGEST) if kinds.is_string(values.type) else values


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
    raw = Found()
    before = header_rows
    for batch in batches:
        sample.add(batch)
        if rule.identifier:
            _name_raw(batch.column(rule.identifier), rule, before, raw)
        before += batch.num_rows
        yield batch.select(names)
    found = Found()
    for name, look in _found(sample, rule):
        found.add(Fault(look.rule, None, name, params=look.facts))
    for kind, n in raw.counts.items():
        found.add_rows(kind, raw.named[: found.room], n)
    if found.counts:
        raise found.told()


def _found(sample: Sample, rule: Rule) -> Iterator[tuple[str, Look]]:
    for name, values in sample.columns.items():
        look = looks(name, values, people=name in rule.people)
        if look:
            yield name, look


def to_look_at(schema: pa.Schema, rule: Rule) -> list[str]:
    """Words and numbers: days and yes or no tell nobody's name.

    An identifier that must be a pseudonym is judged row by row.
    """
    import pyarrow.types as kinds

    plain = (kinds.is_string, kinds.is_integer, kinds.is_floating)
    return [
        each.name
        for each in schema
        if each.name not in (*rule.declared, rule.identifier) and any(is_it(each.type) for is_it in plain)
    ]


def _name_raw(values: pa.Array, rule: Rule, before: int, raw: Found) -> None:
    """Notes every identifier of another form by its row; the values themselves are not repeated."""
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    form = FORMS[rule.pseudonyms]
    if kinds.is_string(values.type):
        is_one = pc.fill_null(pc.match_substring_regex(values, form.pattern), False)
        rows = pc.indices_nonzero(pc.invert(is_one))
    else:
        rows = range(len(values))
    first = rows[: raw.room]
    named = first if isinstance(first, range) else first.to_pylist()
    raw.add_rows(form.rule, [Fault(form.rule, before + at + 1, rule.identifier) for at in named], len(rows))
