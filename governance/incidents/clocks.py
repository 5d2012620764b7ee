"""Reads clocks.yaml, checked against the catalogue: a clock of the law names a requirement that exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml
from django.utils import timezone

from governance.incidents import rules
from governance.incidents.kinds import Addressee, IncidentKind, Severity
from governance.incidents.rules import Basis, Clock, Unit, When
from governance.obligations.edition import Entry, editions, vocabularies

FILE = Path(__file__).parent / "clocks.yaml"
LANGUAGES = {"kk", "ru", "en"}


class ClocksBroken(ValueError):
    """A clock names a requirement, a flag or a kind that does not exist, or hides who set it."""


@dataclass(frozen=True)
class Clocks:
    """terms: by key of a clock, what a notice keeps of it."""

    edition: str
    notices: tuple[Clock, ...]
    objections: tuple[Clock, ...]
    terms: Mapping[str, dict[str, Any]]

    def for_objection(self, flags: Mapping[str, bool | None], on: date) -> Clock:
        """The first that holds; the last one of the file asks nothing."""
        return rules.started(self.objections, kind="", severity="", flags=flags, on=on)[0]


@cache
def load(file: Path = FILE) -> Clocks:
    """Raises ClocksBroken."""
    raw = yaml.load(file.read_text(), Loader=yaml.CSafeLoader)
    known = {entry.id: entry for edition in editions() for entry in edition.entries}
    problems = [problem for each in _all(raw) for problem in _problems(each, known)]
    if problems:
        raise ClocksBroken("; ".join(problems))
    return Clocks(
        edition=str(raw["edition"]),
        notices=tuple(_clock(each, known[each["requirement"]]) for each in raw["notices"]),
        objections=tuple(_clock(each, known[each["requirement"]]) for each in raw["objections"]),
        terms={
            each["key"]: _terms(each, known[each["requirement"]], str(raw["edition"])) for each in _all(raw)
        },
    )


def due(clock: Clock, since: datetime) -> datetime:
    """Working days are days of the market's own zone."""
    return rules.due(clock, timezone.localtime(since))


def _all(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [*raw["notices"], *raw["objections"]]


def _clock(raw: Mapping[str, Any], entry: Entry) -> Clock:
    ((unit, amount),) = raw["within"].items()
    return Clock(
        key=raw["key"],
        basis=raw["basis"],
        requirement=raw["requirement"],
        amount=amount,
        unit=unit,
        when=When(**{name: frozenset(values) for name, values in raw["when"].items()}),
        addressee=raw.get("addressee", ""),
        since=_in_force_since(entry) if raw["basis"] == "law" else None,
    )


def _in_force_since(entry: Entry) -> date | None:
    """The first day of the requirement, where the catalogue knows it."""
    stated = entry.raw.get("applies_from") or (entry.raw.get("in_force") or {}).get("from")
    return date.fromisoformat(str(stated)) if stated else None


def _terms(raw: Mapping[str, Any], entry: Entry, edition: str) -> dict[str, Any]:
    """What stands beside a clock for its reader. The source and its confidence are those of the catalogue."""
    return {
        "edition": edition,
        "basis": raw["basis"],
        "within": raw["within"],
        "requirement": entry.id,
        "ref": entry.raw["ref"],
        "title": dict(entry.raw["title"]),
        "source": entry.raw["source"],
        "confidence": entry.raw["confidence"],
        "set_by": raw.get("set_by", {}),
        "note": raw["note"],
    }


def _problems(raw: Mapping[str, Any], known: Mapping[str, Entry]) -> Iterator[str]:
    key, when = raw["key"], raw["when"]
    if raw["requirement"] not in known:
        yield f"{key}: {raw['requirement']} is not in the catalogue"
    if raw["basis"] not in get_args(Basis):
        yield f"{key}: basis {raw['basis']!r}"
    if raw["basis"] == "house_rule" and set(raw.get("set_by", {})) != LANGUAGES:
        yield f"{key}: a rule of the house says who set it"
    if set(raw["note"]) != LANGUAGES:
        yield f"{key}: the note is needed in kk, ru and en"
    if len(raw["within"]) != 1 or not set(raw["within"]) <= set(get_args(Unit)):
        yield f"{key}: within {raw['within']!r}"
    if raw.get("addressee", Addressee.SUPERVISOR) not in Addressee.values:
        yield f"{key}: addressee {raw['addressee']!r}"
    yield from (f"{key}: kind {it!r}" for it in when.get("kinds", ()) if it not in IncidentKind.values)
    yield from (f"{key}: severity {it!r}" for it in when.get("severities", ()) if it not in Severity.values)
    yield from (f"{key}: flag {it!r}" for it in when.get("flags", ()) if it not in vocabularies()["flags"])
