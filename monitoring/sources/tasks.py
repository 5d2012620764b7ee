"""Doorbells of the fetches."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from monitoring.sources import fetching


@shared_task(name="monitoring.sources.tasks.work", soft_time_limit=1500, time_limit=1560)
def work(organisation_id: str, fetch_id: str) -> None:
    fetching.work(UUID(organisation_id), UUID(fetch_id))
