"""Doorbells of the packs."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from audits.packs import services as packs


@shared_task(name="audits.packs.tasks.make")
def make(pack_id: str, organisation_id: str) -> None:
    packs.make(UUID(pack_id), UUID(organisation_id))
