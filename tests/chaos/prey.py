"""The processes of a running Senim, found in the process table below the one that started them, held still, killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = {
    "web": "gunicorn",
    "default": "-Q default",
    "checks": "-Q checks",
    "beat": "beat/schedule",
    "second beat": "beat/again",
}
TEMPLATE = "monitoring.sandbox.template"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    command: str


@dataclass
class Prey:
    """What can be killed of one Senim. keeper: the process that started it all, which stays."""

    home: Path
    keeper: int

    def program(self, name: str) -> int | None:
        """The main process of one program."""
        mark = PROGRAMS[name]
        return next(
            (each.pid for each in self._living() if each.parent == self.keeper and mark in each.command), None
        )

    def pool(self) -> list[int]:
        """The processes in which the checks worker takes up runs."""
        main = self.program("checks")
        return [each.pid for each in self._living() if each.parent == main]

    def computations(self) -> dict[int, int]:
        """The children in which a run is measured, and the process of the pool that each belongs to."""
        pool = set(self.pool())
        return {
            each.pid: each.parent
            for each in self._living()
            if each.parent in pool and TEMPLATE not in each.command
        }

    def sandboxed(self) -> tuple[list[int], list[int], list[int]]:
        """The templates, the wardens that they fork, and the inmates of these, in which a model's file is run."""
        found = {each.pid: each.parent for each in self._living() if TEMPLATE in each.command}
        templates = [pid for pid, parent in found.items() if parent not in found]
        wardens = [pid for pid, parent in found.items() if parent in templates]
        return templates, wardens, [pid for pid, parent in found.items() if parent in wardens]

    def postgres(self) -> int:
        place = self.home / "postgres" / "elsewhere"
        data = (place.readlink() if place.is_symlink() else self.home / "postgres") / "data"
        return int((data / "postmaster.pid").read_text().splitlines()[0])

    def valkey(self) -> int:
        return int((self.home / "valkey" / "valkey.pid").read_text())

    def _living(self) -> Iterator[Process]:
        """Everything below the keeper, by parent: forked children keep the command line of who forked them."""
        found = list(_processes())
        known = {self.keeper}
        while more := {each.pid for each in found if each.parent in known} - known:
            known |= more
        return (each for each in found if each.pid in known)


def _processes() -> Iterator[Process]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if state not in "ZX":
                yield Process(int(folder.name), int(parent), command)


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def freeze(pid: int, *, within: float = 0.5) -> bool:
    """Hold a process still. False when it has ended meanwhile."""
    end = time.monotonic() + within
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
        while time.monotonic() < end:
            if _stat(pid)[:1] == ["T"]:
                return True
            time.sleep(0.001)
    return False


def thaw(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def age(pid: int) -> float:
    """For how many seconds a process has lived; 0 for one that is not there."""
    facts = _stat(pid)
    return time.clock_gettime(time.CLOCK_BOOTTIME) - int(facts[19]) / TICKS if facts else 0.0


def _stat(pid: int) -> list[str]:
    """What /proc says of a process, from its state on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
