"""Holds a candidate edition against the whole register, without writing: what would turn, for whom, from which day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from governance.errors import RuleBroken
from governance.obligations.preview.reading import candidate
from governance.obligations.preview.turning import Turn, preview
from governance.people.acting import viewing
from governance.people.actor import Actor


class Command(BaseCommand):
    help = "Lists which requirements of which models would turn under an edition that is not loaded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a YAML file like those of the catalogue")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            edition = candidate(file.read_bytes(), file.name)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except RuleBroken as refusal:
            flaws = "\n".join(str(problem.what) for problem in refusal.problems)
            raise CommandError(f"{file.name} is not an edition:\n{flaws}") from refusal
        by = Actor.system("preview")
        with viewing(by):
            found = preview(by=by, edition=edition, today=timezone.localdate())
            for turn in found.turns:
                self.stdout.write(
                    json.dumps(_told(turn), ensure_ascii=False) if options["json"] else _line(turn)
                )
        red = sum(turn.turns_red for turn in found.turns)
        self.stderr.write(
            f"{edition.framework} {edition.edition}: {found.models} models judged, "
            f"{len(found.turns)} requirements turn, {red} of them to red; nothing was written"
        )


def _told(turn: Turn) -> dict[str, str]:
    return {
        "organisation": turn.organisation.bin,
        "model": turn.model.number,
        "requirement": turn.obligation.key,
        "was": turn.was,
        "now": turn.now,
        "on": turn.on.isoformat(),
    }


def _line(turn: Turn) -> str:
    told = _told(turn)
    where = f"{told['organisation']} {told['model']}"
    return f"{where}  {told['requirement']}  {told['was'] or '-'} → {told['now'] or '-'}  {told['on']}"
