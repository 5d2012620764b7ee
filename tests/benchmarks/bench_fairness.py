"""Fairness over ten million rows against Fairlearn row by row on the same file: how much faster, and whether bit-equal."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from governance.config.measuring import Figure
from tests.benchmarks import apart

ROWS = 10_000_000
ATTRIBUTES = ["sex", "region"]
METRICS = ["selection_rate", "true_positive_rate", "false_positive_rate", "accuracy", "precision"]

MAKE = f"""
import sys, duckdb
duckdb.sql('''COPY (SELECT (hash(i) % 2)::TINYINT AS sex, (hash(i * 3) % 17)::TINYINT AS region,
    (hash(i * 7) % 100 < 35)::TINYINT AS y, (hash(i * 11) % 100 < 30 + hash(i) % 2 * 5)::TINYINT AS p
    FROM range({ROWS}) t(i)) TO \\'''' + sys.argv[1] + '''/rows.parquet\\' (FORMAT parquet)''')
"""
OURS = f"""
import dataclasses, duckdb, fairlearn.metrics, sklearn.metrics, pandas
from monitoring.engines import counts, fairness
begin()
counted = counts.from_window(folder / "rows.parquet", sensitive={ATTRIBUTES!r}, prediction="p", label="y", favourable="1")
asked = counted if PAIRS else dataclasses.replace(counted, crossed={{}})
found = fairness.measure(asked)
end({{each.attribute: {{group.group: [getattr(group, name).value.hex() for name in {METRICS!r}] for group in each.groups}}
    for each in found.attributes}})
"""
THEIRS = f"""
import fairlearn.metrics as of, pandas as pd
from fairlearn.metrics import MetricFrame
from sklearn.metrics import accuracy_score, precision_score
begin()
rows, found = pd.read_parquet(folder / "rows.parquet"), {{}}
named = {{"accuracy": accuracy_score, "precision": precision_score}}
metrics = {{name: named.get(name) or getattr(of, name) for name in {METRICS!r}}}
for attribute in {ATTRIBUTES!r}:
    frame = MetricFrame(metrics=metrics, y_true=rows.y, y_pred=rows.p, sensitive_features=rows[attribute])
    groups = frame.by_group.iterrows()
    found[attribute] = {{str(group): [float(row[name]).hex() for name in {METRICS!r}] for group, row in groups}}
end(found)
"""


def bench_fairness() -> Iterator[Figure]:
    """Five rates of every group of two attributes; ours has the gaps, the intervals and two more rates besides.

    With the 34 pairs of groups, which a check tells too and theirs is not asked for, it is a figure of its own.
    Beside each other in seconds of a processor, so that what else the machine does changes nothing.
    """
    with tempfile.TemporaryDirectory(prefix="senim-bench-fairness-") as folder:
        apart.ran(MAKE, folder)
        ours, theirs = apart.told("PAIRS = False\n" + OURS, folder), apart.told(THEIRS, folder)
        whole = apart.told("PAIRS = True\n" + OURS, folder)
    yield Figure("fairness_10m_x_2_seconds", ours["cpu"], "s CPU")
    faster = theirs["cpu"] / ours["cpu"]
    yield Figure("fairness_10m_x_2_against_fairlearn", faster, "×", goal=400, higher_is_better=True)
    pairs_too = theirs["cpu"] / whole["cpu"]
    yield Figure(
        "fairness_10m_x_2_and_pairs_against_fairlearn", pairs_too, "×", goal=400, higher_is_better=True
    )
    yield Figure("fairness_10m_x_2_memory_share", ours["megabytes"] / theirs["megabytes"], "")
    pairs = [
        (one, other)
        for attribute in ATTRIBUTES
        for group, rates in theirs["values"][attribute].items()
        for one, other in zip(ours["values"][attribute][group], rates, strict=True)
    ]
    equal = sum(one == other for one, other in pairs)
    yield Figure("fairness_10m_x_2_bit_equal_rates", equal, "rates", goal=len(pairs), higher_is_better=True)
