"""A refused file is noted after everything else of it is gone, and its rows are forgotten after a month."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from governance.errors import RuleBroken
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.data.faults import MOST_SHOWN
from monitoring.data.refused import FileRefused
from monitoring.refusals.models import RefusedFile

KEPT_FOR = timedelta(days=30)


@contextmanager
def noted(by: Actor) -> Iterator[None]:
    """Note a file that is refused inside the block, and raise the refusal again with the way to its report.

    What the block wrote must be taken back by then: put this around its transaction, or where the refusal is caught.
    """
    try:
        yield
    except FileRefused as refused:
        refused.noted = _note(by, refused).pk
        shown = refused.told.faults[:MOST_SHOWN]
        refused.more = {
            "places": [{"rule": each.rule, "row": each.row, "column": each.column} for each in shown],
            "counts": refused.told.counts,
            "is_whole": refused.told.is_whole,
            "report": reverse("api:refused-rows", args=[refused.noted]),
        }
        raise


def report_of(refusal: RuleBroken) -> dict[str, Any]:
    """What a page says of a file that was refused, beside the form."""
    if not isinstance(refusal, FileRefused):
        return {}
    return {"report": refusal.noted, "broken": sum(refusal.told.counts.values())}


def _note(by: Actor, refused: FileRefused) -> RefusedFile:
    with acting(by, "window.refused", quiet=True):
        row: RefusedFile = RefusedFile.objects.create(
            organisation_id=refused.dataset.organisation_id,
            model_id=refused.dataset.model_id,
            dataset=refused.dataset,
            file_name=refused.file_name,
            digest=refused.digest,
            faults=[asdict(fault) for fault in refused.told.faults],
            counts=refused.told.counts,
            is_whole=refused.told.is_whole,
            sent_by_id=by.person,
        )
        return row


def catch_up(organisation_id: UUID) -> None:
    """Forget the rows of what was refused long ago: that it was, and how often, stays."""
    clerk = Actor.system("refusals", organisation_id)
    old = RefusedFile.objects.filter(
        organisation_id=organisation_id, forgotten_at=None, sent_at__lt=timezone.now() - KEPT_FOR
    )
    with viewing(clerk):
        if not old.exists():
            return
    with acting(clerk, "refusal.forgotten", quiet=True):
        old.update(faults=[], forgotten_at=timezone.now())
