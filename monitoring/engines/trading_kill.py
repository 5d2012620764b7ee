"""The kill switch in an order log: how long after it an algorithm still sent messages, and which orders it left open.

After a kill switch an algorithm is to be silent until it is switched on again, else until the end of the day. An order is
open from its entry until it is cancelled or its quantity has traded; orders of earlier days are taken to have expired.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from monitoring.engines.intervals import Estimate, wilson
from monitoring.engines.order_log import DAY, MESSAGES, SECOND, Log
from monitoring.engines.trading_messages import moment

KILLS = f"""
    stops AS (
        SELECT DISTINCT ts, day, algorithm FROM log WHERE kind = 'kill' AND algorithm IS NOT NULL
        UNION SELECT DISTINCT k.ts, k.day, l.algorithm FROM log k, (SELECT DISTINCT algorithm FROM log) l
        WHERE k.kind = 'kill' AND k.algorithm IS NULL AND l.algorithm IS NOT NULL
    ),
    turns AS (
        SELECT ts, algorithm, true AS is_stop FROM stops
        UNION ALL SELECT ts, algorithm, false FROM log WHERE kind = 'start'
    ),
    kills AS (
        SELECT s.algorithm, s.ts, s.day,
               coalesce(min(t.ts), (s.day + 1) * {DAY}) AS until_ts
        FROM stops s LEFT JOIN turns t
          ON t.ts > s.ts AND t.ts < (s.day + 1) * {DAY} AND (t.algorithm = s.algorithm OR t.algorithm IS NULL)
        GROUP BY s.algorithm, s.ts, s.day
    )
"""  # noqa: S608  # words of ours
LATENCIES = f"""
    WITH {KILLS}
    SELECT k.algorithm, k.ts, coalesce(max(l.ts) - k.ts, 0) AS late, count(l.ts) AS messages
    FROM kills k LEFT JOIN log l
      ON l.algorithm = k.algorithm AND l.ts > k.ts AND l.ts < k.until_ts AND l.{MESSAGES}
    GROUP BY k.algorithm, k.ts ORDER BY k.ts, k.algorithm
"""  # noqa: S608  # words of ours
LEFT_OPEN = f"""
    WITH {KILLS},
    ordered AS (
        SELECT algorithm, number, min(day) AS day, min(ts) FILTER (kind = 'order') AS entered,
               arg_max(quantity, ROW(ts, line)) FILTER (kind IN ('order', 'change')) AS quantity,
               min(ts) FILTER (kind = 'cancel') AS cancelled,
               sum(quantity) FILTER (kind = 'trade') AS traded, max(ts) FILTER (kind = 'trade') AS last_trade
        FROM log WHERE number IS NOT NULL AND algorithm IN (SELECT algorithm FROM stops)
        GROUP BY algorithm, number
    ),
    closed AS (
        SELECT *, least(cancelled, CASE WHEN traded >= quantity THEN last_trade END) AS closed_at FROM ordered
    )
    SELECT count(*), count(*) FILTER (closed_at IS NULL OR closed_at >= until_ts)
    FROM kills k JOIN closed o
      ON o.algorithm = k.algorithm AND o.day = k.day AND o.entered <= k.ts AND (closed_at IS NULL OR closed_at > k.ts)
"""  # noqa: S608
NAMED = 20


@dataclass(frozen=True)
class Stop:
    """One kill switch of one algorithm. seconds: until its last message before it was switched on again."""

    algorithm: str
    at: str
    seconds: float
    messages: int


@dataclass(frozen=True)
class Kills:
    """n: how often an algorithm was stopped; 0 = not measured. left_open: of the orders open then, those never closed."""

    n: int
    largest: float | None
    p95: float | None
    left_open: Estimate
    slowest: list[Stop]


def kills(log: Log) -> Kills:
    """Latency and open orders of every kill switch of the log."""
    found = [_stop(row) for row in log.rows(LATENCIES)]
    if not found:
        return Kills(0, None, None, Estimate(None, None, None, 0), [])
    [(at_risk, left)] = log.rows(LEFT_OPEN)
    late = sorted(each.seconds for each in found)
    slowest = sorted(found, key=lambda each: (-each.seconds, each.at, each.algorithm))[:NAMED]
    return Kills(len(found), late[-1], _quantile(late, 0.95), wilson(int(left), int(at_risk)), slowest)


def _stop(row: tuple[Any, ...]) -> Stop:
    algorithm, at, late, messages = row
    return Stop(algorithm, moment(at), int(late) / SECOND, int(messages))


def _quantile(ascending: list[float], share: float) -> float:
    """With straight lines between the values, as NumPy and DuckDB do."""
    place = share * (len(ascending) - 1)
    below = int(place)
    above = min(below + 1, len(ascending) - 1)
    return ascending[below] + (ascending[above] - ascending[below]) * (place - below)
