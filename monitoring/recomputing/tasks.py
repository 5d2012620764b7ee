"""Doorbell of runs that are computed again."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from monitoring.recomputing import services


@shared_task(name=services.TASK)
def work(organisation_id: str, recomputation_id: str) -> None:
    services.work(UUID(organisation_id), UUID(recomputation_id))
