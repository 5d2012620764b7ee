"""Measures in a child process: what dies there kills nothing else, and it holds no database, broker or secret socket.

The child is a plain fork of a worker that has imported the science libraries, so it starts in milliseconds. It tells
its progress and its result as lines of JSON through a pipe; nothing that it sends is ever unpickled.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NoReturn

from monitoring.checks import measure
from monitoring.checks.check import Inputs
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.results import plain

Beat = Callable[[int, str], bool]

MEMORY = 4 << 30
CPU_SECONDS = 3000
WALL_SECONDS = 3300
LARGEST_ANSWER = 64 << 20
MOST_FILES = 1 << 16
LOOK_EVERY = 1.0
BEAT_EVERY = 5.0
PR_SET_PDEATHSIG = 1


class Died(Exception):
    """The child ended without an answer; the message says how. Another attempt may succeed."""


class Lost(Exception):
    """The run has passed to another worker; the child was ended."""


@dataclass
class Heard:
    """What the child has said so far."""

    progress: int = 0
    phase: str = ""
    answer: dict[str, Any] | None = None
    broke: str = ""
    rest: bytes = b""
    told: tuple[int, str] = (0, "")

    def take(self, chunk: bytes) -> None:
        *lines, self.rest = (self.rest + chunk).split(b"\n")
        if len(self.rest) > LARGEST_ANSWER:
            raise Died("answer too large")
        for line in lines:
            said = json.loads(line)
            self.progress, self.phase = said.get("progress", self.progress), said.get("phase", self.phase)
            self.answer, self.broke = said.get("answer", self.answer), said.get("broke", self.broke)


def measured(check_key: str, inputs: Inputs, beat: Beat) -> dict[str, Any]:
    """Ask one check in a child. Returns its JSON-ready result, or {"refused": rule, "params": …} when it cannot measure.

    beat: called with the progress when it changed and at least every five seconds; False means that the run is lost.
    Raises Died, Lost.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # The libraries leave idle threads behind when they are imported; the child needs none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _be_the_child(check_key, inputs, writing)
    os.close(writing)
    heard, code = Heard(), None
    try:
        _listen(reading, heard, beat)
        code = _reap(child)
    finally:
        os.close(reading)
        if code is None:
            _kill(child)
    if heard.answer is None:
        raise Died(heard.broke or _cause(code))
    return heard.answer


def _listen(reading: int, heard: Heard, beat: Beat) -> None:
    """Until the child closes its end. Raises Lost, Died."""
    end, beaten = time.monotonic() + WALL_SECONDS, time.monotonic()
    while True:
        ready, _, _ = select.select([reading], [], [], LOOK_EVERY)
        if ready:
            chunk = os.read(reading, 1 << 16)
            if not chunk:
                return
            heard.take(chunk)
        now = time.monotonic()
        if now > end:
            raise Died("took too long")
        moved = (heard.progress, heard.phase) != heard.told
        if now - beaten >= (LOOK_EVERY if moved else BEAT_EVERY):
            beaten, heard.told = now, (heard.progress, heard.phase)
            if not beat(heard.progress, heard.phase):
                raise Lost


def _reap(child: int) -> int:
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _kill(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _cause(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"ended with code {code}"


def _be_the_child(check_key: str, inputs: Inputs, writing: int) -> NoReturn:
    """Measure, say the answer and vanish: none of the parent's code runs on here, whatever happens."""
    code = 1
    try:
        _shed(writing)
        _say(writing, answer=_answer(check_key, replace(inputs, progress=_progress(writing))))
        code = 0
    finally:
        try:
            if code:
                _say(writing, broke=type(sys.exc_info()[1]).__name__)
                os.write(2, _what_broke(sys.exc_info()[1]))
        finally:
            os._exit(code)


def _what_broke(error: BaseException | None) -> bytes:
    """One line for the log: type and places. The message stays out of it, for it may quote a value of the data."""
    places = (
        [f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(error.__traceback__)]
        if error
        else []
    )
    said = {
        "level": "ERROR",
        "logger": __name__,
        "message": "a check broke",
        "exception": type(error).__name__,
    }
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return json.dumps({"time": now, **said, "places": places}).encode() + b"\n"


def _answer(check_key: str, inputs: Inputs) -> dict[str, Any]:
    try:
        found: dict[str, Any] = plain(measure(check_key, inputs))
        return found
    except CannotMeasure as refusal:
        return {"refused": refusal.rule, "params": _printable(refusal.params)}


def _shed(writing: int) -> None:
    """Give up what belongs to the parent: its sockets, its signal handlers, its life, its appetite."""
    gc.freeze()  # what the parent left for its collector must not close our files by their old numbers
    os.closerange(3, writing)
    os.closerange(writing + 1, MOST_FILES)
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    _limit(resource.RLIMIT_DATA, MEMORY)
    _limit(resource.RLIMIT_CPU, CPU_SECONDS)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _progress(writing: int) -> Callable[[int, str], None]:
    return lambda percent, phase: _say(writing, progress=percent, phase=phase)


def _say(writing: int, **what: Any) -> None:
    line = json.dumps(what, allow_nan=False).encode() + b"\n"
    while line:
        line = line[os.write(writing, line) :]


def _printable(params: dict[str, object]) -> dict[str, object]:
    return {
        key: plain(value) if isinstance(value, list | int | float | str) else str(value)
        for key, value in params.items()
    }
