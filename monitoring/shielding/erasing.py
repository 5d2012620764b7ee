"""Erases rows on their day: counts of them are made and kept first, then nothing reads them, then the file goes.

Each step may be done twice and be cut off after any other one: the next round goes on where the last one stopped.
"""

from __future__ import annotations

import logging
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from governance import store
from governance.errors import OutOfOrder
from governance.inventory.models import AIModel
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.data.models import Dataset, MadeOf, Window
from monitoring.data.receiving import plan_of_counts
from monitoring.engines.own_process import TookTooMuch
from monitoring.runs.models import Run, RunStatus
from monitoring.shielding.along import erase_along
from monitoring.shielding.counted import counts_apart

log = logging.getLogger(__name__)

ON_ITS_DAY = "the day on which the rows are erased has come"


def catch_up(organisation_id: UUID) -> None:
    """Erase what is due, one data period a round, so that a large one keeps nobody waiting, and remove its file."""
    clerk = Actor.system("retention clerk", organisation_id)
    with viewing(clerk):
        ours = Window.objects.filter(organisation_id=organisation_id, made_of=MadeOf.ROWS)
        due = ours.filter(erased_at=None, keep_until__lte=timezone.localdate()).exclude(_is_being_measured())
        first = due.order_by("keep_until", "pk").first()
        has_files = ours.filter(erased_at__isnull=False, removed_at=None).exists()
    if first is not None:
        _erase(clerk, first)
    if first is not None or has_files:
        _remove_files(clerk, organisation_id)
    erase_along(clerk, organisation_id)


def _is_being_measured() -> Q:
    """A run that has begun with the rows ends with them, if its worker lives."""
    running = Run.objects.filter(status=RunStatus.RUNNING, lease__expires_at__gt=timezone.now())
    return Q(pk__in=running.values("window_id")) | Q(
        pk__in=running.filter(reference__isnull=False).values("reference_id")
    )


def _erase(clerk: Actor, window: Window) -> None:
    """From here on checks read the counts. Counts that cannot be made keep no rows alive."""
    kept = _counts(clerk, window)
    with acting(clerk, "window.erased", reason=window.erase_reason or ON_ITS_DAY):
        AIModel.objects.select_for_update(no_key=True).get(pk=window.model_id)
        window = Window.objects.select_for_update(of=("self",)).get(pk=window.pk)
        require(clerk, "window.erase", window)
        if window.is_erased or window.keep_until is None or window.keep_until > timezone.localdate():
            return  # somebody was faster, or the day was put off while we counted
        window.kept_sha256 = store.put(window.organisation_id, kept).sha256 if kept else ""
        window.erased_at = timezone.now()
        window.save(update_fields=["kept_sha256", "erased_at"])


def _counts(clerk: Actor, window: Window) -> bytes | None:
    try:
        with viewing(clerk):
            dataset = Dataset.objects.get(pk=window.dataset_id)
            plan = plan_of_counts(dataset, window.part)
        if dataset.label not in {each["name"] for each in window.columns}:
            plan["label"] = ""  # the outcomes came later, and go with the rows
        return counts_apart(store.path(window.organisation_id, window.sha256), plan)
    except (store.Damaged, OutOfOrder, TookTooMuch):
        log.warning(
            "the rows of data period %s are erased without counts: they could not be counted", window.pk
        )
        return None


def _remove_files(clerk: Actor, organisation_id: UUID) -> None:
    """Under the locks of all models: a data period that brings the same rows is then either on file or not stored yet."""
    with acting(clerk, "window.erased", quiet=True):
        list(AIModel.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
        gone = Window.objects.filter(
            organisation_id=organisation_id, erased_at__isnull=False, removed_at=None
        )
        for sha256 in set(gone.values_list("sha256", flat=True)):
            if not _is_needed(organisation_id, sha256):
                store.remove(organisation_id, sha256)
                gone.filter(sha256=sha256).update(removed_at=timezone.now())


def _is_needed(organisation_id: UUID, sha256: str) -> bool:
    """Whether a data period that stands still reads this file. Withdrawn ones with the same rows lose them too."""
    same = Window.objects.filter(organisation_id=organisation_id, sha256=sha256, erased_at=None)
    if same.filter(withdrawn_at=None).exists():
        return True
    same.update(erased_at=timezone.now(), removed_at=timezone.now())
    return False
