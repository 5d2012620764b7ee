"""The only writers of this room."""

from __future__ import annotations

from uuid import UUID


def catch_up(organisation_id: UUID) -> None:
    """Compute again what is behind."""
