"""One question to a module of ours in a process of its own: its imports stay out of the web server, and it has limits.

JSON goes in and comes out. The process gets no environment but what it needs: no setting, no secret, no database.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
MEMORY = 4 << 30
SECONDS = 600


class TookTooMuch(Exception):
    """The process needed more time or memory than it may, or broke."""


def ask(module: str, question: Any) -> Any:
    """What `module`, whose `main` calls `answer`, says to a question. Raises TookTooMuch."""
    environment = {"PYTHONPATH": str(CHECKOUT), "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"}
    environment["TMPDIR"] = tempfile.gettempdir()
    try:
        done = subprocess.run(
            [sys.executable, "-m", module],
            input=json.dumps(question),
            capture_output=True,
            text=True,
            cwd=CHECKOUT,
            env=environment,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as died:
        raise TookTooMuch from died
    return json.loads(done.stdout)


class _Left(MetaPathFinder):
    """Says that libraries are not installed."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = frozenset(names)

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname in self.names:
            raise ModuleNotFoundError(f"{fullname} is not used in this process", name=fullname)


def answer(respond: Callable[[Any], Any], *, without: Sequence[str] = ("pandas",)) -> None:
    """In that process.

    without: libraries that Arrow and DuckDB would import only because they are installed, which takes longer than most answers.
    """
    sys.meta_path.insert(0, _Left(without))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    sys.stdout.write(json.dumps(respond(json.loads(sys.stdin.read()))))
