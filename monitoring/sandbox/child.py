"""The two processes of a job: a warden, which leaves the world, waits and buries; an inmate, in which the job runs.

The warden is forked from the template and has one thread, so it may have namespaces of its own; only a child of it is
alone in them.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import resource
import select
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from monitoring.sandbox import landlock
from monitoring.sandbox.filter import forbid
from monitoring.sandbox.levels import LANDLOCK, NAMESPACES
from monitoring.sandbox.limits import Had, Limits, take_limits
from monitoring.sandbox.root import SCRATCH, furnish, leave_the_world, remember, runtime
from monitoring.sandbox.syscalls import PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG, drop_capabilities, prctl
from monitoring.sandbox.talk import LONGEST_WORD, MOST_PLACES, say

MOST_FILES = 1 << 16
OF_THE_MACHINE = (Path("/proc/self/cgroup"), Path("/proc/meminfo"), Path("/sys/fs/cgroup"))
"""How much memory there is: DuckDB may find nothing there, but dies where it is refused a look."""

Entry = Callable[[dict[str, Path], Any, Callable[[int, str], None]], Any]


@dataclass(frozen=True)
class Order:
    """A job: what runs, on which files, with which parameters, how far apart, with how much."""

    entry: str
    files: dict[str, Path]
    params: Any
    level: str
    limits: Limits


@dataclass(frozen=True)
class Pipes:
    """writing: the inmate's words; ended: how it ended, from the warden alone; lifeline: closed by who asked."""

    writing: int
    ended: int
    lifeline: int


def be_the_warden(order: Order, pipes: Pipes) -> NoReturn:
    """Start the inmate, end it when whoever asked has gone, tell how it ended. None of the template's code runs on."""
    try:
        _shed(pipes.writing, pipes.ended, pipes.lifeline)
        entry, paths = _found(order.entry), runtime()
        had = Had.now(alone=order.level == NAMESPACES)
        remember([*paths, *order.files.values()])
        if order.level == NAMESPACES:
            leave_the_world()
        inmate = os.fork()
        if inmate == 0:
            _be_the_inmate(entry, order, paths, had, pipes)
        os.close(pipes.writing)
        say(pipes.ended, **_watched(inmate, pipes.lifeline))
    except BaseException as trouble:
        with contextlib.suppress(OSError):
            say(pipes.ended, cannot=_named(trouble))
    finally:
        os._exit(0)


def _found(entry: str) -> Entry:
    """Imported out here, where everything can be read."""
    module, _, name = entry.partition(":")
    found: Entry = getattr(importlib.import_module(module), name)
    return found


def _watched(inmate: int, lifeline: int) -> dict[str, Any]:
    watched = select.poll()
    handle = os.pidfd_open(inmate)
    watched.register(handle, select.POLLIN)
    watched.register(lifeline, select.POLLHUP)
    if any(number == lifeline for number, _event in watched.poll()):
        os.kill(inmate, signal.SIGKILL)
    _, status, used = os.wait4(inmate, 0)
    code = os.waitstatus_to_exitcode(status)
    return {"code": code, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss << 10}


def _be_the_inmate(entry: Entry, order: Order, paths: list[Path], had: Had, pipes: Pipes) -> NoReturn:
    code, writing = 1, pipes.writing
    try:
        os.close(pipes.ended)
        os.close(pipes.lifeline)
        try:
            files, layers = _confine(order, paths, had)
        except OSError as trouble:
            say(writing, cannot=_named(trouble))
            os._exit(code)
        say(writing, layers=layers)
        _work(entry, order.params, files, writing)
        code = 0
    finally:
        os._exit(code)


def _confine(order: Order, paths: list[Path], had: Had) -> tuple[dict[str, Path], list[str]]:
    """Give up everything, step by step. Returns where the files lie and what stands around us. Raises OSError."""
    files, layers, writing = dict(order.files), [], []
    if order.level == NAMESPACES:
        files, layers, writing = furnish(paths, files), ["namespaces"], [SCRATCH]
        os.chdir(SCRATCH)
    drop_capabilities()
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    needed = order.level == LANDLOCK
    with contextlib.nullcontext() if needed else contextlib.suppress(OSError):
        readable = [*paths, *files.values(), *filter(Path.exists, OF_THE_MACHINE)]
        layers.append(f"landlock {landlock.restrict(reading=readable, writing=writing)}")
    take_limits(order.limits, had)
    with contextlib.nullcontext() if needed else contextlib.suppress(OSError):
        forbid()
        layers.append("seccomp")
    return files, layers


def _work(entry: Entry, params: Any, files: dict[str, Path], writing: int) -> None:
    try:
        say(
            writing,
            answer=entry(files, params, lambda percent, phase: say(writing, progress=percent, phase=phase)),
        )
    except BaseException as error:
        say(writing, broke=_short(type(error).__name__), places=_places(error))
        raise


def _places(error: BaseException) -> list[str]:
    """Where it broke. The message stays out of it, for it may quote a value of the data."""
    frames = traceback.extract_tb(error.__traceback__)[-MOST_PLACES:]
    return [_short(f"{each.filename}:{each.lineno} {each.name}") for each in frames]


def _short(text: str) -> str:
    return text[-LONGEST_WORD:]


def _named(trouble: BaseException) -> str:
    return _short(f"{type(trouble).__name__}: {trouble}")


def _shed(*kept: int) -> None:
    """Give up what belonged to the template: files, streams, environment, signal handlers."""
    gc.freeze()  # what the template left for its collector must not close our files by their old numbers
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    below = 3
    for number in sorted(kept):
        os.closerange(below, number)
        below = number + 1
    os.closerange(below, max(MOST_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[0]))
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(each, signal.SIG_DFL)
    os.environ.clear()
