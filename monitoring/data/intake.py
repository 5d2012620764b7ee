"""An uploaded CSV, Parquet or JSON file becomes canonical Parquet: the same rows always give the same bytes."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from monitoring.data.faults import Fault, Unreadable, broken
from monitoring.data.json_reading import is_json
from monitoring.shielding.sieve import EVERYTHING, Rule, sifted

if TYPE_CHECKING:
    import pyarrow as pa

NAME_LIMIT = 200
DISTINCT_UP_TO_ROWS = 1_000_000
NOT_TABLES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "spreadsheet"),
    (b"\xd0\xcf\x11\xe0", "spreadsheet"),
    (b"\x1f\x8b", "compressed"),
    (b"\x28\xb5\x2f\xfd", "compressed"),
    (b"\xff\xfe", "not_utf8"),
    (b"\xfe\xff", "not_utf8"),
    *((b"\x80" + bytes([protocol]), "pickle") for protocol in range(2, 6)),
)


@dataclass(frozen=True)
class Limits:
    """What a file may be, and what the dataset says it must have."""

    max_bytes: int = 2 << 30
    max_rows: int = 50_000_000
    max_columns: int = 500
    required: tuple[str, ...] = ()
    numeric: tuple[str, ...] = ()
    time: str = ""
    rule: Rule = EVERYTHING
    texts: tuple[str, ...] = ()
    """Columns of a log that stay as they are written: the version 1.0 is not the number 1."""


@dataclass(frozen=True)
class Column:
    """One column of the canonical file. distinct: None above a million rows.

    share, share_n: of attribution, and over how many rows, where a participant states it beside its counts.
    """

    name: str
    type: str
    nulls: int
    distinct: int | None
    share: float | None = None
    share_n: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """For Window.columns."""
        stated = {} if self.share is None else {"share": self.share, "share_n": self.share_n}
        return {
            "name": self.name,
            "type": self.type,
            "nulls": self.nulls,
            "distinct": self.distinct,
            **stated,
        }


@dataclass(frozen=True)
class Intake:
    """The canonical file, which the caller stores and then removes, and what is in it.

    first, last: the days that the column of the time spans, as ISO dates; "" without such a column. signature, signed_with: of
    counts that the organisation signed. counted: of counts, the digest of what was counted, as the document says.
    """

    path: Path
    sha256: str
    size: int
    rows: int
    columns: Sequence[Column]
    source_name: str
    source_format: str
    dialect: dict[str, str] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    counted: str = ""
    signature: str = ""
    signed_with: UUID | None = None


@dataclass(frozen=True)
class Rows:
    """What a reader hands to the writer: the canonical schema, and batches that keep it."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    source_format: str
    dialect: dict[str, str] = field(default_factory=dict)


def canonical(source: Path, *, name: str, limits: Limits, into: Path | None = None) -> Intake:
    """Turn an upload into canonical Parquet in the folder `into` (that of `source`). Raises Unreadable.

    Columns that nobody needs are left out. Nothing is left behind when it raises.
    Imports pyarrow and DuckDB: for the checks worker only.
    """
    from monitoring.data.canonical import distinct_counts, span, write

    rows = _opened(source, name, limits)
    with ExitStack() as undo:
        path = _fresh(into or source.parent)
        undo.callback(path.unlink, missing_ok=True)
        schema, batches = sifted(rows.schema, rows.batches, limits.rule, int(rows.source_format == "csv"))
        count, nulls = write(schema, batches, path, limits.max_rows)
        if count == 0:
            raise broken("no_rows")
        distinct = distinct_counts(path, schema.names) if count <= DISTINCT_UP_TO_ROWS else {}
        first, last = span(path, limits.time) if limits.time else ("", "")
        undo.pop_all()
    columns = [
        Column(each.name, str(each.type), nulls[each.name], distinct.get(each.name)) for each in schema
    ]
    size, digest = path.stat().st_size, _sha256(path)
    return Intake(path, digest, size, count, columns, name, rows.source_format, rows.dialect, first, last)


def _fresh(folder: Path) -> Path:
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".parquet", delete=False) as target:
        return Path(target.name)


def _opened(source: Path, name: str, limits: Limits) -> Rows:
    size = source.stat().st_size
    if size == 0:
        raise broken("empty_file")
    if size > limits.max_bytes:
        raise broken("too_many_bytes", found=size, limit=limits.max_bytes)
    with source.open("rb") as file:
        head = file.read(4096)
    rule = next((rule for magic, rule in NOT_TABLES if head.startswith(magic)), None)
    if rule:
        raise Unreadable(Fault(rule, row=1, offset=0))
    if head.startswith(b"PAR1") or name.lower().endswith((".parquet", ".pq")):
        from monitoring.data.parquet import open_parquet

        return open_parquet(source, limits)
    if is_json(head, name):
        from monitoring.data.json_rows import open_json

        return open_json(source, limits)
    from monitoring.data.csv_table import open_csv

    return open_csv(source, limits)


def check_names(names: Sequence[str], limits: Limits) -> None:
    """Raises Unreadable for columns that are unnamed, unprintable, twice there, missing or too many."""
    if len(names) > limits.max_columns:
        raise broken("too_many_columns", found=len(names), limit=limits.max_columns)
    unnamed = [
        Fault("unnamed_column", row=1, params={"position": at})
        for at, name in enumerate(names, 1)
        if not name
    ]
    twice = [
        Fault("duplicate_column", 1, name) for name in dict.fromkeys(names) if name and names.count(name) > 1
    ]
    strange = [
        Fault("bad_column_name", 1, name[:NAME_LIMIT]) for name in names if name and not _is_plain(name)
    ]
    if unnamed or twice or strange:
        raise Unreadable(*unnamed, *twice, *strange)
    wanted = dict.fromkeys([*limits.required, *limits.numeric, *filter(None, [limits.time])])
    missing = [
        Fault("missing_column", None, name, params={"found": list(names)})
        for name in wanted
        if name not in names
    ]
    if missing:
        raise Unreadable(*missing)


def _is_plain(name: str) -> bool:
    return len(name) <= NAME_LIMIT and name.isprintable()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
