"""A candidate edition held against the live register, without writing: which requirements turn, for whom, from which day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.obligations.edition import Edition, Entry
from governance.obligations.facts import Circumstances, circumstances, parts_of
from governance.obligations.judging import Excused, excused
from governance.obligations.mapping.rules import mapping_digest
from governance.obligations.models import Framework, Obligation
from governance.obligations.settling import settle
from governance.obligations.sheets import excuses
from governance.obligations.surroundings import Owed, Surroundings, owed, surroundings
from governance.people.actor import Actor
from governance.people.models import Organisation

GONE = ""
"""In place of a status: the requirement does not stand."""
SILENT = frozenset({GONE, "not_applicable", "none"})
RED = frozenset({"failing", "overdue", "missing", "accepted_gap"})


@dataclass(frozen=True)
class Turn:
    """One requirement of one model that would stand otherwise. on: the first day of that."""

    organisation: Organisation
    model: AIModel
    obligation: Obligation
    was: str
    now: str
    on: date

    @property
    def turns_red(self) -> bool:
        return self.now in RED and self.was not in RED


@dataclass(frozen=True)
class Preview:
    """turns: in the order of organisations, models and requirements. models: how many were judged."""

    edition: Edition
    turns: Sequence[Turn]
    models: int


def preview(*, by: Actor, edition: Edition, today: date) -> Preview:
    """Inside `viewing(by)`, of what `by` may see: judged on today and on each later day on which an entry comes into force."""
    candidate = _framework(edition)
    entries = [_owed(candidate, place, entry) for place, entry in enumerate(edition.entries, start=1)]
    days = [today, *sorted(day for day in _beginnings(edition) if day > today)]
    turns: list[Turn] = []
    judged = 0
    for organisation in Organisation.objects.visible_to(by).filter(kind="participant").order_by("bin"):
        around = surroundings(organisation.pk)
        registered = AIModel.objects.filter(organisation=organisation, status=Status.REGISTERED)
        for some in parts_of(registered):
            standing = excuses(some)
            for now in circumstances(some, around, today):
                judged += 1
                turns += _turns(organisation, now, around, entries, days, standing.get(now.model.pk, {}))
    return Preview(edition, turns, judged)


def _framework(edition: Edition) -> Framework:
    """As a row that is never saved."""
    titles = {f"title_{language}": words for language, words in edition.title.items()}
    return Framework(
        key=edition.framework,
        edition=edition.edition,
        binding=edition.binding,
        default_on=edition.default_on,
        head=dict(edition.head),
        **titles,
    )


def _owed(framework: Framework, place: int, entry: Entry) -> Owed:
    titles = {f"title_{language}": words for language, words in entry.raw["title"].items()}
    row = Obligation(framework=framework, key=entry.id, position=place, ref=entry.raw["ref"], **titles)
    return Owed(row, framework, entry.requirement, mapping_digest(entry.raw))


def _beginnings(edition: Edition) -> set[date]:
    found = {entry.requirement.in_force_from for entry in edition.entries}
    return {day for day in found if day is not None}


def _turns(
    organisation: Organisation,
    now: Circumstances,
    around: Surroundings,
    entries: Sequence[Owed],
    days: Sequence[date],
    standing: Mapping[str, Excused],
) -> Iterator[Turn]:
    candidate = entries[0].framework if entries else None
    if candidate is None:
        return
    former = {each.obligation.key: each for each in _former(now, around, candidate.key)}
    fresh = {each.obligation.key: each for each in entries if _is_on(now, around, candidate)}
    for key, each in {**fresh, **{key: gone for key, gone in former.items() if key not in fresh}}.items():
        was = status_on(now, former.get(key), days[0], standing)
        for day in days:
            status = status_on(now, fresh.get(key), day, standing)
            if status != was and not {status, was} <= SILENT:
                yield Turn(organisation, now.model, each.obligation, was, status, day)
                break


def _former(now: Circumstances, around: Surroundings, framework_key: str) -> list[Owed]:
    """The requirements of the edition that is on today, if any."""
    return owed([each for each in around.frameworks_on(now.flags) if each.key == framework_key])


def _is_on(now: Circumstances, around: Surroundings, candidate: Framework) -> bool:
    return bool(replace(around, frameworks=[candidate]).frameworks_on(now.flags))


def status_on(now: Circumstances, asked: Owed | None, day: date, standing: Mapping[str, Excused]) -> str:
    """Where one requirement of a model stands on a day; GONE where it is not asked at all."""
    if asked is None:
        return GONE
    then = replace(now, as_of=day)
    told = settle(then, asked, then.subject(then.focus))
    excuse = standing.get(asked.obligation.key)
    return excused(told, excuse if excuse and day <= excuse.ends_on else None).answered.status
