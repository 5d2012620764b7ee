"""Drift over whole windows against Evidently on the same files: time, memory, and whether the values are equal."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from governance.config.env import CHECKOUT
from governance.config.measuring import Figure

ROWS, NUMBERS, CATEGORIES = 1_000_000, 20, 5
NAMES = [*(f"n{at}" for at in range(NUMBERS)), *(f"c{at}" for at in range(CATEGORIES))]

MAKE = f"""
import numpy as np, pyarrow as pa, pyarrow.parquet as pq, sys
for seed, name in enumerate(("reference", "current")):
    rng, columns = np.random.default_rng(seed), {{}}
    for at in range({NUMBERS}):
        kind = at % 4
        drawn = rng.normal(0.02 * at * seed, 1, {ROWS}) if kind < 2 else rng.lognormal(0.01 * at * seed, 1, {ROWS})
        columns[f"n{{at}}"] = drawn if kind != 3 else rng.integers(0, 200 + at * seed, {ROWS})
    for at in range({CATEGORIES}):
        columns[f"c{{at}}"] = rng.choice([f"v{{n}}" for n in range(4 + 3 * at)], {ROWS})
    pq.write_table(pa.table(columns), f"{{sys.argv[1]}}/{{name}}.parquet", compression="zstd")
"""
OURS = f"""
from monitoring.engines import drift
import duckdb, numpy
begin()
found = drift.measure(folder / "reference.parquet", folder / "current.parquet", features={NAMES!r},
    categorical={NAMES[NUMBERS:]!r})
end({{each.feature: each.score for each in found.features}})
"""
THEIRS = f"""
import numpy as np, pandas as pd
from monitoring.engines.columns import paired
from monitoring.engines.evidently_report import value_drift
import evidently
begin()
found = {{}}
for name in {NAMES!r}:
    pair = paired(folder / "reference.parquet", folder / "current.parquet", name, (None, None), categorical=name[0] == "c")
    found[name] = value_drift(pair, "psi", 0.1).score
end(found)
"""
PRESET = f"""
import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset
begin()
kinds = DataDefinition(numerical_columns={NAMES[:NUMBERS]!r}, categorical_columns={NAMES[NUMBERS:]!r})
frames = [Dataset.from_pandas(pd.read_parquet(folder / f"{{name}}.parquet"), kinds) for name in ("current", "reference")]
Report([DataDriftPreset()]).run(*frames).json()
end({{}})
"""
AROUND = """
import json, resource, sys, time, warnings
from pathlib import Path
warnings.simplefilter("ignore")
folder, began = Path(sys.argv[1]), 0.0
def begin():
    global began
    began = time.perf_counter()
def end(values):
    taken = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": taken, "megabytes": peak, "values": values}))
"""


def bench_drift() -> Iterator[Figure]:
    """One million rows of 25 columns, each way in a process of its own; what is imported is not counted."""
    with tempfile.TemporaryDirectory(prefix="senim-bench-drift-") as folder:
        _run(MAKE, folder)
        ours, theirs, preset = (
            json.loads(_run(AROUND + each, folder).splitlines()[-1]) for each in (OURS, THEIRS, PRESET)
        )
    yield Figure("drift_1m_x_25_seconds", ours["seconds"], "s")
    yield Figure(
        "drift_1m_x_25_against_preset",
        preset["seconds"] / ours["seconds"],
        "×",
        goal=20,
        higher_is_better=True,
    )
    yield Figure(
        "drift_1m_x_25_against_leanest",
        theirs["seconds"] / ours["seconds"],
        "×",
        goal=3,
        higher_is_better=True,
    )
    share = ours["megabytes"] / preset["megabytes"]
    yield Figure("drift_1m_x_25_memory_share_of_preset", share, "", goal=1 / 3)
    yield Figure("drift_1m_x_25_largest_difference", _difference(ours, theirs), "", goal=1e-9)


def _difference(ours: dict[str, Any], theirs: dict[str, Any]) -> float:
    return max(abs(ours["values"][name] - theirs["values"][name]) for name in NAMES)


def _run(program: str, folder: str) -> str:
    path = Path(folder) / "program.py"
    path.write_text(program)
    made = subprocess.run(
        [sys.executable, str(path), folder], cwd=CHECKOUT, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(CHECKOUT), "PATH": "/usr/bin:/bin", "DO_NOT_TRACK": "1", "HOME": folder},
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(made.stderr[-2000:])
    return made.stdout
