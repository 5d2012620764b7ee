"""Doorbells of the post."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from governance.post import services as post


@shared_task(name="governance.post.tasks.deliver")
def deliver(message_id: str, organisation_id: str) -> None:
    post.deliver(UUID(message_id), UUID(organisation_id))
