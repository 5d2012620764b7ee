"""The calls of the Linux kernel that Python does not know, with their numbers on the two machines that we know."""

from __future__ import annotations

import ctypes
import os
import platform
from pathlib import Path

MACHINE = platform.machine()
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
CAPSET = {"x86_64": 126, "aarch64": 91}
MOUNT_SETATTR, LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 442, 444, 445, 446

NEW_MOUNTS, NEW_CGROUP, NEW_NAME, NEW_IPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEW_USER, NEW_PID, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000

MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 22, 24, 38
CAPABILITY_VERSION = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def call(number: int, *arguments: object) -> int:
    """One system call by number. Raises OSError."""
    return checked(_libc.syscall(ctypes.c_long(number), *arguments), f"syscall {number}")


def checked(answer: int, what: str) -> int:
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return answer


def by_machine(numbers: dict[str, int]) -> int:
    """Raises OSError on a machine whose numbers nobody has written down."""
    if MACHINE not in numbers:
        raise OSError(f"unknown machine {MACHINE}")
    return numbers[MACHINE]


def prctl(option: int, *arguments: object) -> int:
    whole = [ctypes.c_ulong(each) if isinstance(each, int) else each for each in arguments]
    return checked(_libc.prctl(option, *whole, *[ctypes.c_ulong(0)] * (4 - len(whole))), f"prctl {option}")


def unshare(flags: int) -> None:
    checked(_libc.unshare(flags), "unshare")


def mount(source: str | Path, target: str | Path, kind: str = "", flags: int = 0, data: str = "") -> None:
    said = (os.fsencode(source), os.fsencode(target), kind.encode() or None, ctypes.c_ulong(flags))
    checked(_libc.mount(*said, data.encode() or None), f"mount {target}")


def detach(target: str | Path) -> None:
    checked(_libc.umount2(os.fsencode(target), MNT_DETACH), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    call(by_machine(PIVOT_ROOT), new.encode(), old.encode())


def make_readonly(path: str | Path, *, deep: bool = True) -> None:
    """The mount at a path, and all below it: for reading, without devices and set-user-ID programs."""
    wanted = (ctypes.c_uint64 * 4)(ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV, 0, 0, 0)
    flags = AT_RECURSIVE if deep else 0
    call(MOUNT_SETATTR, AT_FDCWD, os.fsencode(path), flags, ctypes.byref(wanted), ctypes.c_size_t(32))


def drop_capabilities() -> None:
    """None now, none in a program that is started, none to be had again."""
    for capability in range(64):
        if _libc.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(capability), 0, 0, 0) < 0:
            break  # the kernel knows no more of them, or we had none to begin with
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    call(by_machine(CAPSET), ctypes.byref(header), ctypes.byref(nothing))
