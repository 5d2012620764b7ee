"""What follows for the requirements when a grade or the verdict of a check is another one: judged, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.obligations.evidence import Verdict
from governance.obligations.facts import (
    Circumstances,
    circumstances,
    flags_of,
    model_flags,
    occurrences_of,
    parts_of,
)
from governance.obligations.judging import Excused
from governance.obligations.preview.turning import SILENT, Turn, status_on
from governance.obligations.rules import Flags, organisation_flags
from governance.obligations.sheets import excuses
from governance.obligations.surroundings import Owed, Surroundings, owed, surroundings
from governance.people.models import Organisation
from governance.risk.grades import Grade


@dataclass(frozen=True)
class Otherwise:
    """What would be otherwise. grades: by model, None = open. verdicts: by model, then by id of a piece of evidence."""

    grades: Mapping[UUID, Grade | None] = field(default_factory=dict)
    verdicts: Mapping[UUID, Mapping[str, Verdict]] = field(default_factory=dict)


def turns(organisation: Organisation, otherwise: Otherwise, on: date) -> list[Turn]:
    """Inside `viewing`. Both sides are judged on the same day, so what only time turns is not told."""
    if not otherwise.grades and not otherwise.verdicts:
        return []
    around = surroundings(organisation.pk)
    registered = AIModel.objects.filter(organisation=organisation, status=Status.REGISTERED)
    own = {
        key: flags
        for some in parts_of(registered)
        for key, flags in flags_of(some, licensed=around.licensed).items()
    }
    own_then = own | _flags(registered, around, otherwise.grades)
    then = replace(around, registered=organisation_flags(list(own_then.values())))
    found: list[Turn] = []
    for some in parts_of(registered):
        touched = [
            model
            for model in some
            if model.pk in otherwise.grades
            or model.pk in otherwise.verdicts
            or around.organisation_flags(own[model.pk]) != then.organisation_flags(own_then[model.pk])
        ]
        standing = excuses(touched)
        for now in circumstances(touched, around, on):
            sides = (around, then), (now, _then(now, then, own_then[now.model.pk], otherwise))
            found += _turns(organisation, *sides, standing.get(now.model.pk, {}))
    return found


def _flags(
    registered: QuerySet[AIModel], around: Surroundings, grades: Mapping[UUID, Grade | None]
) -> dict[UUID, Flags]:
    models = list(registered.filter(pk__in=grades))
    occurred = occurrences_of(models)
    return {
        model.pk: model_flags(
            model, grades[model.pk], licensed=around.licensed, occurred=occurred.get(model.pk, ())
        )
        for model in models
    }


def _turns(
    organisation: Organisation,
    sides: tuple[Surroundings, Surroundings],
    judged: tuple[Circumstances, Circumstances],
    standing: Mapping[str, Excused],
) -> Iterator[Turn]:
    now, then = judged
    former, fresh = (_asked(each, side) for each, side in zip(judged, sides, strict=True))
    for key, each in {**former, **fresh}.items():
        both = _both(now, then, former.get(key), fresh.get(key), standing)
        turn = _turn(organisation, now.model, each, now.as_of, both)
        if turn is not None:
            yield turn


def _both(
    now: Circumstances,
    then: Circumstances,
    former: Owed | None,
    fresh: Owed | None,
    standing: Mapping[str, Excused],
) -> tuple[str, str]:
    return status_on(now, former, now.as_of, standing), status_on(then, fresh, then.as_of, standing)


def _turn(
    organisation: Organisation, model: AIModel, owed: Owed, on: date, statuses: tuple[str, str]
) -> Turn | None:
    was, now = statuses
    if was == now or {was, now} <= SILENT:
        return None
    return Turn(organisation, model, owed.obligation, was, now, on)


def _then(now: Circumstances, after: Surroundings, own: Flags, otherwise: Otherwise) -> Circumstances:
    verdicts = otherwise.verdicts.get(now.model.pk, {})
    return replace(
        now,
        grade=otherwise.grades.get(now.model.pk, now.grade),
        flags=own,
        organisation_flags=after.organisation_flags(own),
        evidence=[replace(fact, verdict=verdicts.get(fact.id, fact.verdict)) for fact in now.evidence],
    )


def _asked(now: Circumstances, around: Surroundings) -> dict[str, Owed]:
    """In the order of the frameworks and of their texts."""
    on: Sequence[Owed] = owed(around.frameworks_on(now.flags))
    return {each.obligation.key: each for each in on}
