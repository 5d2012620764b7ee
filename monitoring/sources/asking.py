"""The only query that is ever sent: names of a table and its columns, and two days. Runs in a process of its own.

That process gets what it needs on its standard input and has no setting and no database of ours. It reads in a read-only
transaction through a cursor on the server, row group by row group, and writes Parquet; what a value means is judged later,
by the intake, as of any file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.engines import own_process

if TYPE_CHECKING:
    import psycopg
    import pyarrow as pa

CONNECT_SECONDS = 10
AT_ONCE = 10_000
TOLD_BY_CLIENT = re.compile(r"connection to server at .*? failed: (.*)", re.DOTALL)
STATES = {
    "42P01": "no_table",
    "3F000": "no_table",
    "42703": "no_column",
    "42501": "not_allowed",
    "42883": "wrong_period",
    "42804": "wrong_period",
    "22007": "wrong_period",
    "57014": "timed_out",
}
BROKEN_OFF = ("08", "57P")


class Told(Exception):
    """Why there are no rows, by the key of a Trouble."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        with _connected(asked["server"]) as connection:
            if asked["what"] is None:
                connection.execute("SELECT 1")
                return {}
            return _fetched(connection, asked["what"], Path(asked["into"]), asked["most"])
    except Told as told:
        return {"trouble": told.trouble}


@contextmanager
def _connected(server: dict[str, Any]) -> Iterator[psycopg.Connection[Any]]:
    """Goes to the address that was judged; the certificate has to be that of the name. Raises Told."""
    import psycopg

    try:
        connection = psycopg.connect(
            host=server["host"],
            hostaddr=server["address"],
            port=server["port"],
            dbname=server["database"],
            user=server["account"],
            password=server["password"],
            sslmode=server["encryption"],
            sslrootcert=server["authority"],
            sslcert="/nowhere",
            sslkey="/nowhere",
            passfile="/nowhere",
            gssencmode="disable",
            target_session_attrs="any",
            connect_timeout=CONNECT_SECONDS,
            application_name="Senim",
        )
    except psycopg.Error as error:
        raise Told(_unconnected(str(error))) from error
    try:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        yield connection
    except (
        psycopg.DataError
    ) as unfit:  # without a state it is psycopg that cannot hold a value, such as an infinite date
        raise Told(_in_query(unfit.sqlstate) if unfit.sqlstate else "wrong_type") from unfit
    except psycopg.Error as error:
        raise Told(_in_query(error.sqlstate or "")) from error
    finally:
        connection.close()


def _unconnected(said: str) -> str:
    """What libpq says for itself is English; anything else comes from a server that lets nobody in, in its own language."""
    told = TOLD_BY_CLIENT.search(said)
    reason = told.group(1) if told else said
    if "certificate" in reason or "SSL error" in reason:
        return "tls"
    if "does not support SSL" in reason:
        return "no_tls"
    if "timeout" in reason:
        return "timed_out"
    if "closed the connection" in reason:
        return "broke_off"
    return "sign_in_refused" if told and "Is the server running" not in reason else "no_answer"


def _in_query(state: str) -> str:
    return "broke_off" if state.startswith(BROKEN_OFF) or not state else STATES.get(state, "server_error")


def _fetched(
    connection: psycopg.Connection[Any], what: dict[str, Any], into: Path, most: int
) -> dict[str, Any]:
    """rows: how many were written to the file. Raises Told."""
    import pyarrow.parquet as pq

    for name, value in (
        ("statement_timeout", str(what["seconds"] * 1000)),
        ("lock_timeout", "10000"),
        ("TimeZone", what["zone"]),
    ):
        connection.execute("SELECT set_config(%s, %s, true)", [name, value])
    query = _query(what)
    with connection.cursor(name="senim") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(query)
        first = cursor.fetchmany(AT_ONCE)
        schema = _schema(cursor.description or [])
        rows = 0
        with pq.ParquetWriter(into, schema, compression="zstd") as writer:
            while first:
                writer.write_batch(_batch(first, schema))
                rows += len(first)
                if into.stat().st_size > most:
                    raise Told("too_much")
                first = cursor.fetchmany(AT_ONCE)
    return {"rows": rows, "query": query.as_string(connection)}


def _query(what: dict[str, Any]) -> Any:
    """Names are quoted as names and days as values: nothing that somebody typed becomes SQL."""
    from psycopg import sql

    period = sql.Identifier(what["period_column"])
    order = [period, *(sql.Identifier(each) for each in what["order"])]
    return sql.SQL("SELECT {} FROM {} WHERE {} >= {} AND {} < {} ORDER BY {}").format(
        sql.SQL(", ").join(map(sql.Identifier, what["columns"])),
        sql.Identifier(what["schema"], what["table"]),
        period,
        sql.Literal(date.fromisoformat(what["from"])),
        period,
        sql.Literal(date.fromisoformat(what["until"])),
        sql.SQL(", ").join(order),
    )


def _schema(description: Any) -> pa.Schema:
    """Raises Told for a type that no check can read."""
    import pyarrow as pa
    from psycopg.postgres import types

    kinds = {
        **dict.fromkeys(("int2", "int4", "int8"), pa.int64()),
        **dict.fromkeys(("float4", "float8", "numeric"), pa.float64()),
        **dict.fromkeys(("text", "varchar", "bpchar", "name", "uuid"), pa.string()),
        "bool": pa.bool_(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us"),
        "timestamptz": pa.timestamp("us", "UTC"),
    }
    fields = []
    for column in description:
        known = types.get(column.type_code)
        is_plain = known is not None and known.oid == column.type_code  # not an array of it
        kind = kinds.get(known.name) if known and is_plain else None
        if kind is None:
            raise Told("wrong_type")
        fields.append(pa.field(column.name, kind))
    return pa.schema(fields)


def _batch(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    """Raises Told for a value that the type of its column cannot hold, such as an infinite date."""
    import pyarrow as pa
    import pyarrow.types as kinds

    try:
        arrays = []
        for field, values in zip(schema, zip(*rows, strict=True), strict=True):
            turn = float if kinds.is_floating(field.type) else str if kinds.is_string(field.type) else None
            told = [None if each is None else turn(each) for each in values] if turn else list(values)
            arrays.append(pa.array(told, field.type))
        return pa.RecordBatch.from_arrays(arrays, schema=schema)
    except (pa.ArrowException, ValueError, OverflowError) as unfit:
        raise Told("wrong_type") from unfit


if __name__ == "__main__":
    own_process.answer(_answer)
