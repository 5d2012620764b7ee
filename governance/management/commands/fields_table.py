"""`manage.py fields_table`: where each field of the register lives, as Markdown."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from governance.inventory.profile.fields_table import table


class Command(BaseCommand):
    help = "Prints docs/fields.md from the registration form."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table())
