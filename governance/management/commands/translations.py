"""Keep the Kazakh and Russian catalogues in step with the sources. Needs no gettext on the machine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from governance.config.languages import TRANSLATED, ensure_compiled
from governance.config.translation import catalogues


class Command(BaseCommand):
    help = "extract: bring the .po files up to date; compile: write the .mo files; check: list what is not translated."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["extract", "compile", "check"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        {"extract": self.extract, "compile": ensure_compiled, "check": self.judge}[action]()

    def extract(self) -> None:
        for language in TRANSLATED:
            self.stdout.write(f"{language}: {catalogues.update(language)} to translate")

    def judge(self) -> None:
        found = [problem for language in TRANSLATED for problem in catalogues.problems(language)]
        if found:
            raise CommandError("\n".join(map(str, found)))
        self.stdout.write("Every string is translated into Kazakh and Russian.")
