"""Holds a candidate against the whole register, without writing: what would change, for whom, from which day."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from governance.errors import RuleBroken
from governance.obligations.preview import reading as editions
from governance.obligations.preview import regraded
from governance.obligations.preview.turning import preview as of_edition
from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.risk.preview import reading as questionnaires
from monitoring.preview import telling
from monitoring.preview.candidates import Candidate, from_file, one
from monitoring.preview.telling import Told
from monitoring.preview.turning import preview as of_limits


class Command(BaseCommand):
    help = "Lists what would change under an edition, a questionnaire or limits that are not loaded."

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="edition|questionnaire|limits")
        asked = {
            "edition": "a YAML file like those of the catalogue",
            "questionnaire": "a YAML file like the questionnaires of Senim",
            "limits": "a YAML file: tiers, and under each tier check, limit and value",
        }
        for kind, what in asked.items():
            own = kinds.add_parser(kind)
            own.add_argument("file", type=Path, help=what, nargs="?" if kind == "limits" else None)
            own.add_argument("--json", action="store_true", help="one JSON object a line")
            if kind == "limits":
                own.add_argument("--limit", help="instead of a file, such as drift.drifted_share=0.3")
                own.add_argument("--tier", type=int, choices=(1, 2, 3, 4), help="with --limit: of this tier")

    def handle(self, *args: Any, kind: str, **options: Any) -> None:
        by = Actor.system("preview")
        look = LOOKS[kind]
        try:
            judge = look(options)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except RuleBroken as refusal:
            flaws = "\n".join(str(problem.what) for problem in refusal.problems)
            raise CommandError(
                f"{options['file'] or options['limit']} cannot be tried:\n{flaws}"
            ) from refusal
        with viewing(by):
            lines, summary = judge(by)
            for told in lines:
                as_json = options["json"]
                self.stdout.write(json.dumps(told, ensure_ascii=False) if as_json else telling.line(told))
        self.stderr.write(f"{summary}; nothing was written")


Judge = Callable[[Actor], tuple[Iterator[Told], str]]


def _edition(options: dict[str, Any]) -> Judge:
    edition = editions.candidate(options["file"].read_bytes())

    def judge(by: Actor) -> tuple[Iterator[Told], str]:
        found = of_edition(by=by, edition=edition, today=timezone.localdate())
        head = f"{edition.framework} {edition.edition}: {found.models} models judged"
        return map(telling.requirement, found.turns), f"{head}, {telling.turned(found.turns)}"

    return judge


def _questionnaire(options: dict[str, Any]) -> Judge:
    candidate = questionnaires.candidate(options["file"].read_bytes())

    def judge(by: Actor) -> tuple[Iterator[Told], str]:
        found = regraded.preview(by=by, questionnaire=candidate, today=timezone.localdate())
        return telling.grades(found), telling.of_grades(found)

    return judge


def _limits(options: dict[str, Any]) -> Judge:
    candidate = _candidate(options)

    def judge(by: Actor) -> tuple[Iterator[Told], str]:
        found = of_limits(by=by, candidate=candidate, now=timezone.now())
        return telling.limits(found), telling.of_limits(found)

    return judge


def _candidate(options: dict[str, Any]) -> Candidate:
    file, limit = options["file"], options["limit"]
    if bool(file) == bool(limit):
        raise CommandError("give a file or --limit, one of the two")
    if file:
        return from_file(file.read_bytes())
    name, _, value = limit.partition("=")
    check_key, _, key = name.partition(".")
    try:
        return one(check_key, key, float(value), options["tier"])
    except ValueError as error:
        raise CommandError(f"--limit is check.limit=number, and {value!r} is no number") from error


LOOKS: dict[str, Callable[[dict[str, Any]], Judge]] = {
    "edition": _edition,
    "questionnaire": _questionnaire,
    "limits": _limits,
}
