"""`manage.py found`: the first organisation and administrator of an empty register."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import translation

from governance.errors import Refusal
from governance.people import services
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Kind, Organisation


class Command(BaseCommand):
    help = "Enter the first organisation of an empty register and invite its administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kind", choices=Kind.values, default=Kind.PARTICIPANT)
        parser.add_argument("--bin", required=True, help="business identification number, 12 digits")
        for language in ("kk", "ru", "en"):
            parser.add_argument(f"--name-{language}", required=True)
        parser.add_argument("--email", required=True, help="address of the administrator")
        parser.add_argument("--person", required=True, help="name of the administrator")
        parser.add_argument("--language", choices=["kk", "ru", "en"], default="kk")
        parser.add_argument(
            "--licensed", action="store_true", help="licensed for brokerage, dealing or portfolio management"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        register = Actor.system("found")
        try:
            with translation.override(options["language"]), acting(register, "register.founded"):
                link = self._found(register, options)
        except Refusal as refusal:
            with translation.override(options["language"]):
                told = "; ".join([str(refusal), *(f"{each.where}: {each.what}" for each in refusal.problems)])
            raise CommandError(told) from refusal
        self.stdout.write(
            f"The register is founded. The administrator chooses a password here, within 14 days:\n{link}"
        )

    def _found(self, register: Actor, options: dict[str, Any]) -> str:
        if Organisation.objects.exists():
            raise CommandError("The register is not empty: organisations are entered by those who are in it.")
        organisation = services.found(
            by=register,
            kind=options["kind"],
            bin=options["bin"],
            names={language: options[f"name_{language}"] for language in ("kk", "ru", "en")},
            is_licensed=options["licensed"],
        )
        _membership, secret = services.invite(
            by=register,
            organisation=organisation,
            email=options["email"],
            name=options["person"],
            role="administrator",
            language=options["language"],
        )
        return settings.SENIM_URL + reverse("invitation", args=[secret])
