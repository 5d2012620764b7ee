"""What goes with the rows of a data period: later outcomes, explanations of decisions, Evidently's reports, what one pass found.

It is looked for anew in each round, so that whatever cut the last one off, or came late, is erased by the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from governance import store
from governance.inventory.models import AIModel
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.baselines.models import Attribution, Baseline, Scan
from monitoring.data.models import Window
from monitoring.decisions.models import Explained
from monitoring.errands.models import UNDERWAY
from monitoring.evidently_reports.models import EvidentlyReport
from monitoring.labels.models import Labels
from monitoring.runs.models import RunStatus

GONE = "rows_erased"


def erase_along(clerk: Actor, organisation_id: UUID) -> None:
    """Erase what is left of data periods whose rows were erased. Digests and numbers of rows stay."""
    with viewing(clerk):
        has_labels, has_told = _labels(organisation_id).exists(), _explained(organisation_id).exists()
        has_passes = any(rows.exists() for rows in _passes(organisation_id))
        has_reports = _reports(organisation_id).exists()
    if has_reports:
        with acting(clerk, "evidently_report.erased", quiet=True):
            _remove_reports(organisation_id)
    if has_told:
        with acting(clerk, "decision.forgotten", quiet=True):
            _blank(_explained(organisation_id))
    if has_labels:
        with acting(clerk, "labels.erased", quiet=True):
            _remove_labels(organisation_id)
    if has_passes:
        with acting(clerk, "baseline.erased", quiet=True):
            _remove_passes(organisation_id)


def _labels(organisation_id: UUID) -> QuerySet[Any]:
    return Labels.objects.filter(
        organisation_id=organisation_id, window__erased_at__isnull=False, removed_at=None
    )


def _explained(organisation_id: UUID) -> QuerySet[Any]:
    return Explained.objects.filter(
        organisation_id=organisation_id, window__erased_at__isnull=False, blanked_at=None
    )


def _reports(organisation_id: UUID) -> QuerySet[Any]:
    erased = Q(window__erased_at__isnull=False) | Q(reference__erased_at__isnull=False)
    return EvidentlyReport.objects.filter(erased, organisation_id=organisation_id, removed_at=None)


def _passes(organisation_id: UUID) -> tuple[QuerySet[Any], ...]:
    """Scans, then baselines: their cells hide no small number, as the counts that stay do. Attributions may be of few rows."""
    erased = Q(window__erased_at__isnull=False)
    scans = Scan.objects.filter(erased | Q(baseline__window__erased_at__isnull=False))
    return (
        scans.filter(organisation_id=organisation_id),
        Baseline.objects.filter(erased, organisation_id=organisation_id),
        Attribution.objects.filter(erased, organisation_id=organisation_id),
    )


def _blank(told: QuerySet[Any]) -> None:
    ours = _ended(told)
    ours.update(case="", found={}, blanked_at=timezone.now())


def _ended(errands: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows by their keys; nobody answers any more what was underway."""
    ours: QuerySet[Any] = errands.model._default_manager.filter(
        pk__in=list(errands.values_list("pk", flat=True))
    )
    ended = {"status": RunStatus.FAILED, "error": GONE, "finished_at": timezone.now()}
    ours.filter(status__in=UNDERWAY).update(**ended)
    return ours


def _remove_reports(organisation_id: UUID) -> None:
    _lock_models(organisation_id)
    ours = _ended(_reports(organisation_id))
    gone = set(ours.exclude(sha256="").values_list("sha256", flat=True))
    ours.update(removed_at=timezone.now())
    kept = EvidentlyReport.objects.filter(organisation_id=organisation_id, sha256__in=gone, removed_at=None)
    _remove(organisation_id, gone.difference(kept.values_list("sha256", flat=True)))


def _remove_labels(organisation_id: UUID) -> None:
    """Withdrawn deliveries with the same digest lose the file too, as withdrawn data periods do."""
    _lock_models(organisation_id)
    for sha256 in set(_labels(organisation_id).values_list("sha256", flat=True)):
        same = Labels.objects.filter(organisation_id=organisation_id, sha256=sha256, removed_at=None)
        if same.filter(window__erased_at=None, withdrawn_at=None).exists():
            continue
        _remove(organisation_id, [sha256])
        same.update(removed_at=timezone.now())


def _remove_passes(organisation_id: UUID) -> None:
    _lock_models(organisation_id)
    gone: set[str] = set()
    for rows in _passes(organisation_id):
        gone.update(rows.values_list("sha256", flat=True))
        rows.delete()
    kinds = (Scan, Baseline, Attribution)
    ours = (kind.objects.filter(organisation_id=organisation_id, sha256__in=gone) for kind in kinds)
    _remove(organisation_id, gone.difference(*(rows.values_list("sha256", flat=True) for rows in ours)))


def _remove(organisation_id: UUID, digests: Iterable[str]) -> None:
    """A data period that stands keeps its file, were it the same one."""
    for sha256 in digests:
        if not Window.objects.filter(organisation_id=organisation_id, sha256=sha256, erased_at=None).exists():
            store.remove(organisation_id, sha256)


def _lock_models(organisation_id: UUID) -> None:
    """Whoever brings the same file has then either a row on file or stored nothing yet."""
    ours = AIModel.objects.filter(organisation_id=organisation_id).select_for_update(no_key=True)
    list(ours.order_by("pk").values_list("pk", flat=True))
