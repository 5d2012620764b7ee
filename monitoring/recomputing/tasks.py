"""Doorbell of runs that are computed again."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from monitoring.recomputing import services
from monitoring.recomputing.models import Recomputation


@shared_task(name=Recomputation.bell)
def work(organisation_id: str, recomputation_id: str) -> None:
    services.answer_bell(UUID(organisation_id), UUID(recomputation_id))
