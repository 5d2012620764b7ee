"""A seeded order log as a busy day of two algorithms, and the plainest possible second implementation of its sums."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

COLUMNS = {
    "event": "msg",
    "algorithm": "algo",
    "order": "order_id",
    "quantity": "qty",
    "price": "px",
    "side": "side",
    "instrument": "isin",
    "collar": "ref_px",
    "gain": "pnl",
}
VALUES = {
    "order": ["NEW"],
    "change": ["AMEND"],
    "cancel": ["CXL", "EXPIRED"],
    "trade": ["FILL"],
    "kill": ["KILL"],
    "start": ["START"],
    "buy": ["B"],
}
HEADER = ["at", *COLUMNS.values()]
MESSAGES = {"NEW", "AMEND", "CXL", "EXPIRED"}
FIRST = datetime(2026, 10, 5, 11, 0)  # noqa: DTZ001  # a log tells the time of its own clock
Row = dict[str, Any]


def busy(days: int = 40, orders: int = 60, seed: int = 7, kills: bool = True) -> list[Row]:
    """Orders in bursts on working days; half are cancelled within a second, the rest trade. One kill switch near the end."""
    draw = random.Random(seed)
    rows: list[Row] = []
    day = FIRST
    for number in range(days):
        while day.weekday() > 4:
            day += timedelta(days=1)
        for order in range(orders):
            rows += _life(draw, day, f"{number}-{order}")
        day += timedelta(days=1)
    rows.sort(key=lambda row: row["at"])
    return rows + _killed(rows[-1]["at"]) if kills else rows


def _life(draw: random.Random, day: datetime, name: str) -> list[Row]:
    algorithm = draw.choice(["MM-1", "MM-2"])
    burst = day + timedelta(minutes=draw.randrange(12) * 30)
    at = burst + timedelta(microseconds=draw.randrange(3_000_000))
    price, quantity = round(draw.gauss(1000, 5), 2), draw.randrange(1, 50)
    common = {"algo": algorithm, "order_id": name, "isin": draw.choice(["KZ1", "KZ2"]), "ref_px": 1000.0}
    common["side"] = draw.choice("BS")
    new = {"at": at, "msg": "NEW", "qty": quantity, "px": price, **common}
    later = at + timedelta(microseconds=draw.randrange(1, 900_000))
    if draw.random() < 0.5:
        return [new, {**new, "at": later, "msg": draw.choice(["CXL", "EXPIRED"])}]
    return [new, {**new, "at": later, "msg": "FILL", "pnl": round(draw.gauss(3, 20), 2)}]


def _killed(last: datetime) -> list[Row]:
    """MM-1 is stopped: it sends two cancels 0.5 and 1.25 seconds later and leaves one of its three open orders open."""
    start = last + timedelta(minutes=5)
    base = {"algo": "MM-1", "isin": "KZ1", "side": "B", "qty": 10, "px": 1000.0, "ref_px": 1000.0}
    orders = [{**base, "at": start, "msg": "NEW", "order_id": f"open-{n}"} for n in range(3)]
    kill = {"at": start + timedelta(seconds=10), "msg": "KILL", "algo": "MM-1"}
    cancels = [
        {**base, "at": kill["at"] + timedelta(milliseconds=late), "msg": "CXL", "order_id": f"open-{n}"}
        for n, late in enumerate((500, 1250))
    ]
    again = {"at": kill["at"] + timedelta(minutes=30), "msg": "START", "algo": "MM-1"}
    after = {**base, "at": again["at"] + timedelta(seconds=1), "msg": "NEW", "order_id": "after"}
    return [*orders, kill, *cancels, again, after, {**after, "msg": "CXL"}]


def as_csv(rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "at": row["at"].isoformat(sep=" ", timespec="microseconds")})
    return text.getvalue().encode()


def as_parquet(rows: list[Row], path: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"at": pa.timestamp("us"), "qty": pa.float64(), "px": pa.float64()}
    kinds |= {"ref_px": pa.float64(), "pnl": pa.float64()}
    columns = {
        name: pa.array([row.get(name) for row in rows], kinds.get(name, pa.string())) for name in HEADER
    }
    pq.write_table(pa.table(columns), path)
    return path


def fullest_second(rows: list[Row], algorithm: str) -> int:
    """Every pair of messages looked at."""
    times = [row["at"] for row in rows if row["msg"] in MESSAGES and row["algo"] == algorithm]
    second = timedelta(seconds=1)
    return max(sum(end - second < at <= end for at in times) for end in times)


def in_whole_seconds(rows: list[Row], algorithm: str) -> list[int]:
    times = [row["at"] for row in rows if row["msg"] in MESSAGES and row["algo"] == algorithm]
    return sorted(Counter(at.replace(microsecond=0) for at in times).values())


def worst_ratio(rows: list[Row], algorithm: str) -> float:
    messages: dict[Any, int] = defaultdict(int)
    trades: dict[Any, int] = defaultdict(int)
    for row in rows:
        if row["algo"] == algorithm:
            messages[row["at"].date()] += row["msg"] in MESSAGES
            trades[row["at"].date()] += row["msg"] == "FILL"
    return max(sent / max(trades[day], 1) for day, sent in messages.items())


def largest_position(rows: list[Row], algorithm: str) -> float:
    held: dict[str, float] = defaultdict(float)
    largest = 0.0
    for row in rows:
        if row["msg"] == "FILL" and row["algo"] == algorithm:
            held[row["isin"]] += row["qty"] if row["side"] == "B" else -row["qty"]
            largest = max(largest, abs(held[row["isin"]]) * row["px"])
    return largest


def daily_gains(rows: list[Row]) -> list[float]:
    found: dict[Any, float] = defaultdict(float)
    for row in rows:
        found[row["at"].date()] += row.get("pnl", 0.0)
    return [found[day] for day in sorted(found)]
