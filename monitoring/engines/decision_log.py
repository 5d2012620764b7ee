"""Is a log of decisions whole: every field, every number, no silence, approved versions alone, nothing during a suspension?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from monitoring.engines.column_quality import MOMENT, kind_of, text_of, value_of
from monitoring.engines.intervals import Estimate, wilson
from monitoring.engines.order_log import SECOND, listed
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.results import plain
from monitoring.engines.scoring import Progress, silent
from monitoring.engines.versions import versions
from monitoring.engines.windows import question, quoted, reading, require_columns

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

METHOD = {
    "instrument": "duckdb, all rows",
    "complete": "every field has a value; the operator may be missing where no person took part",
    "numbers": "the lowest to the highest running number, less those that are there",
    "silence": "the longest time between two decisions that follow each other",
    "approved": "a permission for production of that version was in force at the time of the decision",
    "zone": "times without a zone are those of the register's own",
    "interval": "Wilson for shares, 95 %",
}
FIELDS = ("identifier", "version", "input", "output", "action", "operator")
NAMED = 20
HOUR = 3600 * SECOND

Spells = Sequence[tuple[str, str, str | None]]
"""Label of a version, from when, until when: ISO moments with a zone, None = still."""


@dataclass(frozen=True)
class Silence:
    """Hours between two decisions, with the moments of both."""

    hours: float
    since: str
    until: str


@dataclass(frozen=True)
class OfVersion:
    """The decisions of one version of the log: how many, how many without a permission and how many while it was suspended."""

    version: str
    n: int
    unapproved: int
    suspended: int


@dataclass(frozen=True)
class DecisionLogResult:
    """missing: share of the rows without a value, by field. numbers: share of the running numbers that are not there; None
    without such a column. unapproved, suspended: of the decisions that name a version; value None where the register knows none.
    """

    rows: int
    complete: Estimate
    missing: dict[str, Estimate]
    repeated_ids: Estimate
    numbers: Estimate | None
    silences: list[Silence]
    unapproved: Estimate
    suspended: Estimate
    versions: list[OfVersion]
    overridden: Estimate
    register: dict[str, Any]
    inputs: dict[str, str] = field(default_factory=dict)
    libraries: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the method by name."""
        return {"kind": "decision_log", "method": METHOD, **plain(self)}


