"""A second person reads a document of a model: it counts from its day on, or goes back with the reason."""

from __future__ import annotations

from governance.inventory import reviewed
from governance.inventory.locks import locked
from governance.inventory.models import Revision
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require


def review_document(*, by: Actor, revision: Revision, verdict: str, note: str = "") -> Revision:
    """Raises NotAllowed, OutOfOrder, RuleBroken."""
    reviewed.refuse_verdict(verdict, note)
    with acting(by, "document.reviewed", reason=note.strip()):
        model = locked(revision.model)
        revision = locked(revision)
        revision.model = model
        require(by, "document.review", revision)
        reviewed.record(revision, by, verdict, note)
        return revision
