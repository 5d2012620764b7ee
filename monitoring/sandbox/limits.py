"""How much a child may take."""

from __future__ import annotations

import contextlib
import os
import resource
from dataclasses import dataclass
from pathlib import Path

PROCESSES = Path("/proc")


@dataclass(frozen=True)
class Limits:
    """memory: bytes above what the template already has; cpu, wall: seconds; the rest as named."""

    memory: int = 4 << 30
    cpu: int = 3000
    wall: int = 3300
    file_size: int = 64 << 20
    files: int = 1024
    threads: int = 64
    answer: int = 5 << 20


@dataclass(frozen=True)
class Had:
    """What there was before: pages of addresses and of data, and threads of the same account."""

    addresses: int
    data: int
    threads: int

    @classmethod
    def now(cls, *, alone: bool) -> Had:
        """alone: in namespaces of one's own, where nobody else's threads count. Needs /proc."""
        size, *_rest, data, _dirty = (PROCESSES / "self/statm").read_text().split()
        page = resource.getpagesize()
        return cls(int(size) * page, int(data) * page, 0 if alone else _threads_of(os.getuid()))


def take_limits(limits: Limits, had: Had) -> None:
    """From here on, for this process and for ever."""
    _at_most(resource.RLIMIT_AS, had.addresses + limits.memory)
    _at_most(resource.RLIMIT_DATA, had.data + limits.memory)
    _at_most(resource.RLIMIT_CPU, limits.cpu)
    _at_most(resource.RLIMIT_FSIZE, limits.file_size)
    _at_most(resource.RLIMIT_NOFILE, limits.files)
    _at_most(resource.RLIMIT_NPROC, had.threads + limits.threads)
    _at_most(resource.RLIMIT_CORE, 0)


def _at_most(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _threads_of(account: int) -> int:
    found = 0
    for process in PROCESSES.iterdir():
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if process.name.isdigit() and process.stat().st_uid == account:
                found += len(list((process / "task").iterdir()))
    return found
