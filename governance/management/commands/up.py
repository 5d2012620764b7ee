"""`manage.py up`: everything that Senim needs, in one terminal, until Ctrl-C."""

from __future__ import annotations

import signal
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance.config.env import env
from governance.config.processes import NotRunning, last_lines, running


class Command(BaseCommand):
    help = "Run web, workers and beat (and the embedded servers) until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, default=None, help="where the web server listens (SENIM_PORT)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
        for ending in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, _end)
        try:
            self._run(options["port"])
        except NotRunning as refused:
            raise CommandError(str(refused)) from refused
        except KeyboardInterrupt:
            self.stdout.write("Senim has stopped.")
        finally:
            if env().has_embedded_server:
                env().servers.stop_unless_used()

    def _run(self, port: int | None) -> None:
        with running(port=port, quiet=False) as senim:
            self.stdout.write(self.style.SUCCESS(f"Senim answers at {senim.url} (Ctrl-C ends it)"))
            ended = senim.wait()
            said = last_lines(senim.crew.log(ended.name))
        raise CommandError(
            f"The process {ended.name} ends as soon as it is started (code {ended.code}), so all were ended:\n{said}"
        )


def _end(signum: int, frame: object) -> NoReturn:
    raise SystemExit(128 + signum)
