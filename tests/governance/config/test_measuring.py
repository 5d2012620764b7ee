"""Figures of benchmarks: judged against their goal in the right direction, printed on one line."""

from __future__ import annotations

import pytest

from governance.config.measuring import Figure, median_seconds
from governance.management.commands.bench import benchmarks


@pytest.mark.parametrize(
    ("figure", "line"),
    [
        (Figure("gate", 0.0123, "s", goal=0.05), "BENCH gate 0.0123 s 0.05 ok"),
        (Figure("gate", 0.06, "s", goal=0.05), "BENCH gate 0.06 s 0.05 short"),
        (Figure("rows", 2000.0, "1/s", goal=1000, higher_is_better=True), "BENCH rows 2000 1/s 1000 ok"),
        (Figure("rows", 999.0, "1/s", goal=1000, higher_is_better=True), "BENCH rows 999 1/s 1000 short"),
        (Figure("memory", 81.25, "MB"), "BENCH memory 81.25 MB - ok"),
    ],
)
def test_a_figure_is_one_line(figure: Figure, line: str):
    assert figure.line() == line


def test_the_first_turn_is_not_measured():
    turns = []
    median_seconds(lambda: turns.append(1), times=3)

    assert len(turns) == 4


def test_the_benchmarks_of_the_folder_are_found():
    assert {"bench_embedded_servers", "bench_light_process"} <= {name for name, _ in benchmarks()}
