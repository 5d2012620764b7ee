"""The tar file: written member by member and read member by member, so that its size costs no memory."""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from governance.config.backup.contents import BackupRefused, Manifest

CHUNK = 1 << 20
LARGEST_MANIFEST = 256 << 20
MANIFEST, SEAL_OF_MANIFEST = "manifest.json", "manifest.sha256"
PART = re.compile(r"database/([a-z0-9_]+)/(\d{6})\.copy\.gz")
STORED = re.compile(r"store/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([0-9a-f]{2})/(\2[0-9a-f]{62})")
SECRET = re.compile(r"secrets/((?:keys/|guard/)?[A-Za-z0-9][A-Za-z0-9._-]*)")


class Writing:
    """A new archive, readable by its owner alone; it has its name only once it is whole."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._now = int(time.time())

    def add(self, name: str, content: bytes) -> str:
        """Returns the SHA-256 of what was added."""
        self._put(name, io.BytesIO(content), len(content))
        return hashlib.sha256(content).hexdigest()

    def add_file(self, name: str, path: Path) -> int:
        with path.open("rb") as file:
            size = path.stat().st_size
            self._put(name, file, size)
        return size

    def _put(self, name: str, file: IO[bytes], size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, self._now
        self._tar.addfile(member, file)
        _forget(self._tar)


@contextmanager
def written(target: Path) -> Iterator[Writing]:
    draft = target.with_name(f".{target.name}.partial")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600, exist_ok=False)
    try:
        with draft.open("wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield Writing(tar)
            file.flush()
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)


@dataclass(frozen=True)
class Member:
    name: str
    file: IO[bytes]
    size: int

    def read(self) -> bytes:
        """For members that fit into memory: parts, secrets, manifest."""
        return self.file.read()

    def digest(self) -> str:
        return hashlib.file_digest(self.file, "sha256").hexdigest()  # type: ignore[arg-type]

    def chunks(self) -> Iterator[bytes]:
        return iter(lambda: self.file.read(CHUNK), b"")


def members(source: Path) -> Iterator[Member]:
    """Every member in order. Raises BackupRefused for a file that is no archive, or holds what is no plain file."""
    try:
        with tarfile.open(source, mode="r:") as tar:
            while (each := tar.next()) is not None:
                _forget(tar)
                file = tar.extractfile(each) if each.isreg() else None
                if file is None:
                    raise BackupRefused(f"{each.name} in {source.name} is no plain file.")
                yield Member(each.name, file, each.size)
    except (tarfile.TarError, EOFError) as broken:
        raise BackupRefused(f"{source.name} cannot be read to its end: {broken}") from broken


def _forget(tar: tarfile.TarFile) -> None:
    """tarfile remembers every member that it has seen; a store has millions."""
    remembered: list[tarfile.TarInfo] = vars(tar)["members"]
    remembered.clear()


def manifest_of(source: Path) -> Manifest:
    """The manifest of a backup whose every byte was compared with it. Raises BackupRefused."""
    seen = _Seen()
    try:
        for member in members(source):
            seen.take(member)
    except tarfile.TarError as broken:  # in the middle of a member
        raise BackupRefused(f"{source.name} cannot be read to its end: {broken}") from broken
    manifest = seen.manifest()
    wrong = seen.differences(manifest)
    if wrong:
        raise BackupRefused(f"{source.name} is damaged and was not used: " + "; ".join(wrong[:5]))
    return manifest


class _Seen:
    """What stands in the archive, as found and not as claimed."""

    def __init__(self) -> None:
        self.parts: dict[str, list[str]] = {}
        self.secrets: dict[str, str] = {}
        self.files = self.size = 0
        self.wrong: list[str] = []
        self.content = self.digest = b""

    def take(self, member: Member) -> None:
        if found := PART.fullmatch(member.name):
            self.parts.setdefault(found.group(1), []).append(member.digest())
        elif found := STORED.fullmatch(member.name):
            self._take_file(member, found.group(3))
        elif found := SECRET.fullmatch(member.name):
            self.secrets[found.group(1)] = member.digest()
        elif member.name == MANIFEST and member.size <= LARGEST_MANIFEST:
            self.content = member.read()
        elif member.name == SEAL_OF_MANIFEST:
            self.digest = member.read()
        else:
            self.wrong.append(f"{member.name} does not belong here")

    def _take_file(self, member: Member, sha256: str) -> None:
        self.files, self.size = self.files + 1, self.size + member.size
        if member.digest() != sha256:
            self.wrong.append(f"{member.name} is not what it was")

    def manifest(self) -> Manifest:
        if not self.content or hashlib.sha256(self.content).hexdigest().encode() != self.digest:
            raise BackupRefused("The backup has no whole manifest: it broke off, or it was changed.")
        return Manifest.read(self.content)

    def differences(self, manifest: Manifest) -> list[str]:
        for name, table in manifest.tables.items():
            if self.parts.pop(name, []) != table.parts:
                self.wrong.append(f"table {name} is not what it was")
        self.wrong += [f"table {name} is not in the manifest" for name in self.parts]
        if (self.files, self.size) != (manifest.files, manifest.size):
            self.wrong.append(f"{self.files} stored files were found, {manifest.files} were saved")
        if self.secrets != manifest.secrets:
            self.wrong.append("the keys are not what they were")
        return self.wrong
