"""Drift over whole windows by both named methods against Evidently on the same files: time, memory, values and verdicts."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

from governance.config.measuring import Figure
from tests.benchmarks import apart

Told = dict[str, Any]
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
from monitoring.engines.drift_rule import Rule
import duckdb, numpy
begin()
found = drift.measure(folder / "reference.parquet", folder / "current.parquet", features={NAMES!r},
    categorical={NAMES[NUMBERS:]!r}, rule=Rule("NUMBERS", 0.1, "CATEGORIES", 0.1))
end({{each.feature: [each.score, each.drifted] for each in found.features}})
"""
LEANEST = f"""
import numpy as np, pandas as pd
from monitoring.engines.columns import paired
from monitoring.engines.evidently_report import value_drift
import evidently
begin()
found = {{}}
for name in {NAMES!r}:
    pair = paired(folder / "reference.parquet", folder / "current.parquet", name, (None, None), categorical=name[0] == "c")
    verdict = value_drift(pair, "CATEGORIES" if name[0] == "c" else "NUMBERS", 0.1)
    found[name] = [verdict.score, bool(verdict.drifted)]
end(found)
"""
PRESET = f"""
import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset
begin()
kinds = DataDefinition(numerical_columns={NAMES[:NUMBERS]!r}, categorical_columns={NAMES[NUMBERS:]!r})
frames = [Dataset.from_pandas(pd.read_parquet(folder / f"{{name}}.parquet"), kinds) for name in ("current", "reference")]
said = Report([DataDriftPreset()]).run(*frames).json()
end({{each["config"]["column"]: [each["value"], each["value"] >= each["config"]["threshold"]]
    for each in json.loads(said)["metrics"] if each["config"]["type"].endswith(":ValueDrift")}})
"""
FREEZE = f"""
from monitoring.engines.counted.kept import baseline_of
begin()
baseline = baseline_of(None, folder / "reference.parquet", {NAMES!r}, {NAMES[NUMBERS:]!r}, "")
(folder / "baseline.json").write_text(baseline.text)
end({{"bytes": len(baseline.text)}})
"""
FROZEN = f"""
import duckdb, numpy, scipy.special, pyarrow.parquet
from monitoring.engines import frozen_baseline
from monitoring.engines.counted.kept import baseline_of, scan_of
from monitoring.engines.drift_rule import Rule
begin()
baseline = baseline_of(folder / "baseline.json", None, {NAMES!r}, {NAMES[NUMBERS:]!r}, "")
scan = scan_of(None, folder / "current.parquet", baseline, {NAMES[NUMBERS:]!r}, "")
found = frozen_baseline.measure(baseline, scan, features={NAMES!r}, rule=Rule("NUMBERS", 0.1, "CATEGORIES", 0.1))
end({{each.feature: [each.score, each.drifted] for each in found.features}})
"""


def by_shares(script: str) -> str:
    return script.replace("NUMBERS", "psi").replace("CATEGORIES", "psi")


def by_distance(script: str) -> str:
    """By the methods that Evidently takes for so many rows."""
    return script.replace("NUMBERS", "wasserstein").replace("CATEGORIES", "jensenshannon")


def bench_drift() -> Iterator[Figure]:
    """One million rows of 25 columns, each way in a process of its own with one thread; what is imported is not counted.

    Beside each other in seconds of a processor, so that what else the machine does changes nothing.
    """
    with tempfile.TemporaryDirectory(prefix="senim-bench-drift-") as folder:
        apart.ran(MAKE, folder)
        preset, freezing = (apart.told(each, folder) for each in (PRESET, FREEZE))
        ways, scripts = (by_shares, by_distance), (OURS, FROZEN, LEANEST)
        ours, frozen, leanest = ([apart.told(way(each), folder) for way in ways] for each in scripts)
    yield from as_evidently(ours, leanest, preset)
    yield from over_the_frozen_baseline(freezing, frozen, leanest, preset)


def as_evidently(ours: list[Told], leanest: list[Told], preset: Told) -> Iterator[Figure]:
    """ours, leanest: by psi and by the distances that the preset takes. Each against the same question."""
    shares, distance = ours
    yield Figure("drift_1m_x_25_seconds", distance["seconds"], "s")
    yield _faster("drift_1m_x_25_against_preset", preset, distance, 20)
    yield _faster("drift_1m_x_25_against_leanest", leanest[1], distance, 3)
    yield _faster("drift_1m_x_25_against_leanest_by_psi", leanest[0], shares, 3)
    share = max(each["megabytes"] for each in ours) / preset["megabytes"]
    yield Figure("drift_1m_x_25_memory_share_of_preset", share, "", goal=1 / 3)
    numbers, categories = NAMES[:NUMBERS], NAMES[NUMBERS:]
    yield Figure("drift_1m_x_25_psi_difference", _apart(shares, leanest[0], NAMES), "", goal=1e-9)
    difference = _apart(distance, leanest[1], categories)
    yield Figure("drift_1m_x_25_jensenshannon_difference", difference, "", goal=1e-9)
    difference = _apart(distance, leanest[1], numbers)
    yield Figure("drift_1m_x_25_wasserstein_difference", difference, "", goal=1e-9)
    same = sum(distance["values"][name][1] == preset["values"][name][1] for name in NAMES)
    title = "drift_1m_x_25_verdicts_of_preset"
    yield Figure(title, same, "columns", goal=len(NAMES), higher_is_better=True)


def _score(told: Told, name: str) -> float:
    return float(told["values"][name][0])


def _apart(one: Told, other: Told, names: list[str]) -> float:
    return max(abs(_score(one, name) - _score(other, name)) for name in names)


def over_the_frozen_baseline(
    freezing: Told, frozen: list[Told], leanest: list[Told], preset: Told
) -> Iterator[Figure]:
    """frozen, leanest: by psi and by the distances that the preset takes. Each against the same question.

    By psi one column of the 25 differs: 3.4 % of its rows lie beyond the range of the reference, which the frozen baseline
    has cells for, and the edges that Evidently takes from both windows do not show.
    """
    shares, distance = frozen
    yield Figure("frozen_1m_x_25_freezing_once", freezing["seconds"], "s")
    yield Figure("frozen_1m_x_25_baseline_a_column", freezing["values"]["bytes"] / 1024 / len(NAMES), "kB")
    yield Figure("frozen_1m_x_25_seconds", distance["seconds"], "s")
    yield _faster("frozen_1m_x_25_against_preset", preset, distance, 40)
    yield _faster("frozen_1m_x_25_against_leanest", leanest[1], distance, 6)
    yield _faster("frozen_1m_x_25_against_leanest_by_psi", leanest[0], shares, 6)
    memory = max(each["megabytes"] for each in frozen) / preset["megabytes"]
    yield Figure("frozen_1m_x_25_memory_share_of_preset", memory, "", goal=1 / 3)
    for name, one, other in (
        ("preset", distance, preset),
        ("leanest", distance, leanest[1]),
        ("leanest_by_psi", shares, leanest[0]),
    ):
        same = sum(one["values"][each][1] == other["values"][each][1] for each in NAMES)
        title = f"frozen_1m_x_25_verdicts_of_{name}"
        yield Figure(title, same, "columns", goal=len(NAMES), higher_is_better=True)


def _faster(name: str, slow: Told, quick: Told, goal: float) -> Figure:
    return Figure(name, slow["cpu"] / quick["cpu"], "×", goal=goal, higher_is_better=True)
