"""Hands a stored file out as a download: never shown inside our own pages, never kept by a cache on the way."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse

from governance.store import files


def download(organisation_id: UUID, sha256: str, *, name: str, media_type: str) -> FileResponse:
    """Raises files.Damaged where the content is not what the digest says."""
    stored = files.path(organisation_id, sha256).open("rb")
    response = FileResponse(stored, as_attachment=True, filename=name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
