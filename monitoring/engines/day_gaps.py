"""Days without a row, where the reference shows that there should be some."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from monitoring.engines.column_quality import MOMENT, kind_of
from monitoring.engines.intervals import Estimate, wilson
from monitoring.engines.windows import column_types, quoted, reading

USUAL_SHARE = 0.5
"""A weekday is expected to have rows when at least half of such days of the reference have some."""
FEWEST_DAYS = 10
NAMED = 20


@dataclass(frozen=True)
class Gaps:
    """status: measured, not_daily (no weekday usually has rows), insufficient_data (few days) or not_a_date.

    empty: share of the expected days without any row. longest: expected days without a row in succession.
    rows_per_day: the middle one of the days that have rows.
    """

    column: str
    status: str
    empty: Estimate
    longest: int = 0
    days: tuple[str, ...] = ()
    rows_per_day: float | None = None
    rows_per_day_before: float | None = None


def gaps(reference: Path, current: Path, column: str) -> Gaps:
    """Days of the current period without a row, on the weekdays that usually have rows in the reference."""
    if any(kind_of(column_types(path)[column]) != MOMENT for path in (reference, current)):
        return Gaps(column, "not_a_date", Estimate(None, None, None, 0))
    before, now = _rows_by_day(reference, column), _rows_by_day(current, column)
    usual = _usual_weekdays(before)
    expected = [day for day in _span(now) if day.weekday() in usual]
    empty = [day for day in expected if day not in now]
    few = len(expected) < FEWEST_DAYS
    status = "not_daily" if not usual else "insufficient_data" if few else "measured"
    return Gaps(
        column,
        status,
        wilson(len(empty), len(expected)),
        _longest(expected, now),
        tuple(day.isoformat() for day in empty[:NAMED]),
        _middle(now),
        _middle(before),
    )


def _rows_by_day(path: Path, column: str) -> dict[date, int]:
    with reading(path) as rows:
        days = rows.project(f"CAST({quoted(column)} AS DATE) AS day").filter("day IS NOT NULL")
        return dict(days.aggregate("day, count(*) AS n", "day").order("day").fetchall())


def _span(rows: dict[date, int]) -> list[date]:
    if not rows:
        return []
    first, last = min(rows), max(rows)
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def _usual_weekdays(rows: dict[date, int]) -> set[int]:
    all_days = [day.weekday() for day in _span(rows)]
    with_rows = [day.weekday() for day in rows]
    return (
        {day for day in set(with_rows) if with_rows.count(day) >= USUAL_SHARE * all_days.count(day)}
        if len(rows) >= FEWEST_DAYS
        else set()
    )


def _longest(expected: list[date], rows: dict[date, int]) -> int:
    longest = running = 0
    for day in expected:
        running = 0 if day in rows else running + 1
        longest = max(longest, running)
    return longest


def _middle(rows: dict[date, int]) -> float | None:
    from statistics import median

    return float(median(rows.values())) if rows else None
