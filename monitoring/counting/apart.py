"""Cuts the cells of a reference in a process of its own: the library that reads rows stays out of the web server.

`python -m monitoring.counting.apart` reads one request as JSON and answers with one line of JSON.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from monitoring.counting.plans import Cells, cells_of, cut
from monitoring.engines.counted.engine import of_window

CHECKOUT = Path(__file__).resolve().parents[2]
MEMORY = 4 << 30
SECONDS = 600


class CannotCut(Exception):
    """The process took too much time or memory, or the reference lacks a column."""


def cells_apart(path: Path, features: Sequence[str], categorical: Sequence[str]) -> list[Cells]:
    """`plans.cut` of canonical Parquet in another process. Raises CannotCut."""
    asked = json.dumps({"path": str(path), "features": list(features), "categorical": list(categorical)})
    environment = {"PYTHONPATH": str(CHECKOUT), "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "monitoring.counting.apart"],
            input=asked,
            capture_output=True,
            text=True,
            cwd=CHECKOUT,
            env=environment,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as died:
        raise CannotCut from died
    return [cells_of(each) for each in json.loads(done.stdout)]


def main() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    asked = json.loads(sys.stdin.read())
    with of_window(Path(asked["path"])) as engine:
        cells = cut(engine, asked["features"], asked["categorical"])
    sys.stdout.write(json.dumps([each.as_dict() for each in cells]))


if __name__ == "__main__":
    main()
