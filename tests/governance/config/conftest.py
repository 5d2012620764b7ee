"""Servers of a test's own, outside of pytest's folders: those are closed to PostgreSQL's account when we are root."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from governance.config.embedded.postgres import EmbeddedPostgres
from governance.config.embedded.valkey import EmbeddedValkey

CHECKOUT = Path(__file__).resolve().parents[3]


@pytest.fixture
def ground() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="senim-ground-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
def postgres(ground: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(ground / "postgres")
    yield server
    server.discard()


@pytest.fixture(scope="module")
def shared_postgres() -> Iterator[EmbeddedPostgres]:
    """One running server for tests that only look."""
    with tempfile.TemporaryDirectory(prefix="senim-ground-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        server = EmbeddedPostgres(Path(folder) / "postgres", durable=False)
        server.ensure()
        yield server
        server.discard()


@pytest.fixture
def valkey(ground: Path) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(ground / "valkey")
    yield server
    server.discard()


def python(
    code: str, *arguments: object, interpreter: str = sys.executable, user: str | None = None
) -> subprocess.Popen[str]:
    """A process of its own that runs `code` with our packages."""
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    return subprocess.Popen(
        [interpreter, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        env={
            "PYTHONPATH": os.pathsep.join([str(CHECKOUT), packages]),
            "PATH": os.defpath,
            "HOME": "/nonexistent",
        },
        **({"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}),
    )


@pytest.fixture(scope="session")
def interpreter_of_nobody() -> str:
    """A Python that an account without rights can run, with our packages; skips where there is none."""
    if os.geteuid() != 0:
        pytest.skip("we are not root, so all other tests ran without rights already")
    for interpreter in (sys.executable, "/usr/bin/python3"):
        try:
            asked = python("import psycopg, governance.config.env", interpreter=interpreter, user="nobody")
        except OSError:
            continue
        asked.communicate()
        if asked.returncode == 0:
            return interpreter
    pytest.skip("no Python of this machine with our packages can be run by 'nobody'")
