"""Runs the intake in a process of its own: the libraries that read files stay out of the web server.

`python -m monitoring.data.reader` reads one request as JSON and answers with one line of JSON. It knows no database,
no settings and no secret. Light for whoever imports it.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from monitoring.data.faults import Fault, Unreadable, broken
from monitoring.data.intake import Column, Intake, Limits, canonical

CHECKOUT = Path(__file__).resolve().parents[2]
MEMORY = 4 << 30
SECONDS = 600


def read_apart(
    source: Path,
    *,
    name: str,
    required: Sequence[str],
    numeric: Sequence[str],
    time: str = "",
    into: Path,
    most: int,
) -> Intake:
    """`intake.canonical` in another process. Raises Unreadable."""
    limits = {"max_bytes": most, "required": list(required), "numeric": list(numeric), "time": time}
    asked = json.dumps({"source": str(source), "name": name, "into": str(into), "limits": limits})
    environment = {"PYTHONPATH": str(CHECKOUT), "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "monitoring.data.reader"],
            input=asked,
            capture_output=True,
            text=True,
            cwd=CHECKOUT,
            env=environment,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as died:
        raise broken("took_too_much") from died
    return _understood(json.loads(done.stdout))


def _understood(answer: dict[str, Any]) -> Intake:
    if "faults" in answer:
        raise Unreadable(*(Fault(**fault) for fault in answer["faults"]))
    told = answer["intake"]
    columns = [Column(**column) for column in told["columns"]]
    return Intake(**{**told, "path": Path(told["path"]), "columns": columns})


def main() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    asked = json.loads(sys.stdin.read())
    said: dict[str, Any] = asked["limits"]
    limits = Limits(
        said["max_bytes"],
        required=tuple(said["required"]),
        numeric=tuple(said["numeric"]),
        time=said["time"],
    )
    answer: dict[str, Any]
    try:
        taken = canonical(Path(asked["source"]), name=asked["name"], limits=limits, into=Path(asked["into"]))
        answer = {"intake": {**asdict(taken), "path": str(taken.path)}}
    except Unreadable as unreadable:
        answer = {"faults": [asdict(fault) for fault in unreadable.faults]}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
