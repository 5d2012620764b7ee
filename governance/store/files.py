"""Content-addressed files of each organisation: documents, artefacts, windows, results.

A file is known by its SHA-256 and lies in the folder of its organisation. It is written whole or not at all (temporary
file, fsync, rename) and verified each time it is read. Two organisations never share a file.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from governance.errors import TooLarge, Unavailable

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Stored:
    sha256: str
    size: int


class Damaged(Unavailable):
    """The file is missing or its bytes are not those that were stored."""

    code = "damaged"
    title = _("A stored file is missing or damaged")


def put(organisation_id: UUID, content: bytes | BinaryIO | Path, *, limit: int | None = None) -> Stored:
    """Store a file and return its digest. Storing the same content again changes nothing.

    limit: bytes; default settings.SENIM_LARGEST_UPLOAD. Raises TooLarge, OSError (disk full): nothing is left behind.
    """
    folder = _folder(organisation_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    limit = limit or settings.SENIM_LARGEST_UPLOAD
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(prefix=".incoming-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in _chunks(content):
                size += len(chunk)
                if size > limit:
                    raise TooLarge
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        _settle(Path(name), _place(organisation_id, digest.hexdigest()))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Stored(digest.hexdigest(), size)


def path(organisation_id: UUID, sha256: str) -> Path:
    """Where a file lies, after its bytes were verified. Raises Damaged."""
    place = _place(organisation_id, sha256)
    try:
        with place.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Damaged from error
    if found != sha256:
        raise Damaged
    return place


def read(organisation_id: UUID, sha256: str) -> bytes:
    """The verified bytes of a file that fits into memory. Raises Damaged."""
    content = b""
    try:
        content = _place(organisation_id, sha256).read_bytes()
    except OSError as error:
        raise Damaged from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Damaged
    return content


def remove(organisation_id: UUID, sha256: str) -> None:
    """Erase a file for good; one that is gone already stays gone. Whoever asks has made sure that nothing needs it."""
    place = _place(organisation_id, sha256)
    place.unlink(missing_ok=True)
    if place.parent.is_dir():
        _remember(place.parent)


def _settle(incoming: Path, place: Path) -> None:
    place.parent.mkdir(exist_ok=True, mode=0o700)
    incoming.rename(place)
    _remember(place.parent)


def _remember(folder: Path) -> None:
    """What a folder lists survives a power cut."""
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _folder(organisation_id: UUID) -> Path:
    return Path(settings.SENIM_HOME) / "store" / str(UUID(str(organisation_id)))


def _place(organisation_id: UUID, sha256: str) -> Path:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise Damaged
    return _folder(organisation_id) / sha256[:2] / sha256


def _chunks(content: bytes | BinaryIO | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, Path):
        with content.open("rb") as file:
            yield from iter(lambda: file.read(CHUNK), b"")
    else:
        content.seek(0)
        yield from iter(lambda: content.read(CHUNK), b"")
