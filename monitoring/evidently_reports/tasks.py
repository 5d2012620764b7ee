"""Doorbell of Evidently's reports that somebody asked for."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from monitoring.evidently_reports import services


@shared_task(name=services.TASK)
def work(organisation_id: str, report_id: str) -> None:
    services.work(UUID(organisation_id), UUID(report_id))
