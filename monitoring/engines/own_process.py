"""One question to a module of ours in a process of its own: its imports stay out of the web server, and it has limits.

JSON goes in and comes out. The process gets no environment but what it needs: no setting, no secret, no database.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
MEMORY = 4 << 30
SECONDS = 600
IN_TIME = 512 << 20
"""Bytes that may be read in this time; for more there is as much more."""
BEAT_EVERY = 5.0


class TookTooMuch(Exception):
    """The process needed more time or memory than it may, or broke."""


class Lost(Exception):
    """Whoever asked no longer holds the work; the process was ended."""


def ask(
    module: str, question: Any, beat: Callable[[], bool] | None = None, *, reads: Iterable[Path] = ()
) -> Any:
    """What `module`, whose `main` calls `answer`, says to a question. Raises TookTooMuch, Lost.

    beat: called every five seconds while the process works; False means that the work has passed to somebody else. reads: the
    files whose size says how long it may take.
    """
    environment = {"PYTHONPATH": str(CHECKOUT), "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"}
    environment["TMPDIR"] = tempfile.gettempdir()
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
        env=environment,
    )
    with process:
        try:
            said = _heard(process, json.dumps(question), beat, seconds_for(reads))
        finally:
            process.kill()
    if process.returncode != 0:
        raise TookTooMuch
    return json.loads(said)


def _heard(
    process: subprocess.Popen[str], question: str, beat: Callable[[], bool] | None, seconds: float
) -> str:
    """Its whole output. Raises TookTooMuch, Lost."""
    asked: str | None = question
    end = time.monotonic() + seconds
    while True:
        try:
            return process.communicate(asked, timeout=min(BEAT_EVERY, max(0.0, end - time.monotonic())))[0]
        except subprocess.TimeoutExpired as waited:
            if time.monotonic() >= end:
                raise TookTooMuch from waited
            if beat is not None and not beat():
                raise Lost from waited
            asked = None  # it is on its way


def seconds_for(files: Iterable[Path]) -> float:
    return SECONDS * max(1.0, sum(file.stat().st_size for file in files) / IN_TIME)


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
