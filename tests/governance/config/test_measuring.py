"""Figures of benchmarks: judged against their goal in the right direction, printed on one line."""

from __future__ import annotations

import json

import pytest

from governance.config.measuring import Figure, median_seconds
from governance.management.commands.bench import _write, benchmarks


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


def test_figures_that_are_not_measured_again_stay_with_their_time(tmp_path):
    kept = tmp_path / "var" / "bench.json"
    _write(kept, [Figure("gate", 9, "ms"), Figure("sheet", 4, "ms")])
    before = {each["name"]: each["measured_at"] for each in json.loads(kept.read_text())["figures"]}
    _write(kept, [Figure("gate", 7, "ms")])
    figures = {each["name"]: each for each in json.loads(kept.read_text())["figures"]}
    assert {name: each["value"] for name, each in figures.items()} == {"gate": 7, "sheet": 4}
    assert figures["sheet"]["measured_at"] == before["sheet"]
