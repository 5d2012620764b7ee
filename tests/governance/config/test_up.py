"""`manage.py up`: everything in one terminal; one signal ends it, and its servers when nobody else uses them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
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


def serving(home: Path, port: int) -> subprocess.Popen[str]:
    """A migrated `up` that has said where it answers."""
    migrated = manage("migrate", "--verbosity", "0", home=home)
    assert (migrated.communicate()[0], migrated.returncode) == ("", 0)
    up = manage("up", "--port", port, home=home)
    assert up.stdout is not None
    said = []
    for line in up.stdout:
        said.append(line)
        if "Senim answers at" in line:
            break
    assert f"Senim answers at http://127.0.0.1:{port} " in said[-1], "".join(said)
    return up


def programs_of(home: Path) -> list[str]:
    return [each for each in processes_of(home) if "python" in each]


def test_nothing_outlives_an_up_that_was_killed_even_when_its_broker_goes_too(home: Path):
    up = serving(home, free_port())
    assert len(programs_of(home)) > 5
    Servers(home).valkey.stop()
    up.kill()
    up.communicate(timeout=30)
    until = time.monotonic() + 15
    while programs_of(home) and time.monotonic() < until:
        time.sleep(0.2)
    assert programs_of(home) == []


def test_up_serves_until_it_is_told_to_end_and_leaves_nothing_running(home: Path):
    port = free_port()
    up = serving(home, port)
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
