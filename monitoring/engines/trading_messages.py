"""What the algorithms of an order log sent: how fast, how often for a trade, how large. Every figure is counted over all rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from monitoring.engines.intervals import Estimate, wilson
from monitoring.engines.order_log import DAY, MESSAGES, SECOND, Log

SIZES = ("order_quantity", "order_value", "position_value", "price_collar")

WHOLE = f"SELECT algorithm, ts // {SECOND} AS s, count(*) AS n FROM log WHERE {MESSAGES} GROUP BY ALL"  # noqa: S608
FULLEST = f"""
    WITH whole AS MATERIALIZED ({WHOLE}),
    told AS (
        SELECT algorithm, max(n) AS most, quantile_cont(n, 0.99) AS p99, count(*) AS seconds, sum(n) AS messages
        FROM whole GROUP BY algorithm
    ),
    full_ones AS (
        SELECT now.algorithm, now.s FROM whole now JOIN told USING (algorithm)
        LEFT JOIN whole before ON before.algorithm = now.algorithm AND before.s = now.s - 1
        WHERE now.n + coalesce(before.n, 0) >= told.most
    ),
    near AS (SELECT algorithm, s FROM full_ones UNION SELECT algorithm, s - 1 FROM full_ones),
    sliding AS (
        SELECT algorithm, ts, count(*) OVER (
            PARTITION BY algorithm ORDER BY ts RANGE BETWEEN {SECOND - 1} PRECEDING AND CURRENT ROW
        ) AS n
        FROM log WHERE {MESSAGES} AND (algorithm, ts // {SECOND}) IN (SELECT (algorithm, s) FROM near)
    )
    SELECT algorithm, max(n), arg_max(ts, ROW(n, -ts)), any_value(p99), any_value(seconds), any_value(messages)
    FROM sliding JOIN told USING (algorithm) GROUP BY algorithm
"""  # noqa: S608  # words of ours
"""A second that ends in a whole one of the clock holds at most what that one and the one before it hold."""


@dataclass(frozen=True)
class Rate:
    """Messages of one algorithm in a second. largest: of any second that begins with a message; p99: of the whole seconds
    of the clock in which there was one. at: when the fullest second ended, in UTC or in the zone of the log."""

    algorithm: str
    largest: int
    p99: float
    seconds: int
    messages: int
    at: str


@dataclass(frozen=True)
class Ratio:
    """Messages for a trade of one algorithm. largest: of its worst day, on which no trade counts as one trade."""

    algorithm: str
    overall: float | None
    largest: float
    on: str
    messages: int
    trades: int
    days: int
    days_without_trade: int


@dataclass(frozen=True)
class Size:
    """The largest of one thing and the share of those beyond the limit. beyond: None without a limit. n: how many there are."""

    key: str
    algorithm: str
    largest: float | None
    limit: float | None
    beyond: Estimate | None
    n: int


def rates(log: Log) -> list[Rate]:
    """Messages a second, by algorithm. Only around the fullest whole seconds of the clock is looked for the fullest second."""
    found = [
        Rate(algorithm, int(most), float(p99), int(seconds), int(n), moment(ts))
        for algorithm, most, ts, p99, seconds, n in log.rows(FULLEST)
    ]
    return sorted(found, key=lambda each: each.algorithm)


def ratios(log: Log) -> list[Ratio]:
    """Messages for a trade, by algorithm and day."""
    daily = (
        f"SELECT algorithm, day, count(*) FILTER ({MESSAGES}) AS messages, "  # noqa: S608
        "count(*) FILTER (kind = 'trade') AS trades FROM log WHERE algorithm IS NOT NULL GROUP BY ALL"
    )
    asked = log.rows(
        f"SELECT algorithm, max(ratio), arg_max(day, ROW(ratio, -day)), sum(messages), sum(trades), count(*), "  # noqa: S608
        f"count(*) FILTER (trades = 0) FROM (SELECT *, messages / greatest(trades, 1) AS ratio FROM ({daily})) "
        "WHERE messages > 0 GROUP BY algorithm ORDER BY algorithm"
    )
    return [
        Ratio(
            algorithm,
            int(messages) / int(trades) if trades else None,
            float(largest),
            moment(on * DAY)[:10],
            int(messages),
            int(trades),
            int(days),
            int(without),
        )
        for algorithm, largest, on, messages, trades, days, without in asked
    ]


def busiest_day(log: Log) -> tuple[int, int]:
    """The most new orders of all algorithms in a day, and the number of days with one."""
    daily = "SELECT day, count(*) AS n FROM log WHERE kind = 'order' GROUP BY day"
    [(most, days)] = log.rows(f"SELECT max(n), count(*) FROM ({daily})")  # noqa: S608
    return int(most or 0), int(days)


def sizes(log: Log, limits: Mapping[str, float | None]) -> list[Size]:
    """Quantity and value of orders, distance from the reference price, and position, by algorithm. limits: None = none is set."""
    ordered = "SELECT algorithm, {it} AS it FROM log WHERE kind IN ('order', 'change')"
    held = (
        "SELECT algorithm, abs(sum(signed) OVER (PARTITION BY algorithm, instrument ORDER BY ts, line)) * price AS it "
        "FROM log WHERE kind = 'trade'"
    )
    asked = {
        "order_quantity": ordered.format(it="quantity"),
        "order_value": ordered.format(it="quantity * price"),
        "price_collar": ordered.format(it="abs(price / nullif(collar, 0) - 1)"),
        "position_value": held,
    }
    needs = {"price_collar": "collar", "position_value": "side"}
    there = [key for key in SIZES if key not in needs or log.has(needs[key])]
    return [size for key in there for size in _sizes(log, key, asked[key], limits.get(key))]


def _sizes(log: Log, key: str, query: str, limit: float | None) -> list[Size]:
    beyond = "0" if limit is None else f"count(*) FILTER (it > {limit!r})"
    rows = log.rows(
        f"SELECT algorithm, max(it), {beyond}, count(it) FROM ({query}) WHERE it IS NOT NULL "  # noqa: S608
        "GROUP BY algorithm ORDER BY algorithm"
    )
    return [
        Size(
            key,
            algorithm,
            float(largest),
            limit,
            None if limit is None else wilson(int(over), int(n)),
            int(n),
        )
        for algorithm, largest, over, n in rows
    ]


def unregistered(log: Log, registered: list[str]) -> Estimate:
    """The share of the messages whose algorithm the registration does not list. None where it lists none."""
    found = log.rows(f"SELECT algorithm, count(*) FROM log WHERE {MESSAGES} GROUP BY algorithm")  # noqa: S608
    total = sum(int(n) for _algorithm, n in found)
    if not registered:
        return Estimate(None, None, None, total)
    return wilson(sum(int(n) for algorithm, n in found if algorithm not in registered), total)


def moment(at: Any) -> str:
    """Microseconds as ISO text, to the second."""
    return datetime.fromtimestamp(int(at) / SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%S")
