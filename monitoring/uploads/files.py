"""Where a file lies while it arrives: SENIM_HOME/uploads/<organisation>/<upload>. A backup leaves this folder out."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http.request import UnreadablePostError

FOLDER = "uploads"


def place(organisation_id: UUID, upload_id: UUID) -> Path:
    return _folder(organisation_id) / str(upload_id)


def begin(organisation_id: UUID, upload_id: UUID) -> None:
    """An empty file that is there after a loss of power, too."""
    folder = _folder(organisation_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(place(organisation_id, upload_id), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def append(file: Path, offset: int, pieces: Iterable[bytes], *, room: int) -> tuple[int, bool]:
    """Write what comes behind `offset` and bring it to the disk; what lay there unacknowledged is overwritten.

    Returns how many bytes are kept, and whether the sender stayed to the end. More than `room` bytes are not kept at all.
    Raises FileNotFoundError.
    """
    handle = os.open(file, os.O_WRONLY)
    with os.fdopen(handle, "wb") as opened:
        opened.truncate(offset)
        opened.seek(offset)
        size, stayed = 0, True
        try:
            for piece in pieces:
                size += len(piece)
                if size > room:
                    opened.truncate(offset)
                    return size, True
                opened.write(piece)
        except UnreadablePostError:
            stayed = False  # what came until then is as good as a smaller piece
        opened.flush()
        os.fsync(opened.fileno())
    return size, stayed


def remove(organisation_id: UUID, upload_ids: Iterable[UUID]) -> None:
    for upload_id in upload_ids:
        place(organisation_id, upload_id).unlink(missing_ok=True)


def remove_strays(organisation_id: UUID, known: Collection[str], before: datetime) -> None:
    """Files that no row knows and nobody has written to for long: a process died between the two."""
    folder = _folder(organisation_id)
    for file in folder.iterdir() if folder.is_dir() else ():
        if file.name not in known and file.stat().st_mtime < before.timestamp():
            file.unlink(missing_ok=True)


def _folder(organisation_id: UUID) -> Path:
    return Path(settings.SENIM_HOME) / FOLDER / str(UUID(str(organisation_id)))
