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
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NoReturn

from monitoring.checks import CHECKS
from monitoring.checks.check import Inputs
from monitoring.runs import isolated
from monitoring.runs.apart import answered
from monitoring.sandbox.talk import Beat, Died, Heard, Lost, cause, listen, say

__all__ = ["Died", "Lost", "in_child", "measured"]

Progress = Callable[[int, str], None]
"""Told the per cent and the phase."""
MEMORY = 4 << 30
CPU_SECONDS = 3000
WALL_SECONDS = 3300
LARGEST_ANSWER = 64 << 20
MOST_FILES = 1 << 16
PR_SET_PDEATHSIG = 1


def measured(check_key: str, inputs: Inputs, beat: Beat) -> dict[str, Any]:
    """Ask one check in a child. Returns its JSON-ready result, or {"refused": rule, "params": …} when it cannot measure.

    beat: called with the progress when it changed and at least every five seconds; False means that the run is lost.
    What would open a model's file goes to the sandbox; what does not is given none. Raises Died, Lost.
    """
    if CHECKS[check_key].opens(inputs):
        return isolated.measured(check_key, inputs, beat)
    without = replace(inputs, artefact=None)
    return in_child(lambda progress: answered(check_key, replace(without, progress=progress)), beat)


def in_child(work: Callable[[Progress], dict[str, Any]], beat: Beat) -> dict[str, Any]:
    """What `work` gives, JSON-ready, from a child. Raises Died, Lost."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # The libraries leave idle threads behind when they are imported; the child needs none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _be_the_child(work, writing)
    os.close(writing)
    heard, code = Heard(LARGEST_ANSWER), None
    try:
        listen(reading, heard, beat, wall=WALL_SECONDS)
        code = _reap(child)
    finally:
        os.close(reading)
        if code is None:
            _kill(child)
    if heard.answer is None:
        raise Died(heard.broke or cause(code))
    return heard.answer


def _reap(child: int) -> int:
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _kill(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _be_the_child(work: Callable[[Progress], dict[str, Any]], writing: int) -> NoReturn:
    """Work, say the answer and vanish: none of the parent's code runs on here, whatever happens."""
    code = 1
    try:
        _shed(writing)
        say(writing, answer=work(_progress(writing)))
        code = 0
    finally:
        try:
            if code:
                say(writing, broke=type(sys.exc_info()[1]).__name__)
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


def _progress(writing: int) -> Progress:
    return lambda percent, phase: say(writing, progress=percent, phase=phase)
