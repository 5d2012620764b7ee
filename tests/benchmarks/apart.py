"""A measured program in a process of its own: what it imports is not counted, what it holds at most is."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from governance.config.env import CHECKOUT
from monitoring.engines.preload import QUIET

AROUND = """
import json, resource, sys, time, warnings
from pathlib import Path
warnings.simplefilter("ignore")
folder, began, used = Path(sys.argv[1]), 0.0, 0.0
def begin():
    global began, used
    began, used = time.perf_counter(), time.process_time()
def end(values):
    taken, cpu = time.perf_counter() - began, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": taken, "cpu": cpu, "megabytes": peak, "values": values}))
"""
"""A program calls begin() and end(values); it finds its files in `folder`."""


def told(program: str, folder: str | Path) -> dict[str, Any]:
    """What it measured: seconds, seconds of a processor, MB at most, and its values."""
    found: dict[str, Any] = json.loads(ran(AROUND + program, folder).splitlines()[-1])
    return found


def ran(program: str, folder: str | Path) -> str:
    """Its output. The name of the file is its own: two of them may run side by side."""
    path = Path(folder) / f"program-{time.monotonic_ns()}.py"
    path.write_text(program)
    made = subprocess.run(
        [sys.executable, str(path), str(folder)], cwd=CHECKOUT, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(CHECKOUT), "PATH": "/usr/bin:/bin", "HOME": str(folder), **QUIET},
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(made.stderr[-2000:])
    return made.stdout
