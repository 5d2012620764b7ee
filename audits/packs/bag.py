"""A BagIt bag in a zip whose bytes depend on nothing but its content and one instant (RFC 8493)."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

PAYLOAD, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
DATA = "data/"
LEVEL = 6
REGULAR_FILE = 0o100644 << 16
UNIX = 3


class Bag:
    """Files are added one after the other and never held; their digests are, for the two lists at the end.

    root: the folder into which the zip unpacks. at: the time that every file inside bears.
    """

    def __init__(self, place: Path, root: str, at: datetime) -> None:
        self.root = root
        self.at = at.astimezone(UTC)
        self.payload: dict[str, str] = {}
        self.tags: dict[str, str] = {}
        self.octets = 0
        self._zip = zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def add(self, path: str, chunks: Iterable[bytes]) -> str:
        """A file of the evidence, below `data/`. Returns its digest. Raises ValueError for a path that was taken."""
        path = DATA + path
        if path in self.payload:
            raise ValueError(f"{path} stands twice in the pack")
        self.payload[path], size = self._write(path, chunks)
        self.octets += size
        return self.payload[path]

    def tag(self, path: str, content: bytes) -> str:
        """A file beside the evidence: the lists, the reports, the verifier."""
        self.tags[path], _size = self._write(path, [content])
        return self.tags[path]

    def list_payload(self) -> str:
        """Write the list of the evidence. Returns its digest: what a report can say of the evidence it was made from."""
        return self.tag(PAYLOAD, listed(self.payload))

    def seal(self) -> str:
        """Write the list of everything else, the last file. Returns its digest: the digest of the pack."""
        content = listed(self.tags)
        return self._write(TAGS, [content])[0]

    def _write(self, path: str, chunks: Iterable[bytes]) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        with self._zip.open(self._info(path), "w", force_zip64=True) as file:
            for chunk in chunks:
                digest.update(chunk)
                size += file.write(chunk)
        return digest.hexdigest(), size

    def _info(self, path: str) -> zipfile.ZipInfo:
        moment = self.at
        when = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second // 2 * 2)
        info = zipfile.ZipInfo(f"{self.root}/{path}", when)
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, UNIX, REGULAR_FILE
        info._compresslevel = LEVEL  # type: ignore[attr-defined]  # public only from Python 3.13 on
        return info


def listed(digests: dict[str, str]) -> bytes:
    """The one way to write such a list: by path, two spaces, a line feed after each."""
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()
