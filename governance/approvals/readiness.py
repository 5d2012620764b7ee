"""Whether a version can go before the committee now, and if not, what has to be done first."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.approvals.models import ApprovalRequest
from governance.errors import OutOfOrder, Refusal, Unavailable
from governance.inventory.models import AIModel, ModelVersion
from governance.inventory.queries import focus_version
from governance.obligations import services as obligations
from governance.obligations.models import DutySheet
from governance.people.acting import current_actor
from governance.risk.grades import Grade, current_grade

Written = TypeVar("Written")
TRIES = 3
"""How often something may be recorded between the computation and the lock before the writer is told of it."""


@dataclass(frozen=True)
class Ready:
    grade: Grade
    sheet: DutySheet


def refuse_unless_ready(version: ModelVersion, environment: str) -> Ready:
    """What a request needs beside the version. Raises OutOfOrder, Unavailable."""
    obstacle, ready = _look(version, environment)
    if obstacle is not None:
        raise obstacle
    assert ready is not None
    return ready


def computed_first(organisation_id: UUID, write: Callable[[], Written]) -> Written:
    """Compute what is behind, then write; again when something was recorded in between, as a worker does at any time.

    Inside a transaction of the caller it only writes. Raises what `write` raises, Unavailable only from the last try.
    """
    if current_actor() is not None:
        return write()
    for _try in range(TRIES - 1):
        obligations.catch_up(organisation_id)
        with suppress(Unavailable):
            return write()
    obligations.catch_up(organisation_id)
    return write()


def obstacle_to(version: ModelVersion, environment: str) -> Refusal | None:
    """What stands in the way of a request, for a page that says so before anybody presses a button."""
    return _look(version, environment)[0]


def is_current(sheet: DutySheet, model: AIModel, today: date) -> bool:
    """Whether the requirements are computed for what stands on record today."""
    fresh = sheet.stale_after is None or today <= sheet.stale_after
    return fresh and sheet.computed_at_revision == model.revision


def _look(version: ModelVersion, environment: str) -> tuple[Refusal | None, Ready | None]:
    obstacle = _of_the_model(version) or _of_the_queue(version, environment)
    if obstacle is not None:
        return obstacle, None
    grade = current_grade(version.model)
    if grade is None:
        return OutOfOrder(_("Grade the model first: the committee decides on a degree of risk.")), None
    sheet = DutySheet.objects.filter(model_id=version.model_id).first()
    if sheet is None or not is_current(sheet, version.model, timezone.localdate()):
        return Unavailable(
            _("The requirements of this model are being computed. Try again in a few seconds.")
        ), None
    return None, Ready(grade, sheet)


def _of_the_model(version: ModelVersion) -> Refusal | None:
    if not version.model.is_registered:
        return OutOfOrder(
            _("Only a registered model goes before the committee. Complete its registration first.")
        )
    if version.withdrawn_at is not None:
        return OutOfOrder(_("This version was withdrawn."))
    focus = focus_version(version.model)
    if focus is not None and focus.pk != version.pk:
        return OutOfOrder(
            _(
                "A newer version exists, and the requirements are judged for it. Put that one before the committee."
            )
        )
    return None


def _of_the_queue(version: ModelVersion, environment: str) -> Refusal | None:
    if ApprovalRequest.objects.open().filter(version=version, environment=environment).exists():
        return OutOfOrder(_("This version is already before the committee for this environment."))
    return None
