"""Holds handed-in outcomes against their data period, in a process of its own; every row that does not fit is named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.data.faults import MOST_NAMED, Fault, Unreadable, broken
from monitoring.data.intake import Intake
from monitoring.engines import own_process

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

SHOWN = 40
"""Characters of a person's value that a message repeats."""


@dataclass(frozen=True)
class Asked:
    """identifier, label: columns of the data period; earlier: the file of the labels that count so far."""

    window: Path
    earlier: Path | None
    identifier: str
    label: str


@dataclass(frozen=True)
class Joined:
    """The file to keep. fresh: rows of the data period whose outcome it makes known; labelled: all that are known with it."""

    path: Path
    sha256: str
    size: int
    fresh: int
    labelled: int


def joined_apart(taken: Intake, asked: Asked) -> Joined:
    """`_joined` in another process. Raises Unreadable: the first thousand rows that do not fit by name, all by kind."""
    paths = {"window": str(asked.window), "earlier": str(asked.earlier) if asked.earlier else ""}
    question = {**asdict(asked), **paths, "new": str(taken.path), "format": taken.source_format}
    try:
        answer = own_process.ask(__name__, question, reads=[taken.path, asked.window])
    except own_process.TookTooMuch as died:
        raise broken("took_too_much") from died
    if "faults" in answer:
        raise Unreadable(*(Fault(**fault) for fault in answer["faults"]), counts=answer["counts"])
    return Joined(**{**answer, "path": Path(answer["path"])})


def _answered(question: dict[str, Any]) -> dict[str, Any]:
    earlier = Path(question["earlier"]) if question["earlier"] else None
    asked = Asked(Path(question["window"]), earlier, question["identifier"], question["label"])
    try:
        found = _joined(Path(question["new"]), asked, first_row=2 if question["format"] == "csv" else 1)
    except Unreadable as unreadable:
        return {"faults": [asdict(fault) for fault in unreadable.faults], "counts": unreadable.counts}
    return {**asdict(found), "path": str(found.path)}


