"""A real Senim on servers of its own, under fire: web, both workers and two clocks, over a broker that says everything thrice."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from os import getpid
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from governance.config.crew import Crew, Program
from governance.config.embedded.servers import Servers
from governance.config.env import env
from governance.config.keeper import Keeper
from governance.config.processes import free_port, programs
from tests.chaos import clock, disk
from tests.chaos.prey import Prey
from tests.ground import CHECKOUT

LONGEST_START = 180.0


@dataclass(frozen=True)
class Ground:
    """What stands under fire, and by what it is reached."""

    url: str
    servers: Servers
    prey: Prey
    disk: disk.Disk


@contextmanager
def senim() -> Iterator[Ground]:
    """Everything running over an empty register, to the end of the block. What dies is started again, as under `up`."""
    home, servers, port = env().home, env().servers, free_port()
    prey = Prey(home, getpid())
    store = disk.prepare(home / "store", prey.pool)
    clock_of = servers.database()
    servers.broker()
    for command in ("migrate", "load_catalogue"):
        subprocess.run([sys.executable, "manage.py", command, "--verbosity", "0"], cwd=CHECKOUT, check=True)
    clock.install(clock_of)
    (home / "beat").mkdir()
    crew = Crew(list(under_fire(home, port)), logs=home / "log")
    keeper = Keeper(crew)
    try:
        crew.start()
        _until_ready(crew)
        keeper.start()
        yield Ground(f"http://127.0.0.1:{port}", servers, prey, store)
        assert keeper.is_alive(), f"given up: {keeper.given_up or keeper.failed}"
    finally:
        keeper.rest()
        crew.stop()
        keeper.let_go()


def under_fire(home: Path, port: int) -> Iterator[Program]:
    """The programs of `up` with a broker that delivers thrice, and one clock more."""
    for each in programs(home=home, port=port):
        command = tuple(
            "tests.chaos.thrice" if part == "governance.config" else part for part in each.command
        )
        yield replace(each, command=command)
        if each.name == "beat":
            first, other = str(home / "beat" / "schedule"), str(home / "beat" / "again")
            again = tuple(other if part == first else part for part in command)
            yield replace(each, name="second beat", command=again)


def _until_ready(crew: Crew) -> None:
    end = time.monotonic() + LONGEST_START
    while not all(" ready." in _said(crew.log(name)) for name in ("default", "checks", "outside")):
        if (ended := crew.ended()) or time.monotonic() > end:
            raise RuntimeError(f"Senim did not start: {ended}\n{_said(crew.log('checks'))}")
        time.sleep(0.2)


def _said(log: Path) -> str:
    return log.read_text(errors="replace") if log.exists() else ""


def answers(url: str) -> bool:
    """Whether the web serves a page within three minutes."""
    end = time.monotonic() + LONGEST_START
    while time.monotonic() < end:
        with suppress(URLError, OSError):
            return bool(urlopen(f"{url}/sign-in/").status == 200)
        time.sleep(0.2)
    return False
