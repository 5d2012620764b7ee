"""Who uses the embedded servers: whoever leaves last may stop them, nobody before."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from governance.config.embedded.servers import Servers
from tests.governance.config.conftest import CHECKOUT, python

USE_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from governance.config.embedded.servers import Servers
print(Servers(Path(sys.argv[1])).broker(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def servers(ground: Path) -> Iterator[Servers]:
    found = Servers(ground, durable=False)
    yield found
    found.discard()


def test_nothing_is_started_or_stopped_that_nobody_asked_for(servers):
    assert servers.stop_unless_used()

    assert not servers.postgres.root.exists()
    assert not servers.valkey.root.exists()


def test_the_last_user_stops_both(servers):
    servers.database(), servers.broker()

    assert servers.stop_unless_used()

    assert not servers.postgres.running()
    assert not servers.valkey.running()


def test_while_another_process_uses_them_they_stay_and_a_kill_9_ends_its_use(servers):
    another = python(USE_UNTIL_KILLED, servers.home)
    assert another.stdout is not None
    assert another.stdout.readline().startswith("redis+socket://")

    assert not servers.stop_unless_used()
    assert servers.valkey.running()

    another.kill()
    another.communicate()
    assert servers.stop_unless_used()
    assert not servers.valkey.running()


def test_after_stopping_they_can_be_asked_for_again(servers):
    servers.broker()
    servers.stop_unless_used()

    assert servers.broker() == servers.valkey.url
    assert servers.valkey.running()


def test_a_hermetic_command_gets_a_home_of_its_own_that_is_gone_afterwards(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("SENIM_DATABASE_URL", "postgresql://never/used")
    told = tmp_path / "told"
    code = f"""
from governance.config.env import broker_url, database_urls, env
database_urls(), broker_url()
open({str(told)!r}, "w").write(f"{{env().home}} {{env().durable}}")
raise SystemExit(7)
"""
    hermetic = [sys.executable, "-m", "governance.config.hermetic", sys.executable, "-c", code]

    assert subprocess.run(hermetic, cwd=CHECKOUT, check=False).returncode == 7
    home, durable = told.read_text().split()
    assert durable == "False"
    assert not Path(home).exists()
    assert not Servers(Path(home)).postgres.running()
