"""Doorbell of data periods that arrived."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from monitoring.arrivals import services


@shared_task(name=services.TASK)
def look(organisation_id: str, arrival_id: str) -> None:
    services.look(UUID(organisation_id), UUID(arrival_id))
