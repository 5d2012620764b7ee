"""`manage.py evidence_table`: which requirement is answered by what, as Markdown."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from governance.obligations.evidence_table import table


class Command(BaseCommand):
    help = "Prints docs/evidence-table.md from the catalogue."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table())
