"""`manage.py demo`: everything started, the stories played on real data, and left open to look at."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from contextlib import closing as closed
from typing import Any, NoReturn

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from rich.console import Console

from governance.config.env import env
from governance.config.processes import NotRunning, running
from governance.demo import closing
from governance.demo.cast import Cast, gather, holds_only_the_demo, new_password
from governance.demo.programme import Act, chosen, play_all
from governance.demo.stage import Stage
from governance.demo.visitor import StoryBroken
from governance.demo.workshop import Workshop


class Command(BaseCommand):
    help = "Start Senim, play the stories on real data, and keep serving until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--exit", action="store_true", help="end by itself; exit 0 only if every story held"
        )
        parser.add_argument("--remove", action="store_true", help="remove the demonstration and its data")
        parser.add_argument("--port", type=int, default=None)
        parser.add_argument(
            "--only", default="", metavar="STORY,…", help="play these stories alone (see governance/demo)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        os.environ.setdefault(
            "SENIM_ISOLATION", "process"
        )  # its models are our own; each result says how it was made
        self.console, self.began = Console(highlight=False), time.monotonic()
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
        signal.signal(signal.SIGTERM, _end)
        try:
            self._handle(options)
        except NotRunning as refused:
            raise CommandError(str(refused)) from refused
        finally:
            if env().has_embedded_server:
                connections.close_all()
                env().servers.stop_unless_used()

    def _handle(self, options: dict[str, Any]) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        if not holds_only_the_demo():
            raise CommandError(
                "This register holds real organisations. Set SENIM_HOME to an empty folder for a demonstration."
            )
        if options["remove"]:
            self._remove()
            return
        cast = Cast.kept(env().home)
        if cast and not cast.finished:
            self._remove()  # a story that broke off is begun again, by a process that knows the new servers
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606
        with closed(Workshop(env().home / "demo")) as workshop:
            if cast is None:
                workshop.begin()
            if self._needs_mlflow(cast, options):
                workshop.mlflow()  # it takes several seconds to start, so it begins first
            self._open(cast, workshop, options)

    def _needs_mlflow(self, cast: Cast | None, options: dict[str, Any]) -> bool:
        """To play its story, or to be looked at again."""
        if cast is None:
            return any(act.name == "mlflow" for act in chosen(options["only"]))
        return "mlflow" in cast.models and not options["exit"]

    def _open(self, cast: Cast | None, workshop: Workshop, options: dict[str, Any]) -> None:
        with running(port=options["port"]) as senim:
            cast = cast or self._play(senim.url, workshop, chosen(options["only"]))
            closing.show(self.console, cast, senim.url)
            if not options["exit"]:
                self._serve(senim)

    def _play(self, url: str, workshop: Workshop, acts: tuple[Act, ...]) -> Cast:
        cast = Cast(password=new_password())
        cast.keep(env().home)
        call_command("load_catalogue", verbosity=0)
        gather(cast)
        try:
            play_all(Stage(url, cast, workshop, tell=self._tell), acts)
            if "mortgage" in cast.models:
                closing.prove_the_ledger(cast)
        except StoryBroken as broken:
            raise CommandError(f"The story broke: {broken}") from broken
        cast.finished = True
        cast.keep(env().home)
        return cast

    def _tell(self, line: str) -> None:
        self.console.print(f"[dim]{time.monotonic() - self.began:4.0f} s[/dim]  {line}")

    def _serve(self, senim: Any) -> None:
        self.console.print("Ctrl-C ends it. `manage.py demo --remove` removes its data.")
        try:
            ended = senim.wait()
            raise CommandError(f"{ended} has ended; look into {env().home / 'log'}")
        except KeyboardInterrupt:
            self.console.print("The demonstration is closed.")

    def _remove(self) -> None:
        """The register holds nothing but the demonstration, so all of it goes: database, broker, files, keys."""
        connections.close_all()
        if env().named_database_url:
            raise CommandError("The database is your own server's: drop and create it there.")
        env().servers.discard()
        for name in ("store", "keys", "guard", "demo", "log", "beat"):
            shutil.rmtree(env().home / name, ignore_errors=True)
        (env().home / "demo.json").unlink(missing_ok=True)
        self.console.print("The demonstration is removed.")


def _end(signum: int, frame: object) -> NoReturn:
    raise SystemExit(128 + signum)
