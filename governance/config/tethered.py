"""Becomes another program that ends when its parent ends, even by kill -9.

    python -I -S tethered.py PARENT PROGRAM ARGUMENT…

Linux only: elsewhere it just becomes the program. The kernel sends SIGKILL when the *thread* that started
us ends, so start tethered programs from a thread that lives as long as they should. SIGTERM would be
too polite: a worker whose broker has gone as well waits for it for ever. What a killed worker held, its lease gives
back. Standard library only, run by path: importing the project first would cost a second a process.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            raise SystemExit(143)
    os.execvp(command[0], command)  # noqa: S606  (becoming it is the point: no shell, no extra process)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
