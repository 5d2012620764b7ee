"""What the triggers write. Nothing in Python inserts, changes or removes a row of these tables."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from governance.people.actor import ALL, Actor


class LedgerQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        rows = self.all() if actor.reads == ALL else self.filter(organisation_id__in=actor.reads)
        if actor.models == ALL or self.model is not LedgerEntry:
            return rows
        return rows.filter(model__in=actor.models)


class Ledger(models.Model):
    """Tables of the ledger belong to the ledger role; the runtime role reads them and can do nothing else."""

    ledger: ClassVar[bool] = True
    erasable: ClassVar[bool] = False
    organisation_id = models.UUIDField(null=True, db_index=True, editable=False)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        abstract = True


class LedgerEntry(Ledger):
    """One row that changed: who did what to which row of which table, and a commitment to the values.

    The commitment is SHA-256 over salt and payload, so that the payload can be erased and the entry still stands.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    at = models.DateTimeField()
    transaction = models.BigIntegerField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=80)
    request = models.CharField(max_length=64, blank=True)
    table = models.CharField(max_length=63)
    row = models.UUIDField()
    model = models.UUIDField(null=True)
    """The AIModel that the row belongs to; empty for what belongs to an organisation as a whole."""
    operation = models.CharField(max_length=1, choices=[("I", "insert"), ("U", "update"), ("D", "delete")])
    commitment = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["table", "row", "at"], name="ledger_entry_of_row"),
            models.Index(fields=["model", "at"], name="ledger_entry_of_model"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(action="") & ~Q(actor=""), name="ledger_entry_says_who_and_what"
            )
        ]


class LedgerPayload(Ledger):
    """The values and the reason of one entry, in a table of their own because they can be erased."""

    erasable: ClassVar[bool] = True
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.DO_NOTHING, primary_key=True, related_name="payload"
    )
    salt = models.BinaryField(max_length=32)
    content = models.JSONField()


class LedgerWaiting(Ledger):
    """Entries that have no place in the log yet: the sequencer empties it, whatever order transactions end in."""

    erasable: ClassVar[bool] = True
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.DO_NOTHING, primary_key=True, related_name="waiting"
    )


class LedgerIndex(Ledger):
    """The place of an entry in the log of its organisation, given later by the sequencer; insert-only.

    leaf: SHA-256 of RFC 6962 over the text of the entry (`leaf.py`).
    """

    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.DO_NOTHING, primary_key=True, related_name="index"
    )
    position = models.BigIntegerField()
    leaf = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "position"],
                nulls_distinct=False,
                name="ledger_position_is_taken_once",
            ),
            models.CheckConstraint(condition=Q(position__gte=0), name="ledger_position_is_not_negative"),
        ]


class Checkpoint(Ledger):
    """A signed head of an organisation's log: so many entries, this root. Insert-only.

    note: the signed note in C2SP form, which is what leaves the house. peaks: the roots of the perfect subtrees of the
    first `size` leaves, 32 bytes each, from which the next head is computed without reading the log again.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    at = models.DateTimeField()
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    peaks = models.BinaryField()
    note = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "size"], nulls_distinct=False, name="a_head_is_signed_once"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="a_head_covers_entries"),
        ]
