"""A disk without room for one process: the kernel itself says ENOSPC.

The folder lies on a file system of its own in memory, filled to the last byte. Where a process may not have a mount of
its own, no file may grow beyond a few bytes instead (EFBIG).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
from collections.abc import Callable
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_REC, MS_PRIVATE = 0x4000, 0x40000


def fill(folder: Path, *, room: int = 1 << 20) -> Callable[[], object]:
    """From now on nothing fits into the folder, for this process alone. Returns what makes `room` bytes again."""
    try:
        return filled(folder, room)
    except OSError:
        return forbidden()


def filled(folder: Path, room: int) -> Callable[[], None]:
    """Put the folder on a full file system. Raises OSError where that is not allowed."""
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    in_memory(folder, sum(map(len, files.values())) + room)
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return stone_in(folder).unlink


def in_memory(folder: Path, size: int) -> None:
    """From now on the folder is a file system of its own, for this process and all that it starts. Raises OSError."""
    _unshare()
    _mount(b"tmpfs", folder, b"tmpfs", 0, f"size={size}".encode())


def stone_in(folder: Path) -> Path:
    """A file that takes all the room there is."""
    stone = folder / "stone"
    for length in (1 << 20, 512):
        with contextlib.suppress(OSError), stone.open("ab", buffering=0) as file:
            while True:
                file.write(b"\0" * length)
    return stone


def forbidden() -> Callable[[], None]:
    """No file of this process may grow beyond a few bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _unshare() -> None:
    uid, gid = os.getuid(), os.getgid()
    _call("unshare", CLONE_NEWNS if uid == 0 else CLONE_NEWNS | CLONE_NEWUSER)
    if uid:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    _mount(b"none", Path("/"), None, MS_REC | MS_PRIVATE, None)


def _mount(what: bytes, where: Path, kind: bytes | None, flags: int, data: bytes | None) -> None:
    _call("mount", what, os.fsencode(where), kind, ctypes.c_ulong(flags), data)


def _call(name: str, *arguments: object) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
