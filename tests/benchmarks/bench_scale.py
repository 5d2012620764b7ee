"""What drift over the frozen baseline and fairness cost as rows grow: a million, ten, a hundred. Made here, deleted after."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

from governance.config.measuring import Figure
from tests.benchmarks import apart

NUMBERS, CATEGORIES = 20, 5
NAMES = [*(f"n{at}" for at in range(NUMBERS)), *(f"c{at}" for at in range(CATEGORIES))]
SIZES = {"1m": 1_000_000, "10m": 10_000_000, "100m": 100_000_000}
ROOM = 20 << 30
"""Free bytes on the disk below which the largest window is not made; it takes about 7 GB."""

COLUMNS = ", ".join(
    [
        *(f"((random() + random() + random()) * {at + 1})::FLOAT AS n{at}" for at in range(NUMBERS)),
        *(f"'v' || (random() * {4 + at})::INT AS c{at}" for at in range(CATEGORIES)),
        *("(random() < 0.5)::TINYINT AS sex", "(random() * 16)::TINYINT AS region"),
        *("(random() < 0.4)::TINYINT AS label", "(random() < 0.3)::TINYINT AS answer"),
    ]
)
MAKE = f"""
import sys, duckdb
with duckdb.connect() as held:
    held.execute("SET threads=2; SET memory_limit='2GB'; SET preserve_insertion_order=false")
    held.execute("SELECT setseed(0.5)")
    place = sys.argv[1] + "/WINDOW.parquet"
    held.execute(f"COPY (SELECT {COLUMNS} FROM range(ROWS)) TO '{{place}}' (FORMAT parquet, COMPRESSION zstd)")
"""
FREEZE = f"""
from monitoring.engines.counted.kept import baseline_of
baseline = baseline_of(None, folder / "reference.parquet", {NAMES!r}, {NAMES[NUMBERS:]!r}, "")
(folder / "baseline.json").write_text(baseline.text)
begin()
end([])
"""
MEASURED = f"""
import duckdb, numpy, scipy.special, pyarrow.parquet, fairlearn.metrics, pandas
from monitoring.engines import counts, fairness, frozen_baseline
from monitoring.engines.counted.kept import baseline_of, scan_of
from monitoring.engines.drift_rule import Rule
begin()
baseline = baseline_of(folder / "baseline.json", None, {NAMES!r}, {NAMES[NUMBERS:]!r}, "")
scan = scan_of(None, folder / "WINDOW.parquet", baseline, {NAMES[NUMBERS:]!r}, "")
found = frozen_baseline.measure(baseline, scan, features={NAMES!r}, rule=Rule("wasserstein", 0.1, "psi", 0.1))
counted = counts.from_window(folder / "WINDOW.parquet", sensitive=["sex", "region"], prediction="answer", label="label",
    favourable="1")
compared = fairness.measure(counted)
end([found.rows["current"], found.measured, compared.rows["total"]])
"""


def bench_scale() -> Iterator[Figure]:
    """25 features and two sensitive columns; the reference has a million rows and is frozen before."""
    with tempfile.TemporaryDirectory(prefix="senim-bench-scale-") as folder:
        apart.ran(_of(MAKE, "reference", SIZES["1m"]), folder)
        apart.told(FREEZE, folder)
        before: dict[str, Any] = {}
        for name, rows in SIZES.items():
            if rows == max(SIZES.values()) and shutil.disk_usage(folder).free < ROOM:
                sys.stdout.write(f"BENCH scale_{name} skipped: it needs 20 GB of free disk\n")
                return
            apart.ran(_of(MAKE, name, rows), folder)
            found = apart.told(_of(MEASURED, name, rows), folder)
            if found["values"] != [rows, len(NAMES), rows]:
                raise RuntimeError(f"{name}: {found['values']}")
            yield from _figures(name, found, before)
            before = found


def _figures(name: str, found: dict[str, Any], before: dict[str, Any]) -> Iterator[Figure]:
    largest = name == "100m"
    yield Figure(f"scale_{name}_x_25_seconds", found["seconds"], "s", goal=240 if largest else None)
    yield Figure(f"scale_{name}_x_25_processor", found["cpu"], "s CPU")
    yield Figure(f"scale_{name}_x_25_peak", found["megabytes"], "MB", goal=1500)
    if before:
        yield Figure(f"scale_{name}_x_25_times_the_tenth", found["cpu"] / before["cpu"], "×", goal=10)


def _of(program: str, window: str, rows: int) -> str:
    return program.replace("WINDOW", window).replace("ROWS", str(rows))
