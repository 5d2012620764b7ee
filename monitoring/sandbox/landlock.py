"""Landlock: from here on only the named paths can be opened. Numbers: include/uapi/linux/landlock.h.

It does not stop a connection to a unix socket and does not cover modes, owners or times of files: the filter of
system calls does.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path

from monitoring.sandbox.syscalls import (
    LANDLOCK_ADD,
    LANDLOCK_CREATE,
    LANDLOCK_RESTRICT,
    PR_SET_NO_NEW_PRIVS,
    call,
    prctl,
)

ASK_VERSION = 1
WRITE_FILE, READ_FILE, READ_DIR = 1 << 1, 1 << 2, 1 << 3
FIRST_RIGHTS = (1 << 13) - 1
REFER, TRUNCATE, IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
SINCE = {2: REFER, 3: TRUNCATE, 5: IOCTL_DEVICE}
RIGHTS_OF_A_FILE = 1 | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEVICE
NOT_IN_A_PRIVATE_FOLDER = 1 | (1 << 6) | (1 << 9) | (1 << 10) | (1 << 11) | IOCTL_DEVICE
"""Running programs; making devices, sockets, pipes."""
BIND_AND_CONNECT = 3
ABSTRACT_SOCKETS_AND_SIGNALS = 3
PATH_BENEATH = 1


def version() -> int:
    """Of the kernel's Landlock; 0 where there is none or it is off."""
    try:
        return call(LANDLOCK_CREATE, None, ctypes.c_size_t(0), ASK_VERSION)
    except OSError:
        return 0


def restrict(*, reading: Iterable[Path], writing: Iterable[Path] = ()) -> int:
    """Everything else in the file system is closed to this process for ever. Returns the version. Raises OSError."""
    known = call(LANDLOCK_CREATE, None, ctypes.c_size_t(0), ASK_VERSION)
    rights = FIRST_RIGHTS | sum(right for since, right in SINCE.items() if known >= since)
    ruleset = _ruleset(known, rights)
    for path in reading:
        _allow(ruleset, path, READ_FILE | READ_DIR)
    for path in writing:
        _allow(ruleset, path, rights & ~NOT_IN_A_PRIVATE_FOLDER)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    call(LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)
    return known


def _ruleset(known: int, rights: int) -> int:
    said = struct.pack("=Q", rights)
    if known >= 4:
        said += struct.pack("=Q", BIND_AND_CONNECT)
    if known >= 6:
        said += struct.pack("=Q", ABSTRACT_SOCKETS_AND_SIGNALS)
    return call(LANDLOCK_CREATE, said, ctypes.c_size_t(len(said)), 0)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(beneath).st_mode):
            rights &= RIGHTS_OF_A_FILE
        call(LANDLOCK_ADD, ruleset, PATH_BENEATH, struct.pack("=Qi", rights, beneath), 0)
    finally:
        os.close(beneath)
