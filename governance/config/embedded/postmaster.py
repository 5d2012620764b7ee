"""Which PostgreSQL processes live in a data directory. The process table is believed, lock files are not.

After a kill -9 under a first process that does not reap (many containers) the dead postmaster stays a
zombie, and after a restart of the machine its number may belong to anybody: `kill(pid, 0)` succeeds in both
cases and PostgreSQL would refuse to start.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

PROCESSES = Path("/proc")


def noted(data: Path) -> tuple[int, str] | None:
    """Process number and state ("ready", "starting", …) as postmaster.pid has them, whether true or stale."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
    except (OSError, ValueError, IndexError):
        return None


def alive(data: Path) -> int | None:
    """Number of the postmaster that truly works in `data`."""
    note = noted(data)
    if note is None:
        return None
    try:
        os.kill(note[0], 0)
    except OSError:  # gone, or another account's: ours runs under our account, or we are root
        return None
    return note[0] if _works_in(note[0], data) else None


def is_ready(data: Path) -> bool:
    note = noted(data)
    return note is not None and note[1] == "ready" and alive(data) is not None


def remove_orphans(data: Path, *, patience: float = 5.0) -> None:
    """Outwait or end backends that outlived their postmaster: a server beside them would corrupt the data."""
    deadline = time.monotonic() + patience  # idle ones notice the postmaster's death and leave at once
    while orphans := _working_in(data):
        if time.monotonic() > deadline:
            for pid in orphans:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def _working_in(data: Path) -> list[int]:
    if not PROCESSES.is_dir():  # macOS: PostgreSQL's own check of its shared memory has to do
        return []
    numbers = (int(entry.name) for entry in PROCESSES.iterdir() if entry.name.isdigit())
    return [pid for pid in numbers if _works_in(pid, data, unsure=False)]


def _works_in(pid: int, data: Path, *, unsure: bool = True) -> bool:
    """Whether process `pid` is a postgres working in `data`; `unsure` when the system does not say."""
    if not PROCESSES.is_dir():
        return unsure
    process = PROCESSES / str(pid)
    try:
        program = (process / "exe").readlink().name.split(" ")[0]  # "postgres (deleted)" after an upgrade
        return program == "postgres" and (process / "cwd").samefile(data)
    except PermissionError:
        return unsure
    except OSError:  # a zombie has neither
        return False
