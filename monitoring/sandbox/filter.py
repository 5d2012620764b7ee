"""A filter of system calls (seccomp): what is forbidden fails with EPERM, from here on and for ever."""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from monitoring.sandbox.forbidden import FORBIDDEN, NOT_THERE, ON_ITSELF_ONLY, THREADS_ONLY
from monitoring.sandbox.syscalls import MACHINE, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, prctl

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Column of the numbers, and how the kernel names the machine."""
OTHER_TABLE = 0x40000000
"""x86-64 has a second table of calls (x32), which a list by number would miss."""
MODE_FILTER = 2
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
CLONE_THREAD = 0x10000


def forbid() -> None:
    """Raises OSError where the kernel or this machine has no filter."""
    program = b"".join(_program())
    steps = ctypes.create_string_buffer(program, len(program))
    handed = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(steps))
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.c_char_p(handed))


def _program() -> list[bytes]:
    if MACHINE not in MACHINES:
        raise OSError(errno.ENOSYS, f"no filter is known for {MACHINE}")
    column, architecture = MACHINES[MACHINE]
    refuse = _step(RETURN, REFUSE | errno.EPERM)
    steps = [_step(LOAD, ARCHITECTURE), _step(EQUAL, architecture, 1, 0), _step(RETURN, KILL)]
    steps += [_step(LOAD, NUMBER), _step(AT_LEAST, OTHER_TABLE, 0, 1), refuse]
    for numbers in FORBIDDEN.values():
        if numbers[column]:
            steps += [_step(EQUAL, numbers[column], 0, 1), refuse]
    for numbers in NOT_THERE.values():
        steps += [_step(EQUAL, numbers[column], 0, 1), _step(RETURN, REFUSE | errno.ENOSYS)]
    for numbers in THREADS_ONLY.values():
        steps += _only_if(numbers[column], _step(ANY_BIT, CLONE_THREAD, 0, 1))
    for name, numbers in ON_ITSELF_ONLY.items():
        steps += _only_if(numbers[column], _step(EQUAL, 0 if name == "prlimit64" else os.getpid(), 0, 1))
    return [*steps, _step(RETURN, ALLOW)]


def _only_if(number: int, condition: bytes) -> list[bytes]:
    """This call is allowed when the condition on its first argument holds."""
    allow, refuse = _step(RETURN, ALLOW), _step(RETURN, REFUSE | errno.EPERM)
    return [_step(EQUAL, number, 0, 4), _step(LOAD, FIRST_ARGUMENT), condition, allow, refuse]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
