"""A seeded log of decisions, whole unless something is taken out of it."""

from __future__ import annotations

import csv
import io
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

COLUMNS = {
    "version": "model_version",
    "input": "input_sha256",
    "output": "decision",
    "action": "human_action",
    "operator": "clerk",
    "sequence": "no",
}
VALUES = {"override": ["changed", "refused"], "unattended": ["none"]}
HEADER = ["decision_id", "at", *COLUMNS.values()]
FIRST = datetime(2026, 10, 5, 9, 0)  # noqa: DTZ001  # a log tells the time of its own clock


def whole(rows: int = 400, *, version: str = "1.0", seed: int = 3) -> list[dict[str, Any]]:
    """A decision every quarter of an hour; every fifth by itself, every tenth or so overridden."""
    draw = random.Random(seed)
    return [_decision(n, version, draw) for n in range(rows)]


def _decision(n: int, version: str, draw: random.Random) -> dict[str, Any]:
    action = "none" if n % 5 == 0 else draw.choices(["confirmed", "changed", "refused"], [80, 10, 10])[0]
    return {
        "decision_id": f"D-{n:05}",
        "at": FIRST + timedelta(minutes=15 * n),
        "model_version": version,
        "input_sha256": f"{draw.getrandbits(64):016x}",
        "decision": draw.choice(["approve", "decline"]),
        "human_action": action,
        "clerk": "" if action == "none" else draw.choice(["clerk-17", "clerk-4"]),
        "no": 1000 + n,
    }


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_parquet(rows: list[dict[str, Any]], path: Path, zone: str | None = None) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"at": pa.timestamp("us", zone), "no": pa.int64()}
    columns = {name: pa.array([row[name] for row in rows], kinds.get(name, pa.string())) for name in HEADER}
    pq.write_table(pa.table(columns), path)
    return path