def _joined(new: Path, asked: Asked, *, first_row: int) -> Joined:
    from monitoring.engines.windows import locked

    tables = _tables(new, asked)
    with locked() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        _refuse(connection, first_row, asked)
        kept, fresh, own = _kept(connection)
    if not fresh:
        raise broken("nothing_new")
    path = new.with_name("labels.parquet")
    _write(kept, path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Joined(path, digest, path.stat().st_size, fresh, own + kept.num_rows)


def _tables(new: Path, asked: Asked) -> dict[str, pa.Table]:
    """period: place, case and own outcome of every row; given: the same of the file, with the day; earlier: the kept file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from monitoring.engines.late_labels import CASE, KNOWN_ON, LABEL, cases
    from monitoring.engines.windows import column_types, read_columns

    said = read_columns(new, [asked.label]).column(0)
    has_own = asked.label in column_types(asked.window)
    period = cases(asked.window, asked.identifier)
    own = (
        read_columns(asked.window, [asked.label]).column(0)
        if has_own
        else pa.nulls(period.num_rows, said.type)
    )
    if own.null_count == len(own):
        own = pa.nulls(period.num_rows, said.type)
    empty = pa.schema([(CASE, pa.string()), (LABEL, said.type), (KNOWN_ON, pa.date32())]).empty_table()
    earlier = pq.read_table(asked.earlier) if asked.earlier else empty
    for other in (own.type, earlier.schema.field(LABEL).type):
        _refuse_type(said.type, other, asked.label)
    given = cases(new, asked.identifier).append_column(LABEL, said).append_column(KNOWN_ON, _days(new))
    return {"period": period.append_column(LABEL, own), "given": given, "earlier": earlier}


def _days(new: Path) -> pa.Array | pa.ChunkedArray:
    """The day on which each outcome became known, where the file says it."""
    import pyarrow as pa
    import pyarrow.types as kinds

    from monitoring.engines.late_labels import KNOWN_ON
    from monitoring.engines.windows import column_types, read_columns, row_count

    kind = column_types(new).get(KNOWN_ON)
    if kind is None or kinds.is_null(kind):
        return pa.nulls(row_count(new), pa.date32())
    if not (kinds.is_date(kind) or kinds.is_timestamp(kind)):
        raise Unreadable(Fault("not_a_day", column=KNOWN_ON))
    return read_columns(new, [KNOWN_ON]).column(0).cast(pa.date32(), safe=False)


def _refuse_type(said: pa.DataType, other: pa.DataType, column: str) -> None:
    """Outcomes are told apart by their values, so a word and a number never mean the same."""
    if _family(said) != _family(other):
        raise Unreadable(Fault("label_type", column=column))


def _family(kind: pa.DataType) -> str:
    import pyarrow.types as kinds

    from monitoring.engines.counts import is_number

    return "number" if is_number(kind) else "truth" if kinds.is_boolean(kind) else str(kind)


def _refuse(connection: duckdb.DuckDBPyConnection, first_row: int, asked: Asked) -> None:
    """Raises Unreadable for a data period whose cases are not told apart, and for rows that do not fit it."""
    twice = connection.sql(
        'SELECT "case" FROM period WHERE "case" IS NOT NULL GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 5'
    ).fetchall()
    if twice:
        raise Unreadable(
            Fault(
                "cases_repeat", column=asked.identifier, params={"found": [each[:SHOWN] for (each,) in twice]}
            )
        )
    connection.execute(KNOWN)
    wrong = connection.sql(WRONG)
    faults = list(_faults(wrong.limit(MOST_NAMED).fetchall(), first_row, asked))
    if faults:
        counts = wrong.aggregate("rule, count(*)", "rule").order("rule").fetchall()
        raise Unreadable(*faults, counts=dict(counts))


def _faults(rows: list[tuple[Any, ...]], first_row: int, asked: Asked) -> Iterator[Fault]:
    columns = {"label_missing": asked.label, "label_conflicts": asked.label}
    for place, case, said, known, rule in rows:
        told = {"case": case, "said": said, "known": known}
        params: dict[str, object] = {key: str(each)[:SHOWN] for key, each in told.items() if each is not None}
        yield Fault(rule, place + first_row, columns.get(rule, asked.identifier), params=params)


KNOWN = """
    CREATE TEMP VIEW known AS
    SELECT "case", label FROM period WHERE label IS NOT NULL AND "case" IS NOT NULL
    UNION ALL SELECT "case", label FROM earlier
"""
WRONG = """
    SELECT place, "case", said, known, rule FROM (
        SELECT given.place, given."case", given.label AS said, known.label AS known,
            CASE WHEN given."case" IS NULL THEN 'case_missing'
                 WHEN given.label IS NULL THEN 'label_missing'
                 WHEN row_number() OVER (PARTITION BY given."case" ORDER BY given.place) > 1 THEN 'case_twice'
                 WHEN period."case" IS NULL THEN 'case_unknown'
                 WHEN known.label <> given.label THEN 'label_conflicts' END AS rule
        FROM given LEFT JOIN period ON given."case" = period."case" LEFT JOIN known ON given."case" = known."case"
    ) WHERE rule IS NOT NULL ORDER BY place
"""
FRESH = """
    CREATE TEMP VIEW fresh AS
    SELECT "case", label, known_on FROM given WHERE "case" NOT IN (SELECT "case" FROM known)
"""
KEPT = 'SELECT * FROM (SELECT * FROM earlier UNION ALL SELECT * FROM fresh) ORDER BY "case"'


def _kept(connection: duckdb.DuckDBPyConnection) -> tuple[pa.Table, int, int]:
    """What is known without the data period's own outcomes, in the order of the cases; how much is new; how many it has."""
    connection.execute(FRESH)
    kept = connection.sql(KEPT).to_arrow_table()
    [(fresh,)] = connection.sql("SELECT count(*) FROM fresh").fetchall()
    [(own,)] = connection.sql("SELECT count(label) FROM period").fetchall()
    return kept, fresh, own


def _write(kept: pa.Table, path: Path) -> None:
    from monitoring.data.canonical import write

    write(kept.schema, iter(kept.combine_chunks().to_batches()), path, kept.num_rows)


if __name__ == "__main__":
    own_process.answer(_answered)
