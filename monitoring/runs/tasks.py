"""Doorbells of the checks."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from monitoring.runs import services as runs


@shared_task(name="monitoring.runs.tasks.work")
def work(run_id: str) -> None:
    runs.answer_bell(UUID(run_id))
