"""Keeps what each computation changed, in the transaction of that computation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from governance.inventory.models import AIModel
from governance.obligations.matrix.standing import Former, Stands, Stood
from governance.obligations.models import DutySheet, KeptAnswer
from governance.obligations.past.models import DutyChange
from governance.obligations.past.rules import Row, changes
from governance.people.rows import put

Stand = Mapping[UUID, Mapping[str, Stands]]


def keep(
    models: Sequence[AIModel], former: Former, stand: Stand, editions: Mapping[UUID, Mapping[str, str]]
) -> None:
    """former, stand: the duties before and now, by model and framework. Nothing is written where nothing changed.

    The first row of a model holds everything, also where duties were computed before changes were kept.
    """
    ids = [model.pk for model in models]
    begun = set(
        DutyChange.objects.filter(model__in=ids).order_by().values_list("model_id", flat=True).distinct()
    )
    before = _former_answers(former, stand)
    rows = []
    for model in models:
        if model.pk in begun:
            answers, told = _changed(model, former[model.pk], stand[model.pk], before)
        else:
            answers, told = _everything(stand[model.pk].values())
        if answers or told:
            rows.append(_row(model, editions[model.pk], answers, told))
    put(DutyChange, rows)


def _former_answers(former: Former, stand: Stand) -> Mapping[str, KeptAnswer]:
    """Those that hold no longer, or with another conclusion, by id."""
    gone: set[str] = set()
    for model_id, frameworks in former.items():
        for key, stood in frameworks.items():
            now = stand[model_id].get(key)
            same = now.answers.keys() if now and now.concluded == stood.concluded else ()
            gone.update(answer for answer in stood.answers if answer not in same)
    columns = ("obligation_id", "status", "evidence_ids")
    return {str(row.pk): row for row in KeptAnswer.objects.filter(pk__in=gone).only(*columns)}


def _everything(stand: Iterable[Stands]) -> tuple[list[str], dict[str, Any]]:
    answers = [answer for stands in stand for answer in stands.answers]
    said = {key: words for stands in stand for key, words in stands.concluded.items() if words}
    return answers, {key: _told("", "first", words) for key, words in said.items()}


def _changed(
    model: AIModel,
    former: Mapping[str, Stood],
    stand: Mapping[str, Stands],
    before: Mapping[str, KeptAnswer],
) -> tuple[list[str], dict[str, Any]]:
    sheet: DutySheet | None = getattr(model, "sheet", None)
    lapsed = sheet is not None and sheet.stale_after is not None and sheet.stale_after < timezone.localdate()
    was, now = dict(_rows_before(former, before)), dict(_rows_now(former, stand, before))
    found = list(changes(was, now, first=False, lapsed=lapsed))
    told = {
        each.obligation: _told(each.was, each.because, each.now["concluded"] if each.now else "")
        for each in found
    }
    return [each.now["id"] for each in found if each.now], told


def _rows_before(former: Mapping[str, Stood], before: Mapping[str, KeptAnswer]) -> Iterator[tuple[str, Row]]:
    for stood in former.values():
        for answer in stood.answers:
            if answer in before:
                row = before[answer]
                key = str(row.obligation_id)
                yield key, _as_row(answer, row.status, row.evidence_ids, stood.concluded.get(key, ""))


def _rows_now(
    former: Mapping[str, Stood], stand: Mapping[str, Stands], before: Mapping[str, KeptAnswer]
) -> Iterator[tuple[str, Row]]:
    """Where nothing stood before, or something else, or with another conclusion."""
    for framework, stands in stand.items():
        stood = former.get(framework)
        there = frozenset(stood.answers) if stood else frozenset()
        for answer, settled in stands.answers.items():
            if answer in before or answer not in there:
                key, told = str(settled.owed.obligation.pk), settled.answered
                yield key, _as_row(answer, told.status, told.evidence_ids, stands.concluded.get(key, ""))


def _as_row(answer: str, status: str, evidence_ids: Iterable[str], concluded: str) -> Row:
    return {"id": answer, "status": status, "evidence_ids": list(evidence_ids), "concluded": concluded}


def _told(was: str, because: str, concluded: str) -> dict[str, str]:
    return {"was": was, "because": because, "concluded": concluded}


def _row(
    model: AIModel, editions: Mapping[str, str], answers: Sequence[str], told: Mapping[str, Any]
) -> dict[str, Any]:
    content = json.dumps({"answers": answers, "told": told}, sort_keys=True)
    return {
        "organisation_id": model.organisation_id,
        "model_id": model.pk,
        "at": timezone.now(),
        "revision": model.revision,
        "editions": editions,
        "answers": answers,
        "told": told,
        "digest": hashlib.sha256(content.encode()).hexdigest(),
    }
