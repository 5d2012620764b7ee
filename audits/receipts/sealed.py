"""The receipt of a data period: what was taken in, from whom and when, and where that stands in the signed ledger.

Whichever way the rows came, their receipt is the ledger's own entry of the data period with its proof under a signed head,
so that nobody has to trust the register: `verify.py` checks it offline, and the file it was made of beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from audits.ledger import leaf, note
from audits.ledger import services as ledger
from audits.ledger.models import LedgerEntry, LedgerIndex
from audits.ledger.queries import last_checkpoint
from audits.packs.proofs import proof
from governance.errors import OutOfOrder
from governance.store.keys import signing_key
from monitoring.data.models import Window
from monitoring.sources.models import Fetch

FORM = "senim-receipt/1"


def receipt(window: Window) -> dict[str, Any]:
    """As `verify.py` reads it. Raises OutOfOrder while no signed head covers it, and for a record that was erased."""
    head = last_checkpoint(window.organisation_id)
    entries = list(_entries(window))
    covered = head is not None and all(_place(each) < head.size for each in entries)
    if head is None or not entries or not covered:
        raise OutOfOrder(_("It is not sealed yet: the ledger is signed within seconds. Ask again."))
    if any(each.written is None for each in entries):
        raise OutOfOrder(_("What the ledger kept of this data period was erased."))
    nodes = proof(head.size, _leaves(window, head.size), [_place(each) for each in entries])
    return {
        "form": FORM,
        "window": str(window.pk),
        "organisation": str(window.organisation_id),
        "facts": _facts(window),
        "entries": [_kept(each) for each in entries],
        "checkpoint": head.note,
        "key": note.verifier(signing_key(ledger.KEY).public_key()),
        "nodes": {f"{level}:{index}": value.hex() for (level, index), value in sorted(nodes.items())},
    }


def _facts(window: Window) -> dict[str, Any]:
    """For people who read the file; every one of them is a value of the first entry, which is what is proved."""
    days = (window.starts_on, window.ends_on)
    starts_on, ends_on = (each.isoformat() if each else None for each in days)
    return {
        "name": window.name,
        "part": window.part,
        "made_of": window.made_of,
        "rows": window.rows,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "sha256": window.sha256,
        "size": window.size,
        "source_name": window.source_name,
        "source_sha256": window.source_sha256,
    }


def _entries(window: Window) -> QuerySet[Any]:
    """How the data period came on record first, then how it was fetched, where it was. What became of it later is no matter."""
    fetches = Fetch.objects.filter(window=window).values("pk")
    taken_in = Q(table=Window._meta.db_table, row=window.pk, operation="I")
    fetched = Q(table=Fetch._meta.db_table, row__in=fetches)
    there = LedgerEntry.objects.filter(taken_in | fetched, organisation_id=window.organisation_id)
    rows = there.select_related("payload", "index").order_by("-table", "at")
    told: QuerySet[Any] = rows.annotate(written=Cast("payload__content", TextField()))
    return told


def _place(entry: Any) -> int:
    """Its place in the log; past the end of every log while it has none."""
    return entry.index.position if hasattr(entry, "index") else 1 << 62


def _kept(entry: Any) -> dict[str, Any]:
    return {
        "entry": leaf.text(entry),
        "position": _place(entry),
        "salt": bytes(entry.payload.salt).hex(),
        "content": entry.written,
    }


def _leaves(window: Window, size: int) -> Iterable[bytes]:
    places = LedgerIndex.objects.filter(organisation_id=window.organisation_id, position__lt=size)
    return (bytes(each) for each in places.order_by("position").values_list("leaf", flat=True).iterator(5000))
