"""What was handed in by mistake is taken back: it no longer counts, and its trace stays."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.inventory.models import AIModel, Document, Revision
from governance.inventory.words import Status
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.rights import require


def withdraw_revision(*, by: Actor, revision: Revision, reason: str) -> Revision:
    """A revision no longer counts; the one before it counts again. File, digest and trace stay.

    Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    reason = reason.strip()
    with acting(by, "revision.withdrawn", reason=reason):
        model = locked(revision.model)
        revision = locked(revision)
        revision.model = model
        require(by, "revision.withdraw", revision)
        if revision.withdrawn_at is not None:
            raise OutOfOrder(_("This revision was withdrawn."))
        _refuse_without(reason)
        revision.withdrawn_at, revision.withdrawn_reason = timezone.now(), reason
        revision.withdrawn_by_id = by.user_id
        revision.save(update_fields=["withdrawn_at", "withdrawn_reason", "withdrawn_by"])
        _restore(revision.document)
        return revision


def _restore(document: Document) -> None:
    """The document is again what its newest revision says."""
    document = locked(document)
    now: Revision | None = document.revisions.filter(withdrawn_at=None).first()
    if now is not None and (document.title, document.kinds) != (now.title, now.kinds):
        document.title, document.kinds = now.title, now.kinds
        document.save(update_fields=["title", "kinds"])


def discard(*, by: Actor, model: AIModel, reason: str) -> AIModel:
    """Throw a draft away. Its number is not given again. Raises NotAllowed, OutOfOrder, RuleBroken."""
    reason = reason.strip()
    with acting(by, "model.discarded", reason=reason):
        model = locked(model)
        require(by, "model.withdraw", model)
        if not model.is_draft:
            raise OutOfOrder(_("Only a draft can be discarded. A registered model is withdrawn."))
        _refuse_without(reason)
        model.status, model.withdrawn_at, model.withdrawn_reason = Status.WITHDRAWN, timezone.now(), reason
        model.save(update_fields=["status", "withdrawn_at", "withdrawn_reason"])
        return model


def _refuse_without(reason: str) -> None:
    if not reason:
        raise RuleBroken(problems=[Problem("reason", _("Say why it is withdrawn."))])
