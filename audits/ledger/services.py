"""Gives new entries their place in the log and signs its head. Called by every sweep, cheap when there is nothing new."""

from __future__ import annotations

import logging
from uuid import UUID

from django.db import connection

from audits.ledger import merkle, note
from audits.ledger.guard import Guard, HistoryChanged, guarding
from audits.ledger.models import Checkpoint, LedgerIndex, LedgerWaiting
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.store.keys import signing_key

log = logging.getLogger(__name__)

KEY = "ledger"
BATCH = 5000


def catch_up(organisation_id: UUID | None) -> None:
    """Sequence what waits and sign the new head. A changed history is not signed: it is told to the operator's log."""
    actor = Actor.system("ledger", organisation_id)
    if not _is_behind(actor, organisation_id):
        return
    with acting(actor, "ledger.sequenced", quiet=True):
        size = _sequenced(organisation_id)
    # Places are committed before a head is signed over them: what the guard remembers is there, whatever is lost now.
    with guarding(organisation_id) as guard, acting(actor, "ledger.signed", quiet=True):
        try:
            _sign(organisation_id, size, guard)
        except HistoryChanged as changed:
            log.critical("the ledger of %s is not signed any more: %s", organisation_id, changed)


def _is_behind(actor: Actor, organisation_id: UUID | None) -> bool:
    """Whether an entry has no place yet, or a place that no head covers."""
    with viewing(actor):
        if LedgerWaiting.objects.filter(organisation_id=organisation_id).exists():
            return True
        last = _last(organisation_id)
        places = LedgerIndex.objects.filter(organisation_id=organisation_id)
        return places.filter(position__gte=last.size if last else 0).exists()


def _sequenced(organisation_id: UUID | None) -> int:
    """How many entries have a place, after all that wait were given one."""
    size, former = 0, -1
    while size != former:
        former = size
        with connection.cursor() as cursor:
            cursor.execute("SELECT senim_sequence(%s, %s)", [organisation_id, BATCH])
            size = cursor.fetchone()[0]
    return size


def _sign(organisation_id: UUID | None, size: int, guard: Guard) -> None:
    last = _last(organisation_id)
    frontier = merkle.Frontier.packed(last.size, bytes(last.peaks)) if last else merkle.Frontier()
    _refuse_a_changed_history(organisation_id, frontier, guard)
    leaves = LedgerIndex.objects.filter(
        organisation_id=organisation_id, position__gte=frontier.size, position__lt=size
    ).order_by("position")
    grown = frontier.grown(bytes(leaf) for leaf in leaves.values_list("leaf", flat=True).iterator())
    if grown.size == frontier.size:
        return
    head = note.Head(note.origin(organisation_id), grown.size, grown.root)
    signed = note.sign(head, signing_key(KEY))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT senim_checkpoint(%s, %s, %s, %s, %s)",
            [organisation_id, grown.size, grown.root, b"".join(grown.peaks), signed],
        )
        if cursor.fetchone()[0]:
            guard.remember(grown.size, grown.root)


def _refuse_a_changed_history(organisation_id: UUID | None, frontier: merkle.Frontier, guard: Guard) -> None:
    """Raises HistoryChanged unless the head that the guard remembers is one of this log."""
    if not guard.size:
        return
    known = Checkpoint.objects.filter(organisation_id=organisation_id, size=guard.size).first()
    if known is None and guard.size > frontier.size:
        _refuse_what_differs(organisation_id, frontier, guard)
    elif known is None or bytes(known.root).hex() != guard.root:
        raise HistoryChanged(f"the head over {guard.size} entries is not the one that was signed")


def _refuse_what_differs(organisation_id: UUID | None, frontier: merkle.Frontier, guard: Guard) -> None:
    """The guard wrote and the transaction of the head was lost: the same entries must still be there."""
    leaves = LedgerIndex.objects.filter(
        organisation_id=organisation_id, position__gte=frontier.size, position__lt=guard.size
    ).order_by("position")
    grown = frontier.grown(bytes(leaf) for leaf in leaves.values_list("leaf", flat=True).iterator())
    if grown.size != guard.size or grown.root.hex() != guard.root:
        raise HistoryChanged(f"{guard.size} entries were signed, and {grown.size} of them are there")


def _last(organisation_id: UUID | None) -> Checkpoint | None:
    return Checkpoint.objects.filter(organisation_id=organisation_id).order_by("-size").first()
