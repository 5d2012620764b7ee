"""What every row of an organisation has in common: a UUID, its organisation, and how the walls treat its table."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models

from governance.people.actor import ALL, Actor


class IsolatedQuerySet(models.QuerySet[Any]):
    """Sets of rows that belong to organisations."""

    def visible_to(self, actor: Actor) -> Self:
        """The rows `actor` may see: the first wall. Row-level security is the second, and asks nobody."""
        rows = self.all() if actor.reads == ALL else self.filter(organisation_id__in=actor.reads)
        column = model_column(self.model)
        if actor.models == ALL or not column:
            return rows
        return rows.filter(models.Q(**{f"{column}__in": actor.models}) | _of_no_model(self.model, column))


def model_column(table: type[models.Model]) -> str:
    """The column that says which AIModel a row belongs to; "" for what belongs to the organisation as a whole."""
    if table._meta.db_table == "governance_aimodel":
        return "id"
    return next((f.column for f in table._meta.local_concrete_fields if f.column == "model_id"), "")


def _of_no_model(table: type[models.Model], column: str) -> models.Q:
    """Rows of the organisation in a table whose rows may belong to a model."""
    field = next(f for f in table._meta.local_concrete_fields if f.column == column)
    return models.Q(**{f"{column}__isnull": True}) if field.null else models.Q()


class Isolated(models.Model):
    """A row of one organisation. The class attributes tell the walls what to do with the table."""

    bears_on: ClassVar[str | None] = None
    """"model_id" where a write here raises the revision of that AIModel (of all of the organisation's, where it is null)."""
    withheld: ClassVar[tuple[str, ...]] = ()
    """Columns the ledger must not copy: it notes that they changed."""
    churning: ClassVar[tuple[str, ...]] = ()
    """Columns whose change alone leaves no entry in the ledger."""
    never_deleted: ClassVar[bool] = False
    """True for records: the runtime role has no right to delete a row, and without it a process does not start."""
    recorded: ClassVar[bool] = True
    """False only for the technical tables on the written exempt list."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "governance.Organisation", on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = IsolatedQuerySet.as_manager()

    class Meta:
        abstract = True


class Record(Isolated):
    """A row that stays: it may be closed, withdrawn or blanked, and is never deleted."""

    never_deleted = True

    class Meta:
        abstract = True
