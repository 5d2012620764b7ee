"""`manage.py up`: everything in one terminal; one signal ends it, and its servers when nobody else uses them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from governance.config.embedded.servers import Servers
from governance.config.processes import free_port
from tests.governance.config.conftest import CHECKOUT

pytestmark = pytest.mark.slow


@pytest.fixture
def home(ground: Path) -> Iterator[Path]:
    yield ground
    Servers(ground).discard()


def manage(*arguments: object, home: Path) -> subprocess.Popen[str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("SENIM_")}
    return subprocess.Popen(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=CHECKOUT,
        env={**others, "SENIM_HOME": str(home), "SENIM_DURABLE": "no", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def processes_of(home: Path) -> list[str]:
    """Command lines of this machine's processes that were told this home."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"SENIM_HOME={home}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def test_up_serves_until_it_is_told_to_end_and_leaves_nothing_running(home: Path):
    migrated = manage("migrate", "--verbosity", "0", home=home)
    assert (migrated.communicate()[0], migrated.returncode) == ("", 0)
    port = free_port()
    up = manage("up", "--port", port, home=home)
    assert up.stdout is not None
    said = []
    for line in up.stdout:
        said.append(line)
        if "Senim answers at" in line:
            break
    assert f"Senim answers at http://127.0.0.1:{port} " in said[-1], "".join(said)
    assert urlopen(f"http://127.0.0.1:{port}").status == 200

    second, _ = (refused := manage("up", "--port", port, home=home)).communicate()
    assert refused.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in second
    assert Servers(home).valkey.running()

    up.send_signal(signal.SIGTERM)
    up.communicate(timeout=60)

    assert up.returncode == 128 + signal.SIGTERM
    assert processes_of(home) == []
    assert not Servers(home).valkey.running()
    assert not Servers(home).postgres.running()
