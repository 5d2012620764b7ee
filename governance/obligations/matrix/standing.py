"""Keeps the standings of models equal to what was computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from governance.inventory.models import AIModel
from governance.obligations.judging import Judgement
from governance.obligations.matrix.models import STATUSES, Standing
from governance.obligations.matrix.past.keeping import note
from governance.obligations.models import KeptAnswer
from governance.obligations.rules import ConclusionFact, Ground, spoken
from governance.obligations.settling import Settled, kept_id
from governance.obligations.surroundings import Surroundings
from governance.people.rows import put


@dataclass(frozen=True)
class Stands:
    """One model under one framework. answers: by the id under which each is kept, in the order of the text."""

    counts: Mapping[str, int]
    answers: Mapping[str, Settled]
    concluded: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Stood:
    """What was kept of it before."""

    answers: Sequence[str]
    concluded: Mapping[str, str]
    counts: Mapping[str, int] = field(default_factory=dict, compare=False)


Former = Mapping[UUID, Mapping[str, Stood]]
"""By model and framework."""


def of(
    model: AIModel, judgement: Judgement, concluded: Mapping[str, ConclusionFact], around: Surroundings
) -> Mapping[str, Stands]:
    """By key of the framework."""
    counts = judgement.counts
    found = {key: Stands(counts[key], {}) for key in counts}
    for each in judgement.settled:
        stands = found[each.owed.framework.key]
        stands.answers[kept_id(model.organisation_id, each)] = each  # type: ignore[index]
        conclusion = concluded.get(each.owed.obligation.key)
        if conclusion is not None:
            ground = Ground(
                each.owed.framework.edition, around.has_signed(each.owed), each.owed.requirement.binds
            )
            stands.concluded[str(each.owed.obligation.pk)] = spoken(conclusion, each.answered, ground)
    return found


def keep(models: Sequence[AIModel], stand: Mapping[UUID, Mapping[str, Stands]]) -> Former:
    """Part of the transaction that writes the sheets; returns what stood before. stand: by model and framework.

    An answer is written before the first standing that names it, a standing only where it changed.
    """
    rows = Standing.objects.filter(model__in=[model.pk for model in models])
    former: dict[UUID, dict[str, Stood]] = {model.pk: {} for model in models}
    for row in rows:
        former[row.model_id][row.framework_key] = _stood(row)
    fresh = [
        (model, key, stands)
        for model in models
        for key, stands in stand[model.pk].items()
        if former[model.pk].get(key) != Stood(list(stands.answers), stands.concluded)
    ]
    _put_answers(fresh, former)
    columns = ["answers", "concluded", *STATUSES]
    unique = ["organisation_id", "model_id", "framework_key"]
    put(Standing, [_row(*each) for each in fresh], unique=unique, renew=columns)
    note(
        models,
        {key: {name: each.counts for name, each in there.items()} for key, there in former.items()},
        {key: {name: each.counts for name, each in there.items()} for key, there in stand.items()},
        timezone.now(),
    )
    for model in models:
        if former[model.pk].keys() - stand[model.pk].keys():
            rows.filter(model=model).exclude(framework_key__in=stand[model.pk]).delete()
    return former


def _stood(row: Standing) -> Stood:
    counts = {status: getattr(row, status) for status in STATUSES}
    return Stood([str(each) for each in row.answers], row.concluded, counts)


def _put_answers(fresh: Iterable[tuple[AIModel, str, Stands]], former: Former) -> None:
    """Those that no standing of these models names yet; another model may have the same already."""
    rows: dict[str, dict[str, Any]] = {}
    for model, key, stands in fresh:
        there = former[model.pk].get(key)
        known = frozenset(there.answers) if there else frozenset()
        for answer, settled in stands.answers.items():
            if answer not in known and answer not in rows:
                rows[answer] = {
                    "id": answer,
                    "organisation_id": model.organisation_id,
                    **settled.content,
                }
    put(KeptAnswer, list(rows.values()))


def _row(model: AIModel, key: str, stands: Stands) -> dict[str, Any]:
    return {
        "organisation_id": model.organisation_id,
        "model_id": model.pk,
        "framework_key": key,
        "answers": list(stands.answers),
        "concluded": stands.concluded,
        **{status: stands.counts.get(status, 0) for status in STATUSES},
    }
