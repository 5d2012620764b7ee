"""The rows beside a model, read in one query however many models there are, and the degree that opens further questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.inventory.profile.models import TABLES, ClientProfile, Profile


def gather(beside: Iterable[AIModel]) -> None:
    """Have the profiles of these models at hand: one query for all that are not there yet."""
    waiting = {model.pk: model for model in beside if not _is_at_hand(model)}
    if not waiting:
        return
    found = AIModel.objects.filter(pk__in=waiting).select_related(*map(_accessor, TABLES))
    rows = {model.pk: model for model in found}
    for key, model in waiting.items():
        for table in TABLES:
            there = rows.get(key) and _relation(table).get_cached_value(rows[key], default=None)
            _put(model, there or _blank(table, model))


def _is_at_hand(model: AIModel) -> bool:
    return all(_relation(table).is_cached(model) for table in TABLES)


def _put(model: AIModel, row: Profile) -> None:
    row.model = model  # this lets both ends know of each other


def _blank(table: type[Profile], model: AIModel) -> Profile:
    return table(organisation_id=model.organisation_id)


def row_of(model: AIModel, table: type[models.Model]) -> models.Model:
    """The row that holds the answers of one table; one that is not saved where nothing was answered yet."""
    if not issubclass(table, Profile):
        return model
    gather([model])
    row: models.Model = _relation(table).get_cached_value(model)
    return row


def rows_of(model: AIModel) -> dict[type[models.Model], models.Model]:
    """The rows that hold the answers, by their tables: what `row_of` gives for each, looked for once."""
    gather([model])
    return {AIModel: model, **{table: _relation(table).get_cached_value(model) for table in TABLES}}


def values_of(model: AIModel) -> dict[str, object]:
    """What the profile says, by the names of its columns. For many models call `gather` first: then this asks nothing."""
    gather([model])
    return {
        column.attname: getattr(_relation(table).get_cached_value(model), column.attname)
        for table in TABLES
        for column in answered(table)
    }


def client_languages(model: AIModel) -> tuple[str, ...]:
    """Codes of the languages in which it addresses clients; empty = nobody has said."""
    gather([model])
    return tuple(_relation(ClientProfile).get_cached_value(model).client_languages)


def answered(table: type[Profile]) -> Iterator[models.Field[Any, Any]]:
    """The columns that hold answers."""
    return (column for column in table._meta.concrete_fields if column.editable)


def risk_degree(model: AIModel) -> str:
    """The degree of risk that counts today, "" before anybody has graded the model.

    Grades stand a floor above: this reads them over the relations that they have to the model.
    """
    graded = model.assessments.current().first()
    if graded is None:
        return ""
    by_hand = model.overrides.standing(timezone.localdate()).filter(axis="risk").first()
    return str(by_hand.value if by_hand else graded.risk_degree)


def _relation(table: type[Profile]) -> Any:
    return table._meta.get_field("model").remote_field


def _accessor(table: type[Profile]) -> str:
    return str(_relation(table).get_accessor_name())
