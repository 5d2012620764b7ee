"""Django's `migrate`, run as the owner role; afterwards the walls are raised."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as Migrate

from governance.config.walls import raise_walls


class Command(Migrate):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        whole = (
            not options.get("app_label") and not options.get("plan") and not options.get("check_unapplied")
        )
        if whole:
            raise_walls(options["database"])