def measure(
    path: Path,
    *,
    time: str,
    identifier: str,
    columns: Mapping[str, str],
    values: Mapping[str, Sequence[str]],
    register: Mapping[str, Any],
    inputs: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> DecisionLogResult:
    """register: {"approved": Spells, "suspended": Spells, "zone"}. Raises MissingColumns, CannotMeasure."""
    types = require_columns(path, [time, identifier, *columns.values()])
    if kind_of(types[time]) != MOMENT or str(types[time]).startswith("date"):
        raise CannotMeasure("log_without_moments", column=time)
    zoned = "tz=" in str(types[time])
    with reading(path) as rows:
        log = rows.project(", ".join(_projected(time, {**columns, "identifier": identifier}, values, types)))
        missing, n = _missing(log)
        if not n:
            raise CannotMeasure("no_rows")
        progress(40, "decision_log")
        of_versions = _versions(log, register, zoned)
        progress(70, "decision_log")
        return _told(log, n, missing, of_versions, register, inputs)


def _told(
    log: duckdb.DuckDBPyRelation,
    n: int,
    missing: dict[str, int],
    of_versions: list[OfVersion],
    register: Mapping[str, Any],
    inputs: Mapping[str, str] | None,
) -> DecisionLogResult:
    asked = "SELECT count(*) FILTER (is_whole), count(identifier) - count(DISTINCT identifier), "
    asked += "count(*) FILTER (is_override), count(action) FROM log"
    [(whole, repeated, overridden, acted)] = _rows(log, asked)
    named = sum(each.n for each in of_versions)
    approved = bool(register.get("approved"))
    without = wilson(sum(each.unapproved for each in of_versions), named)
    during = wilson(sum(each.suspended for each in of_versions), named)
    unknown = Estimate(None, None, None, named)
    return DecisionLogResult(
        rows=n,
        complete=wilson(int(whole), n),
        missing={role: wilson(lacking, n) for role, lacking in missing.items()},
        repeated_ids=wilson(int(repeated), n - missing["identifier"]),
        numbers=_numbers(log),
        silences=_silences(log),
        unapproved=without if approved else unknown,
        suspended=during if approved else unknown,
        versions=sorted(of_versions, key=lambda each: (-each.n, each.version))[:NAMED],
        overridden=wilson(int(overridden), int(acted)),
        register=dict(register),
        inputs=dict(inputs or {}),
        libraries=versions("duckdb", "pyarrow"),
    )


def _projected(
    time: str,
    columns: Mapping[str, str],
    values: Mapping[str, Sequence[str]],
    types: Mapping[str, pa.DataType],
) -> list[str]:
    told = {role: text_of(columns[role], types[columns[role]]) for role in FIELDS}
    unattended = listed(values["unattended"]) if values.get("unattended") else "NULL"
    attended = (
        f"coalesce({told['action']} NOT IN ({unattended}), true)" if values.get("unattended") else "true"
    )
    operator = f"({told['operator']} IS NOT NULL OR NOT {attended})"
    whole = [f"{told[role]} IS NOT NULL" for role in FIELDS if role != "operator"]
    sequence = columns.get("sequence")
    number = f"CAST({value_of(sequence, types[sequence])} AS BIGINT)" if sequence else "CAST(NULL AS BIGINT)"
    return [
        f"epoch_us({quoted(time)}) AS ts",
        *(f"{text} AS {role}" for role, text in told.items()),
        f"{operator} AS has_operator",
        f"({' AND '.join([*whole, operator])}) AS is_whole",
        f"coalesce({told['action']} IN ({listed(values['override'])}), false) AS is_override",
        f"{number} AS number",
    ]


def _rows(log: duckdb.DuckDBPyRelation, query: str) -> list[tuple[Any, ...]]:
    answer = log.query("log", question(query))
    return answer.fetchall() if answer else []


def _missing(log: duckdb.DuckDBPyRelation) -> tuple[dict[str, int], int]:
    sums = [f"count(*) - count({role})" for role in FIELDS if role != "operator"]
    query = f"SELECT count(*), {', '.join(sums)}, count(*) FILTER (NOT has_operator) FROM log"  # noqa: S608
    [(n, *found)] = _rows(log, query)
    return dict(zip(FIELDS, map(int, found), strict=True)), int(n)


def _numbers(log: duckdb.DuckDBPyRelation) -> Estimate | None:
    [(lowest, highest, there)] = _rows(
        log, "SELECT min(number), max(number), count(DISTINCT number) FROM log"
    )
    if lowest is None:
        return None
    expected = int(highest) - int(lowest) + 1
    return wilson(expected - int(there), expected)


def _silences(log: duckdb.DuckDBPyRelation) -> list[Silence]:
    """The longest first."""
    query = (
        "SELECT ts - before AS gap, before, ts FROM (SELECT ts, lag(ts) OVER (ORDER BY ts) AS before FROM log) "  # noqa: S608
        f"WHERE before IS NOT NULL ORDER BY gap DESC, ts LIMIT {NAMED}"
    )
    return [
        Silence(int(gap) / HOUR, _moment(since), _moment(until)) for gap, since, until in _rows(log, query)
    ]


def _versions(log: duckdb.DuckDBPyRelation, register: Mapping[str, Any], zoned: bool) -> list[OfVersion]:
    zone = "UTC" if zoned else str(register.get("zone", "UTC"))
    approved = _within(register.get("approved", ()), zone)
    suspended = _within(register.get("suspended", ()), zone)
    query = (
        f"SELECT version, count(*), count(*) FILTER (NOT {approved}), count(*) FILTER ({suspended}) "  # noqa: S608
        "FROM log WHERE version IS NOT NULL GROUP BY version"
    )
    return [OfVersion(version, *map(int, counts)) for version, *counts in _rows(log, query)]


def _within(spells: Spells, zone: str) -> str:
    """SQL of whether a decision falls into one of the spells of its version."""
    each = [
        f"(version = {listed([label])} AND ts >= {_micros(since, zone)}"
        + (f" AND ts < {_micros(until, zone)})" if until else ")")
        for label, since, until in spells
    ]
    return f"({' OR '.join(each)})" if each else "false"


def _micros(moment: str, zone: str) -> int:
    """Microseconds as the log counts them: of the clock of a zone, as if it were UTC."""
    local = datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).replace(tzinfo=UTC)
    return int(local.timestamp()) * SECOND + local.microsecond


def _moment(at: Any) -> str:
    return datetime.fromtimestamp(int(at) / SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%S")
