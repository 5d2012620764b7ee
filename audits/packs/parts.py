"""What a section puts into a pack: pieces with a path below `data/`, each as small as it can be held."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHUNK = 256 * 1024


@dataclass(frozen=True)
class Piece:
    """One file of the pack. chunks: its bytes, read once, in order."""

    path: str
    chunks: Iterable[bytes]


@dataclass(frozen=True)
class Stored:
    """A file of the store, copied chunk by chunk."""

    path: str
    sha256: str


Part = Piece | Stored


def text(path: str, content: str) -> Piece:
    return Piece(path, [content.encode()])


def as_json(path: str, content: Any) -> Piece:
    """Readable, with sorted keys, so that the same content gives the same bytes."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return text(path, written + "\n")


def lines(path: str, each: Iterable[str]) -> Piece:
    """One JSON value in each line, never all of them in memory."""
    return Piece(path, (line.encode() + b"\n" for line in each))


def chunks_of(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        yield from iter(lambda: file.read(CHUNK), b"")
