"""The disk of the store, which can be filled to the last byte and emptied again while everything runs."""

from __future__ import annotations

import resource
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.full_disk import in_memory, stone_in

ROOM = 96 << 20
NO_ROOM = ("ENOSPC", "EFBIG")


@dataclass(frozen=True)
class Disk:
    """kind: how it is filled. pool: the processes that write answers, where the disk itself cannot be filled."""

    store: Path
    kind: str
    pool: Callable[[], list[int]]

    def fill(self) -> None:
        if self.kind == "a full file system":
            stone_in(self.store)
        else:
            self._allow(64)

    def make_room(self) -> None:
        (self.store / "stone").unlink(missing_ok=True)
        if self.kind != "a full file system":
            self._allow(resource.RLIM_INFINITY)

    def _allow(self, most: int) -> None:
        for pid in self.pool():
            with suppress(ProcessLookupError):
                _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hard))


def prepare(store: Path, pool: Callable[[], list[int]]) -> Disk:
    """Before anything else starts: this process and all that it starts see the store on a file system of its own."""
    store.mkdir(mode=0o700, exist_ok=True)
    try:
        in_memory(store, ROOM)
    except OSError:  # not allowed here: no file of a worker may grow instead
        return Disk(store, "no file may grow", pool)
    return Disk(store, "a full file system", pool)
