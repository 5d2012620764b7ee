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
        if actor.reads == ALL:
            return self.all()
        return self.filter(organisation_id__in=actor.reads)


class Isolated(models.Model):
    """A row of one organisation. The class attributes tell the walls what to do with the table."""

    bears_on: ClassVar[str | None] = None
    """"model_id" where a write here raises the revision of that AIModel (of all of the organisation's, where it is null)."""
    withheld: ClassVar[tuple[str, ...]] = ()
    """Columns the ledger must not copy: it notes that they changed."""
    churning: ClassVar[tuple[str, ...]] = ()
    """Columns whose change alone leaves no entry in the ledger."""
    recorded: ClassVar[bool] = True
    """False only for the technical tables on the written exempt list."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "governance.Organisation", on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = IsolatedQuerySet.as_manager()

    class Meta:
        abstract = True
