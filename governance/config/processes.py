"""The processes of one Senim, and running them in the background.

with running(port=8000) as senim:
    …  # senim.url answers; logs are in SENIM_HOME/log
"""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from governance.config.crew import Crew, Ended, Program
from governance.config.env import broker_url, database_urls, env
from governance.config.keeper import Keeper

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
PATIENCE = 180.0  # a busy machine needs most of a minute


class NotRunning(RuntimeError):
    """Senim could not be started, or one of its processes ended; the message says which and why."""


@dataclass(frozen=True)
class Running:
    """A Senim that answers."""

    url: str
    crew: Crew
    keeper: Keeper

    def wait(self) -> Ended:
        """Until a program is given up. Raises EmbeddedFailed when a server is."""
        while self.keeper.is_alive():
            self.keeper.join(0.25)  # a signal is heard between two of these
        if self.keeper.failed:
            raise self.keeper.failed
        assert self.keeper.given_up is not None
        return self.keeper.given_up


def programs(*, home: Path, port: int) -> list[Program]:
    """Web, three kinds of workers and the clock."""
    gunicorn = (
        "-m",
        "gunicorn",
        "-c",
        "python:governance.config.gunicorn",
        "governance.config.wsgi:application",
    )
    where = {"SENIM_PORT": str(port)}
    return [
        Program("web", (sys.executable, *gunicorn), where),
        Program("default", _worker("default"), where),
        Program(
            "checks", _worker("checks"), {**where, **ONE_THREAD, "SENIM_PRELOAD": "1", "DO_NOT_TRACK": "1"}
        ),
        Program("outside", _worker("outside"), where),
        Program("beat", _celery("beat", "--schedule", str(home / "beat" / "schedule"), "--pidfile="), where),
    ]


@contextmanager
def running(*, port: int | None = None, quiet: bool = True) -> Iterator[Running]:
    """Web, workers and beat from here to the end of the block. The database must be migrated.

    port: None = SENIM_PORT, 0 = any free one. quiet=False repeats the logs on standard output. Enter it in
    the main thread: the processes end with the thread that started them. What dies meanwhile is started again. Embedded
    servers are started if need be and left running. Raises NotRunning.
    """
    database_urls(), broker_url()
    port = free_port() if port == 0 else port or env().port
    refuse_taken(port)
    (env().home / "beat").mkdir(parents=True, exist_ok=True)
    crew = Crew(programs(home=env().home, port=port), logs=env().home / "log", echo=not quiet)
    keeper = Keeper(crew)
    try:
        crew.start()
        url = f"http://{_reachable(env().bind)}:{port}"
        _await_answer(url, crew)
        keeper.start()
        yield Running(url, crew, keeper)
    finally:
        keeper.rest()
        crew.stop()
        keeper.let_go()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((env().bind, 0))
        return int(probe.getsockname()[1])


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((env().bind, port))
        except OSError as refused:
            raise NotRunning(
                f"Port {port} on {env().bind} cannot be used ({refused.strerror}). "
                f"Stop the program that holds it, or choose another: SENIM_PORT={port + 1}"
            ) from refused


def _worker(queue: str) -> tuple[str, ...]:
    # what workers would tell each other: nobody listens, and a sign of life in PostgreSQL is `pulse`
    alone = ("--without-mingle", "--without-gossip", "--without-heartbeat")
    return _celery("worker", "-Q", queue, "-n", f"{queue}@%h", "--concurrency", "2", *alone)


def _celery(*arguments: str) -> tuple[str, ...]:
    return (
        sys.executable,
        "-m",
        "celery",
        "--quiet",
        "-A",
        "governance.config",
        *arguments,
        "--loglevel",
        "INFO",
    )


def _reachable(bind: str) -> str:
    return bind if ip_address(bind).is_loopback else "127.0.0.1"


def _await_answer(url: str, crew: Crew) -> None:
    """Until the web server answers anything at all, even an error page."""
    deadline = time.monotonic() + PATIENCE
    while not _answers(url):
        if ended := crew.ended():
            raise NotRunning(
                f"The process {ended.name} ended with code {ended.code}:\n{last_lines(crew.log(ended.name))}"
            )
        if time.monotonic() > deadline:
            raise NotRunning(f"Nothing answers at {url}; see {crew.log('web')}")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status > 0
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def last_lines(log: Path, *, count: int = 20) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:]) if log.exists() else ""
