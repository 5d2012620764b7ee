"""The firm's own files as a table: Parquet or CSV, one or many, or a table of a DuckDB database. Nothing else can be read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.counting.plans import CATEGORICAL, FEW, NUMERIC, asked
from monitoring.counting.refusing import CannotCount
from monitoring.engines.counted.engine import DuckDB
from monitoring.engines.windows import MEMORY_LIMIT, quoted

if TYPE_CHECKING:
    import duckdb

PARQUET, DATABASE = "parquet", "database"


@dataclass(frozen=True)
class Source:
    """Files of one kind in the order of their names. table: of a DuckDB database."""

    files: tuple[Path, ...]
    table: str = ""

    @property
    def told(self) -> dict[str, Any]:
        """Digest and size; of many files the digest of what `sha256sum` says of them, in the order of their names."""
        digests = [_sha256(path) for path in self.files]
        size = sum(path.stat().st_size for path in self.files)
        if len(digests) == 1:
            return {"sha256": digests[0], "size": size}
        lines = "".join(f"{each}  {path.name}\n" for each, path in zip(digests, self.files, strict=True))
        return {"sha256": hashlib.sha256(lines.encode()).hexdigest(), "size": size}


def source_of(names: Sequence[str], table: str = "") -> Source:
    """Files by their names or patterns (`part-*.parquet`). Raises CannotCount."""
    found: dict[Path, None] = {}
    for name in names:
        path = Path(name)
        matching = [path] if path.exists() else sorted(path.parent.glob(path.name)) if path.name else []
        files = [each for each in matching if each.is_file()]
        if not files:
            raise CannotCount(f"There is no file {name}.")
        found |= dict.fromkeys(files)
    files = sorted(found, key=lambda each: each.name)
    if len({each.name for each in files}) < len(files):
        raise CannotCount("Two of the files have the same name: the digest could not tell them apart.")
    return Source(tuple(files), table)


@contextmanager
def opened(source: Source, plan: Mapping[str, Any]) -> Iterator[tuple[DuckDB, dict[str, str]]]:
    """The rows on a connection that may read nothing else, and the type of every column. Raises CannotCount."""
    import duckdb

    kind = _kind(source)
    if (kind == DATABASE) != bool(source.table):
        raise CannotCount("Name the table of a DuckDB database with --table, and of nothing else.")
    try:
        with duckdb.connect(
            str(source.files[0]) if kind == DATABASE else ":memory:", read_only=kind == DATABASE
        ) as it:
            _locked(it, source)
            rows = _rows(it, kind, source, plan)
            yield DuckDB(rows), dict(zip(rows.columns, map(str, rows.types), strict=True))
    except duckdb.Error as broken:
        raise CannotCount(f"The file cannot be read: {str(broken).splitlines()[0]}") from broken


def _locked(connection: duckdb.DuckDBPyConnection, source: Source) -> None:
    places = ", ".join("'" + str(path.resolve()).replace("'", "''") + "'" for path in source.files)
    connection.execute(f"SET memory_limit='{MEMORY_LIMIT}'")
    connection.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
    connection.execute(f"SET allowed_paths=[{places}]")
    connection.execute("SET enable_external_access=false; SET lock_configuration=true")


def _rows(
    connection: duckdb.DuckDBPyConnection, kind: str, source: Source, plan: Mapping[str, Any]
) -> duckdb.DuckDBPyRelation:
    if kind == DATABASE:
        return connection.table(".".join(quoted(each) for each in source.table.split(".")))
    places = [str(path.resolve()) for path in source.files]
    if kind == PARQUET:
        return connection.read_parquet(places)
    read: Any = connection.read_csv  # takes many files, whatever its stub says
    seen = read(places, header=True)
    truths = [name for name, kind in zip(seen.columns, seen.types, strict=True) if str(kind) == "BOOLEAN"]
    kept = [name for name in seen.columns if name in _names_of_text(plan)] + _words(read, places, truths)
    rows: duckdb.DuckDBPyRelation = read(places, header=True, dtype=dict.fromkeys(kept, "VARCHAR"))
    return rows


def _words(read: Any, places: Sequence[str], truths: Sequence[str]) -> list[str]:
    """Those of the columns that DuckDB takes for truths, and the register for words: yes and no are a category by their names."""
    if not truths:
        return []
    said = read(places, header=True, dtype=dict.fromkeys(truths, "VARCHAR"))
    are = ", ".join(f"bool_and(lower({quoted(name)}) IN ('true', 'false'))" for name in truths)
    [are_truths] = said.aggregate(are).fetchall()
    return [name for name, are in zip(truths, are_truths, strict=True) if are is False]


def _kind(source: Source) -> str:
    heads = {_head(path) for path in source.files}
    if len(heads) > 1:
        raise CannotCount("The files are not all of one kind: either Parquet or CSV.")
    [kind] = heads
    if kind == DATABASE and len(source.files) > 1:
        raise CannotCount("Only one DuckDB database can be counted at a time.")
    return kind


def _head(path: Path) -> str:
    with path.open("rb") as file:
        begin = file.read(12)
    return PARQUET if begin[:4] == b"PAR1" else DATABASE if begin[8:] == b"DUCK" else "csv"


def _names_of_text(plan: Mapping[str, Any]) -> set[str]:
    """Categories and groups: 007 is no 7. What is compared with the favourable outcome keeps the type it looks like."""
    categories = {each["name"] for each in plan["columns"] if each["kind"] == CATEGORICAL}
    return (categories | set(plan["sensitive"])) - {plan["label"], plan["prediction"]} - numbers_of(plan)


def numbers_of(plan: Mapping[str, Any]) -> set[str]:
    """Of an uncut score, decision or outcome the plan does not say what it is."""
    return {each["name"] for each in asked(plan) if each["kind"] in (NUMERIC, FEW)}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
