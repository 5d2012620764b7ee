"""Doorbell of Evidently's reports that somebody asked for."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from monitoring.evidently_reports import services
from monitoring.evidently_reports.models import EvidentlyReport


@shared_task(name=EvidentlyReport.bell)
def work(organisation_id: str, report_id: str) -> None:
    services.answer_bell(UUID(organisation_id), UUID(report_id))
