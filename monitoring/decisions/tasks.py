"""Doorbell of decisions that somebody wants explained."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from monitoring.decisions import services


@shared_task(name=services.TASK)
def work(organisation_id: str, explained_id: str) -> None:
    services.work(UUID(organisation_id), UUID(explained_id))
