"""A whole Senim of the tests' own: web, workers, clock and embedded servers, in a SENIM_HOME that goes away."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

from django.db import connections

from governance.config.addresses import database_settings
from governance.config.embedded import roles
from governance.config.embedded.servers import Servers
from governance.config.processes import free_port
from governance.demo.cast import Cast, gather, new_password
from governance.demo.mortgage.story import Mortgage
from governance.demo.stage import Stage
from governance.demo.workshop import Workshop
from tests.ground import CHECKOUT

Played = TypeVar("Played")

# In the order of its play, one step at a time.
CHAPTERS: dict[str, Callable[[Mortgage], None]] = {
    "the model is registered": lambda story: story.registers_the_model(),
    "version 1 is handed in": lambda story: story.hands_in_version("1", "v1.json", by_form=True),
    "the data is handed in": lambda story: story.hands_in_the_data(),
    "version 1 is checked": lambda story: story.worker_runs_the_checks("1"),
    "version 1 is denied": lambda story: story.is_denied_for_its_fairness(),
    "version 2 is handed in": lambda story: story.hands_in_version("2", "v2.json", by_form=False),
    "version 2 is checked": lambda story: story.worker_runs_the_checks("2"),
    "the second line concludes": lambda story: story.second_line_concludes(),
    "the committee approves": lambda story: story.committee_approves("2"),
    "version 2 is allowed": lambda story: story.is_allowed_for_exactly_that(),
    "CI registers a model by itself": lambda story: story.ci_registers_alone(),
    "others see nothing": lambda story: story.others_see_nothing(),
}


@dataclass
class Product:
    """home: its SENIM_HOME. Until `start` nothing runs; `told` counts the chapters that were played."""

    home: Path
    port: int = field(default_factory=free_port)
    cast: Cast = field(default_factory=lambda: Cast(new_password()))
    told: int = 0
    durable: bool = False
    played: dict[Callable[[Stage], Any], Any] = field(default_factory=dict)
    _process: subprocess.Popen[str] | None = None

    def __post_init__(self) -> None:
        self.url = f"http://127.0.0.1:{self.port}"
        self.servers = Servers(self.home, durable=self.durable)
        self.stage = Stage(self.url, self.cast, Workshop(self.home / "demo"), tell=lambda _line: None)
        self.story = Mortgage(self.stage)

    def begin(self) -> None:
        """An empty register with its catalogue, the people let in, everything running, the models in training."""
        self.stage.workshop.begin()
        self.open()
        with self.database():
            gather(self.cast)

    def open(self) -> None:
        """An empty register with its catalogue, and everything running."""
        for command in (["migrate", "--verbosity", "0"], ["load_catalogue", "--verbosity", "0"]):
            finished(self.python("manage.py", *command))
        self.start("up", "--port", self.port, until="Senim answers at")

    def tell(self, chapter: str) -> Mortgage:
        """Play the mortgage story up to the end of `chapter`; what was played is not played again."""
        wanted = list(CHAPTERS).index(chapter) + 1
        with self.database():
            for play in list(CHAPTERS.values())[self.told : wanted]:
                play(self.story)
                self.told += 1
        return self.story

    def start(self, *arguments: object, until: str) -> list[str]:
        """Run a command that serves, and return what it said up to the line with `until`."""
        self._process = self.python("manage.py", *arguments)
        assert self._process.stdout is not None
        said = []
        for line in self._process.stdout:
            said.append(line)
            if until in line:
                Thread(target=self._process.stdout.read, daemon=True).start()  # a full pipe would stop it
                return said
        raise RuntimeError(f"{arguments} ended:\n{''.join(said)}")

    def stop(self) -> None:
        """End what serves. Embedded servers end with `up`; those of `demo` stay for the next start."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=60)
            self._process = None

    def python(self, *arguments: object) -> subprocess.Popen[str]:
        others = {name: value for name, value in os.environ.items() if not name.startswith("SENIM_")}
        return subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=CHECKOUT,
            env={
                **others,
                "SENIM_HOME": str(self.home),
                "SENIM_DURABLE": "yes" if self.durable else "no",
                "PYTHONUNBUFFERED": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def play(self, story: Callable[[Stage], Played]) -> Played:
        """Play another story, once in the session; returns what it returned."""
        if story not in self.played:
            with self.database():
                self.played[story] = story(self.stage)
        played: Played = self.played[story]
        return played

    @contextmanager
    def database(self) -> Iterator[None]:
        """This process reads and writes the product's database, as the runtime role, to the end of the block."""
        connection = connections["default"]
        former = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict.update(database_settings(self.servers.database().url(roles.RUNTIME)))
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(former)


def finished(process: subprocess.Popen[str]) -> str:
    """What it said. Raises RuntimeError if it failed."""
    said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{process.args} ended with {process.returncode}:\n{said}")
    return said


@contextmanager
def product() -> Iterator[Product]:
    with ExitStack() as undo:
        folder = tempfile.TemporaryDirectory(prefix="senim-journey-", ignore_cleanup_errors=True)
        home = Path(undo.enter_context(folder))
        home.chmod(0o711)  # PostgreSQL's account must get through when we are root
        senim = Product(home)
        undo.callback(senim.servers.discard)
        undo.callback(senim.stage.workshop.close)
        undo.callback(senim.stop)
        senim.begin()
        yield senim
