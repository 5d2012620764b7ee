"""`manage.py load_catalogue`: every edition into the database. May run at every start: what is loaded is left alone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from governance.errors import Refusal
from governance.obligations import services as obligations
from governance.obligations.edition import EditionBroken
from governance.people.actor import Actor


class Command(BaseCommand):
    help = "Loads the editions of the catalogue that are not loaded yet; those of the past stay."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = obligations.load(by=Actor.system("catalogue"))
        except EditionBroken as broken:
            raise CommandError(str(broken)) from broken
        except Refusal as refusal:
            places = ", ".join(str(problem.where) for problem in refusal.problems)
            raise CommandError(f"{refusal} ({places})") from refusal
        if options["verbosity"]:
            for framework in loaded:
                self.stdout.write(f"loaded {framework.key} {framework.edition}")
            self.stdout.write(f"{len(loaded)} editions loaded")
