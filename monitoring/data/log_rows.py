"""What the rows of an order log may not lack, judged over the canonical file in a process of its own.

A decision log may have holes: how many there are is what its check measures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.data.faults import MOST_NAMED, Fault, Unreadable, broken
from monitoring.engines import own_process

if TYPE_CHECKING:
    import duckdb

    from monitoring.data.intake import Intake
    from monitoring.data.models import Dataset

NEEDED = {
    "algorithm": ("order", "change", "cancel", "trade"),
    "order": ("order", "change", "cancel", "trade"),
    "quantity": ("order", "trade"),
    "price": ("trade",),
}
"""A kill switch may stop all algorithms at once, and an order at the market states no price."""
SHOWN = 40


def refuse(dataset: Dataset, taken: Intake) -> None:
    """Raises Unreadable, which names row, column and rule; then nothing is left behind."""
    question = {
        "path": str(taken.path),
        "kind": dataset.kind,
        "time": dataset.time,
        "columns": dataset.log_columns,
        "values": dataset.log_values,
        "header": int(taken.source_format == "csv"),
    }
    try:
        faults = own_process.ask(__name__, question, reads=[taken.path])
    except own_process.TookTooMuch as died:
        raise broken("took_too_much") from died
    if faults:
        taken.path.unlink()
        raise Unreadable(*(Fault(**fault) for fault in faults))


def _read(asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    from monitoring.engines.windows import column_types, reading

    path = Path(asked["path"])
    if str(column_types(path)[asked["time"]]).startswith("date"):
        return [asdict(Fault("log_not_moments", column=asked["time"]))]
    if asked["kind"] != "orders":
        return []
    with reading(path) as rows:
        found = list(_faults(rows, asked, path))
    return [asdict(fault) for fault in sorted(found, key=lambda fault: fault.row or 0)[:MOST_NAMED]]


def _faults(rows: duckdb.DuckDBPyRelation, asked: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    from monitoring.engines.order_log import event_of
    from monitoring.engines.windows import column_types, quoted

    columns, types = asked["columns"], column_types(path)
    event = event_of(columns["event"], types[columns["event"]], asked["values"])
    value = f"CAST({quoted(columns['event'])} AS VARCHAR)"
    yield from _broken(rows, "log_unknown_event", columns["event"], f"{event} IS NULL", value, asked)
    for role, events in NEEDED.items():
        name = quoted(columns[role])
        empty = f"nullif(trim(CAST({name} AS VARCHAR)), '') IS NULL"
        among = ", ".join(f"'{each}'" for each in events)
        yield from _broken(
            rows, "log_value_missing", columns[role], f"{event} IN ({among}) AND {empty}", "''", asked
        )
    quantity = quoted(columns["quantity"])
    yield from _broken(rows, "log_negative", columns["quantity"], f"{quantity} < 0", quantity, asked)


def _broken(
    rows: duckdb.DuckDBPyRelation,
    rule: str,
    column: str,
    condition: str,
    value: str,
    asked: Mapping[str, Any],
) -> Iterator[Fault]:
    """The first rows of which the condition is true."""
    numbered = rows.project(
        f"row_number() OVER () AS line_of_file, {value} AS told, ({condition}) AS is_broken"
    )
    first = numbered.filter("is_broken").order("line_of_file").limit(MOST_NAMED)
    for line, told in first.project("line_of_file, CAST(told AS VARCHAR)").fetchall():
        yield Fault(rule, line + asked["header"], column, params={"value": (told or "")[:SHOWN]})


if __name__ == "__main__":
    own_process.answer(_read, without=("numpy", "pandas"))
