"""The text of an entry that its leaf in the log covers. `sequencer.py` says the same in SQL; a test holds them together.

A JSON array of strings, as PostgreSQL and Python both write it: nothing an entry says can be read in two ways.
"""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

from audits.ledger import merkle

if TYPE_CHECKING:
    from audits.ledger.models import LedgerEntry

FORM = "senim-ledger-entry/1"


def text(entry: LedgerEntry) -> str:
    """The form, then id, organisation, time, transaction, actor, action, request, table, row, model, operation, commitment."""
    at = entry.at.astimezone(UTC)
    return json.dumps(
        [
            FORM,
            str(entry.id),
            str(entry.organisation_id or ""),
            f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06d}Z",
            str(entry.transaction),
            entry.actor,
            entry.action,
            entry.request,
            entry.table,
            str(entry.row),
            str(entry.model or ""),
            entry.operation,
            bytes(entry.commitment).hex(),
        ],
        ensure_ascii=False,
    )


def leaf(entry: LedgerEntry) -> bytes:
    """32 bytes."""
    return merkle.leaf(text(entry).encode())
