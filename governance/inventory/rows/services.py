"""The only writers of the rows of a registration, whichever list they are in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.inventory.models import AIModel
from governance.inventory.rows.lists import OF_TABLE, RowList
from governance.inventory.rows.models import Dependency, Determination, Row
from governance.inventory.rows.words import Direction
from governance.inventory.words import Status
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require

KEYS = {"organisation", "model", "determined_by"}
"""Columns that no form fills."""
OTHER_WAY = {Direction.UPSTREAM: Direction.DOWNSTREAM, Direction.DOWNSTREAM: Direction.UPSTREAM}


def add(*, by: Actor, model: AIModel, to: RowList, fields: Mapping[str, Any]) -> Row:
    """Enter one row of a list. fields: by `to.fields`. Raises NotAllowed, OutOfOrder, RuleBroken."""
    with acting(by, "row.added"):
        model = _open(by, model, to)
        row = to.table(organisation_id=model.organisation_id, model=model)
        _sign(row, by)
        _fill(row, to, fields)
        row.save(force_insert=True)
        return row


def change(*, by: Actor, row: Row, fields: Mapping[str, Any]) -> Row:
    """Fields that are not named stay as they are. Raises NotAllowed, OutOfOrder, RuleBroken."""
    listed = OF_TABLE[type(row)]
    with acting(by, "row.changed"):
        _open(by, row.model, listed)
        row = _standing(row)
        signed = _sign(row, by)
        _fill(row, listed, fields)
        row.save(update_fields=[*listed.fields, *signed])
        return row


def end(*, by: Actor, row: Row) -> Row:
    """It holds no longer; the row stays. Raises NotAllowed, OutOfOrder."""
    with acting(by, "row.ended"):
        _open(by, row.model, OF_TABLE[type(row)])
        row = _standing(row)
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
        return row


def _open(by: Actor, model: AIModel, to: RowList) -> AIModel:
    model = locked(model)
    require(by, to.right, model)
    if model.status == Status.WITHDRAWN:
        raise OutOfOrder(_("This model was withdrawn."))
    return model


def _standing(row: Row) -> Row:
    row = locked(row)
    if row.ended_at is not None:
        raise OutOfOrder(_("This row has ended."))
    return row


def _sign(row: Row, by: Actor) -> tuple[str, ...]:
    """A determination names who made it. Returns the columns that say so."""
    if not isinstance(row, Determination):
        return ()
    assert by.user_id is not None  # the right is a person's
    row.determined_by_id = by.user_id
    return ("determined_by",)


def _fill(row: Row, listed: RowList, fields: Mapping[str, Any]) -> None:
    unknown = sorted(set(fields) - set(listed.fields))
    if unknown:
        raise RuleBroken(problems=[Problem(name, _("There is no such field.")) for name in unknown])
    for name, value in fields.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    problems = [*_refused_by_columns(row)]
    problems = problems or [*listed.wrong(_values(row)), *_listed_already(row, listed)]
    if problems:
        raise RuleBroken(problems=problems)


def _values(row: Row) -> dict[str, Any]:
    return {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}


def _refused_by_columns(row: Row) -> Iterator[Problem]:
    try:
        row.clean_fields(exclude=KEYS)
    except ValidationError as error:
        for name, whats in error.message_dict.items():
            yield from (Problem(name, what) for what in whats)
    if isinstance(row, Dependency) and row.other and row.other.organisation_id != row.organisation_id:
        yield Problem("other", _("This is no model of yours."))


def _listed_already(row: Row, listed: RowList) -> Iterator[Problem]:
    rows = listed.table.objects.standing().exclude(pk=row.pk)
    same = Q(model=row.model_id, **{name: getattr(row, name) for name in listed.once})
    if isinstance(row, Dependency) and row.other_id:
        same |= Q(model=row.other_id, other=row.model_id, direction=OTHER_WAY[Direction(row.direction)])
    if listed.once and rows.filter(same).exists():
        raised = _("This is listed already.")
        yield Problem("other" if isinstance(row, Dependency) else listed.once[0], raised)
