"""`manage.py heard <part>`: whether a part of Senim gave a sign of life lately; for health checks of containers."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from governance.desk.signs import SILENCE
from governance.people import pulse


class Command(BaseCommand):
    help = "End with 0 if this part was heard within the last minute and a half."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", choices=[*pulse.QUEUES, pulse.CLOCK])

    def handle(self, *args: Any, **options: Any) -> None:
        at = pulse.last_felt().get(options["part"])
        if at is None or timezone.now() - at > SILENCE:
            raise CommandError(f"{options['part']} was last heard at {at}")
