"""Doorbell of data periods that arrived."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from monitoring.arrivals import services
from monitoring.arrivals.models import Arrival


@shared_task(name=Arrival.bell)
def look(organisation_id: str, arrival_id: str) -> None:
    services.answer_bell(UUID(organisation_id), UUID(arrival_id))
