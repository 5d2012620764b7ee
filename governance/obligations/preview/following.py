"""What follows for the requirements when a grade or the verdict of a check is another one: judged, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from governance.inventory.models import AIModel
from governance.obligations.evidence import Verdict
from governance.obligations.facts import Circumstances, circumstances, model_flags, occurrences_of
from governance.obligations.judging import Excused
from governance.obligations.preview.turning import SILENT, Turn, status_on
from governance.obligations.rules import Flags
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
    then = replace(around, flags={**around.flags, **_flags(around, otherwise.grades)})
    found: list[Turn] = []
    for model in around.models:
        if model.is_registered and _is_touched(model, around, then, otherwise):
            found += _turns(organisation, model, (around, then), otherwise, on)
    return found


def _flags(around: Surroundings, grades: Mapping[UUID, Grade | None]) -> dict[UUID, Flags]:
    models = [model for model in around.models if model.pk in grades]
    occurred = occurrences_of(models)
    return {
        model.pk: model_flags(
            model, grades[model.pk], licensed=around.licensed, occurred=occurred.get(model.pk, ())
        )
        for model in models
    }


def _is_touched(model: AIModel, around: Surroundings, then: Surroundings, otherwise: Otherwise) -> bool:
    """Itself, or by what the organisation owes because of another model."""
    if model.pk in otherwise.grades or model.pk in otherwise.verdicts:
        return True
    return bool(otherwise.grades) and around.organisation_flags(model) != then.organisation_flags(model)


def _turns(
    organisation: Organisation,
    model: AIModel,
    sides: tuple[Surroundings, Surroundings],
    otherwise: Otherwise,
    on: date,
) -> Iterator[Turn]:
    around, after = sides
    now = circumstances(
        model, organisation_flags=around.organisation_flags(model), licensed=around.licensed, as_of=on
    )
    then = _then(now, model, after, otherwise)
    standing = excuses(model)
    former, fresh = _asked(model, around), _asked(model, after)
    for key, each in {**former, **fresh}.items():
        turn = _turn(
            organisation, model, each, on, _both(now, then, former.get(key), fresh.get(key), standing)
        )
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


def _then(now: Circumstances, model: AIModel, after: Surroundings, otherwise: Otherwise) -> Circumstances:
    verdicts = otherwise.verdicts.get(model.pk, {})
    return replace(
        now,
        grade=otherwise.grades.get(model.pk, now.grade),
        flags=after.flags[model.pk],
        organisation_flags=after.organisation_flags(model),
        evidence=[replace(fact, verdict=verdicts.get(fact.id, fact.verdict)) for fact in now.evidence],
    )


def _asked(model: AIModel, around: Surroundings) -> dict[str, Owed]:
    """In the order of the frameworks and of their texts."""
    on: Sequence[Owed] = owed(around.frameworks_on(model))
    return {each.obligation.key: each for each in on}
