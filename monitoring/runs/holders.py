"""Who holds a lease, written so that another process on the same machine can see that they are dead.

A lease ends by itself; this only saves the wait. Where nothing can be known (another machine, another container,
not Linux) nobody is ever declared dead.
"""

from __future__ import annotations

import hashlib
import os
import socket
from functools import cache
from pathlib import Path

PROCESSES = Path("/proc")
LONGEST_NAME = 30


def this_process() -> str:
    """At most 80 characters: machine, process, when it began, and where its number means something."""
    pid = os.getpid()
    return f"{socket.gethostname()[:LONGEST_NAME]} {pid} {_born(pid)} {_place()}"


def is_surely_dead(holder: str) -> bool:
    """Whether a holder was a process of this place that has ended since; its number may belong to another by now."""
    parts = holder.rsplit(" ", 3)
    if len(parts) < 4 or not parts[1].isdigit() or "-" in parts[2:] or parts[3] != _place():
        return False
    return _born(int(parts[1])) != parts[2]


@cache
def _place() -> str:
    """This start of this machine, as the processes of this container see it; "-" where that cannot be known."""
    try:
        boot = (PROCESSES / "sys/kernel/random/boot_id").read_text().strip()
        space = (PROCESSES / "self/ns/pid").readlink()
    except OSError:
        return "-"
    return hashlib.sha256(f"{boot} {space}".encode()).hexdigest()[:12]


def _born(pid: int) -> str:
    """When a process began, in ticks since the machine did; "-" for one that is not there or only waits to be buried."""
    try:
        after_name = (PROCESSES / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "-"
    return "-" if after_name[0] in "ZX" else after_name[19]
