"""Namespaces of one's own, and in them a root that holds the runtime and the named files, all for reading only.

No network, no processes of others, no message queues; a small folder in memory to write to. Needs Linux 5.12.
"""

from __future__ import annotations

import contextlib
import os
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path

from monitoring.sandbox.syscalls import (
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_REC,
    NEW_CGROUP,
    NEW_IPC,
    NEW_MOUNTS,
    NEW_NAME,
    NEW_NETWORK,
    NEW_PID,
    NEW_USER,
    detach,
    make_readonly,
    mount,
    pivot_root,
    unshare,
)

NOBODY = 65534
INBOX = Path("/in")
SCRATCH = Path("/scratch")
"""Where the inmate may write. A name that no runtime bears: whoever installed Senim below /tmp needs that to stay there."""
SCRATCH_SIZE = 64 << 20
BASE = "/tmp"  # noqa: S108 - any folder that exists everywhere; what lies in it is found again under the old root
OLD = "old"
FEWEST_NUMBERS = 301
"""The smallest number of processes and threads to which Linux lets a namespace be limited."""
LIBRARIES = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo")
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


def runtime() -> list[Path]:
    """Python, its packages, our own code as far as it is loaded, and the system's libraries."""
    found = [Path(sysconfig.get_path(each)) for each in ("stdlib", "platstdlib", "purelib", "platlib")]
    for name, module in list(sys.modules.items()):
        if "." not in name:
            found += [Path(each) for each in getattr(module, "__path__", ())]
    found += map(Path, LIBRARIES)
    return _outermost(each.absolute() for each in found if each.exists())


def leave_the_world() -> None:
    """New namespaces; the next child is alone in them. Raises OSError where they are not to be had."""
    user, group = os.geteuid(), os.getegid()
    unshare(NEW_USER | NEW_MOUNTS | NEW_NETWORK | NEW_IPC | NEW_PID | NEW_NAME | NEW_CGROUP)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {user} 1\n")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {group} 1\n")


def furnish(paths: Iterable[Path], files: Mapping[str, Path]) -> dict[str, Path]:
    """Move into the new root. Returns where the files lie in it. Raises OSError."""
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    mount("senim", BASE, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=1m")
    Path(BASE, OLD).mkdir()
    pivot_root(BASE, f"{BASE}/{OLD}")
    os.chdir("/")
    for path in paths:
        _show(path, path)
    for device in map(Path, DEVICES):
        _show(device, device, readonly=False)
    placed = {key: INBOX / key / path.name for key, path in files.items()}
    for key, path in files.items():
        _show(path, placed[key])
    _limit_numbers()
    SCRATCH.mkdir()
    mount("senim", SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, f"mode=0700,size={SCRATCH_SIZE}")
    detach(f"/{OLD}")
    Path("/", OLD).rmdir()
    make_readonly("/", deep=False)
    return placed


def _show(source: Path, target: Path, *, readonly: bool = True) -> None:
    """A folder or file of the old root at a place of the new one."""
    there = Path(f"/{OLD}{_resolved(source)}")
    target.parent.mkdir(parents=True, exist_ok=True)
    if there.is_dir():
        target.mkdir(exist_ok=True)
    else:
        target.touch()
    mount(there, target, flags=MS_BIND | MS_REC)
    if readonly:
        make_readonly(target)


def _resolved(source: Path) -> Path:
    """Where a path of the old root really leads: its links would lead into the new one."""
    return _REAL.get(source, source)


_REAL: dict[Path, Path] = {}


def remember(paths: Iterable[Path]) -> None:
    """Follow the links while the old root is still there."""
    _REAL.update({path: Path(os.path.realpath(path)) for path in (*paths, *map(Path, DEVICES))})


def _limit_numbers() -> None:
    """The superuser's account knows no limit of processes, but since Linux 6.14 a namespace does."""
    place = Path("/numbers")
    place.mkdir()
    with contextlib.suppress(OSError):
        mount("proc", place, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
        with contextlib.suppress(OSError):
            (place / "sys/kernel/pid_max").write_text(str(FEWEST_NUMBERS))
        detach(place)
    place.rmdir()


def _outermost(paths: Iterable[Path]) -> list[Path]:
    """Without those that lie in another of them."""
    kept: list[Path] = []
    for path in sorted(set(paths), key=lambda each: len(each.parts)):
        if not any(path.is_relative_to(each) for each in kept):
            kept.append(path)
    return kept
