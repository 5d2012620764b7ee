"""`manage.py bench`: runs the benchmarks in tests/benchmarks and says which figures fall short of their goal.

A benchmark is a function `bench_<name>() -> Iterable[Figure]` in a module `tests/benchmarks/bench_*.py`.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance.config.env import CHECKOUT
from governance.config.measuring import Figure

BENCHMARKS = CHECKOUT / "tests" / "benchmarks"
RESULT = CHECKOUT / "var" / "bench.json"

Benchmark = Callable[[], Iterable[Figure]]


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Run the benchmarks and write their figures to var/bench.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", default="", help="names to run, for example gate or '*_gate_*'")
        parser.add_argument(
            "--strict", action="store_true", help="end with an error when a figure falls short"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [bench for name, bench in benchmarks() if _matches(name, options["only"])]
        if not chosen:
            raise CommandError(f"No benchmark is named like {options['only']!r}.")
        figures = []
        for bench in chosen:
            for figure in bench():
                self.stdout.write(figure.line())
                figures.append(figure)
        _write(RESULT, figures)
        short = [figure.name for figure in figures if not figure.is_ok]
        if short and options["strict"]:
            raise CommandError(f"{len(short)} of {len(figures)} figures fall short: {', '.join(short)}")


def benchmarks() -> Iterator[tuple[str, Benchmark]]:
    """All of them by name, in the order of their files."""
    for path in sorted(BENCHMARKS.glob("bench_*.py")):
        module = import_module(f"tests.benchmarks.{path.stem}")
        for name, found in vars(module).items():
            if name.startswith("bench_") and callable(found):
                yield name, found


def _matches(name: str, only: str) -> bool:
    """A bare word matches anywhere in the name."""
    return fnmatch(name, only if any(sign in only for sign in "*?[") else f"*{only}*")


def _write(path: Path, figures: list[Figure]) -> None:
    """What was measured before and not now stays, each figure with its own time and machine."""
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    when = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine}
    known = json.loads(path.read_text())["figures"] if path.exists() else []
    fresh = [{**figure.as_dict(), **when} for figure in figures]
    names = {figure["name"] for figure in fresh}
    result = {"figures": [*(figure for figure in known if figure["name"] not in names), *fresh]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=2) + "\n")
