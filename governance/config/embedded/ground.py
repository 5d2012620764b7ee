"""What both embedded servers stand on: an account to run as, a lock, a short socket directory, secrets."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

# An AF_UNIX address holds 107 bytes; the longest name beneath is "/.s.PGSQL.5432.lock".
LONGEST_SOCKET_DIRECTORY = 80
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")  # pg_ctl hands the path to a shell
# Not tempfile.gettempdir(): two processes with different TMPDIR must agree on the same socket.
SHORT_PLACE = Path("/tmp")  # noqa: S108  (own_directory refuses what somebody else put there)


class EmbeddedFailed(RuntimeError):
    """An embedded server cannot be used; the message says why and what to do."""


def unprivileged_account() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as when we are root (it refuses uid 0); None when we are somebody else."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedFailed(
        "Run as root, PostgreSQL needs an account 'postgres' or 'nobody'; this machine has neither."
    )


class Identity(TypedDict, total=False):
    """Arguments of subprocess.run that make the child somebody else."""

    user: int
    group: int
    extra_groups: list[int]


def run_as(account: pwd.struct_passwd | None) -> Identity:
    return Identity(user=account.pw_uid, group=account.pw_gid, extra_groups=[]) if account else Identity()


@contextlib.contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the one lock of this server's folder; the kernel releases it even when we are killed."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = os.open(root / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as refused:
        raise EmbeddedFailed(
            f"{root} belongs to another account. Run as that one, or set SENIM_HOME to a folder of your own."
        ) from refused
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def socket_directory(wanted: Path) -> Path:
    """`wanted`, or a directory of its own under /tmp when the address is too long or would need quoting."""
    if len(str(wanted)) <= LONGEST_SOCKET_DIRECTORY and PLAIN_PATH.fullmatch(str(wanted)):
        return wanted
    digest = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    return SHORT_PLACE / f"senim-{os.getuid()}-{digest}"


def own_directory(path: Path, *, account: pwd.struct_passwd | None, mode: int = 0o700) -> None:
    """Make `path` a directory of that account (or ours). Refuses one that somebody else put there first."""
    path.mkdir(parents=True, exist_ok=True)
    found = path.lstat()
    allowed = {os.geteuid()} | ({account.pw_uid} if account else set())
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in allowed:
        raise EmbeddedFailed(
            f"{path} belongs to another account; remove it or set SENIM_HOME to another folder."
        )
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)
    path.chmod(mode)


def kept_secret(path: Path, *, make: int = 24) -> str:
    """The secret in `path`, made on first use (0600). Processes that race for it all read the same one."""
    with contextlib.suppress(FileNotFoundError):
        return path.read_text()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(make))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # unlike rename, link refuses to replace the winner's secret
    finally:
        draft.unlink()
    return path.read_text()
