"""Doorbells of the connections to MLflow."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from monitoring.mlflow_link import services


@shared_task(name="monitoring.mlflow_link.tasks.poll", soft_time_limit=240, time_limit=270)
def poll(organisation_id: str, connector_id: str) -> None:
    services.poll(UUID(organisation_id), UUID(connector_id))
