"""Doorbell of decisions that somebody wants explained."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from monitoring.decisions import services
from monitoring.decisions.models import Explained


@shared_task(name=Explained.bell)
def work(organisation_id: str, explained_id: str) -> None:
    services.answer_bell(UUID(organisation_id), UUID(explained_id))
