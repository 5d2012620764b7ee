"""Permissions and requests as they stood at the end of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from governance.approvals.models import ApprovalRequest, Authorisation, AuthorisationState, RequestStatus
from governance.approvals.words import environment
from governance.inventory.models import AIModel
from governance.people.recorded import as_recorded

if TYPE_CHECKING:
    from uuid import UUID

    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Permission:
    """state: a key of the status component; "unknown" where the ledger does not tell."""

    row: Authorisation
    state: str

    @property
    def place(self) -> StrOrPromise:
        return environment(self.row.environment)

    @property
    def is_running(self) -> bool:
        return self.state == AuthorisationState.ACTIVE


def permissions_of(models: Sequence[AIModel], end: datetime) -> dict[UUID, list[Permission]]:
    """By model, those that had been given; two queries, however many models there are."""
    given = Authorisation.objects.filter(model__in=models, decision__decided_at__lt=end)
    rows = list(given.select_related("version").order_by("-starts_at", "id"))
    recorded = as_recorded([row for row in rows if row.changed_at >= end], end)
    found: dict[UUID, list[Permission]] = {}
    for row in rows:
        then = recorded.get(row.pk) if row.changed_at >= end else row
        found.setdefault(row.model_id, []).append(Permission(then or row, _state(then, end)))
    return found


def _state(then: Authorisation | None, end: datetime) -> str:
    if then is None:
        return "unknown"
    is_over = then.state == AuthorisationState.ACTIVE and then.expires_at < end
    return "expired" if is_over else str(then.state)


def before_the_committee(model: AIModel, end: datetime) -> list[ApprovalRequest]:
    """Requests to deploy that were open: by the time of the decision, or by the ledger for one that was taken back."""
    asked = ApprovalRequest.objects.filter(model=model, requested_at__lt=end, lifts=None)
    rows = list(asked.select_related("version", "decision"))
    taken_back = [row for row in rows if not row.is_open and not hasattr(row, "decision")]
    recorded = as_recorded(taken_back, end)
    return [row for row in rows if _was_open(row, recorded.get(row.pk), end)]


def _was_open(row: ApprovalRequest, recorded: ApprovalRequest | None, end: datetime) -> bool:
    if row.is_open:
        return True
    if hasattr(row, "decision"):
        return bool(row.decision.decided_at >= end)
    return recorded is not None and recorded.status == RequestStatus.OPEN
