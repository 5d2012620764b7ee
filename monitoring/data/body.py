"""The body of a request as a stream: never in memory as a whole, and never more of it than a file may have."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

from django.conf import settings
from django.http import HttpRequest

from governance.errors import TooLarge

CHUNK = 1 << 20
STREAMED = frozenset({"application/x-ndjson", "application/offset+octet-stream"})
"""Kinds of bodies that are read piece by piece, and may be as large as a file. Any other is held in memory, and small."""


def pieces(request: HttpRequest) -> Iterator[bytes]:
    """What comes, piece by piece, also from a sender who does not say beforehand how much it is (chunked).

    Raises TooLarge, UnreadablePostError where the sender is gone.
    """
    is_chunked = request.META.get("wsgi.input_terminated") and not request.META.get("CONTENT_LENGTH")
    source = request.META["wsgi.input"] if is_chunked else request
    size = 0
    while piece := source.read(CHUNK):
        size += len(piece)
        if size > settings.SENIM_LARGEST_UPLOAD:
            raise TooLarge
        yield piece


def spooled(request: HttpRequest) -> IO[bytes]:
    """A file of ours with the whole body, gone when it is closed. Raises TooLarge."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # whoever asked closes it
    try:
        for piece in pieces(request):
            file.write(piece)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file
