"""Fetch and verify the browser files that we serve ourselves.

`config/vendor.json` names every package, the integrity of its npm tarball and the SHA-256 of every file that we keep.
The files are committed, so that neither tests nor a deployment need a network; this command is for changing a version.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

GOVERNANCE = Path(__file__).resolve().parents[2]
MANIFEST = GOVERNANCE / "config" / "vendor.json"
FOLDER = GOVERNANCE / "static" / "vendor"

# A source map that we do not ship makes the hashed static storage refuse the file that names it.
SOURCE_MAP = re.compile(rb"(?m)^(?://# sourceMappingURL=.*|/\*# sourceMappingURL=.*\*/)\n?")


@dataclass(frozen=True)
class Kept:
    """One committed file. `origin` is its path in the tarball; None when the package does not carry it (a licence)."""

    origin: str | None
    name: str
    sha256: str


@dataclass(frozen=True)
class Package:
    """One npm package at one version; `folder` is where its files lie under static/vendor/."""

    npm: str
    version: str
    licence: str
    integrity: str
    folder: str
    files: tuple[Kept, ...]


def packages(manifest: Path = MANIFEST) -> tuple[Package, ...]:
    """What the committed list promises."""
    return tuple(_package(row) for row in json.loads(manifest.read_text())["packages"])


def _package(row: dict[str, Any]) -> Package:
    files = tuple(Kept(kept["from"], kept["name"], kept["sha256"]) for kept in row["files"])
    return Package(row["npm"], row["version"], row["licence"], row["integrity"], row["folder"], files)


def problems(folder: Path = FOLDER) -> list[str]:
    """Every difference between the list and the folder, one sentence each; empty when they agree."""
    found: list[str] = []
    promised: set[Path] = set()
    for package in packages():
        if not any(kept.name == "LICENSE" for kept in package.files):
            found.append(f"{package.npm} has no LICENSE")
        for kept in package.files:
            path = folder / package.folder / kept.name
            promised.add(path)
            if not path.is_file():
                found.append(f"{package.folder}/{kept.name} is missing")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != kept.sha256:
                found.append(f"{package.folder}/{kept.name} is not the file that was listed")
    strangers = {path for path in folder.rglob("*") if path.is_file()} - promised
    return found + [f"{path.relative_to(folder)} is not on the list" for path in sorted(strangers)]


def as_kept(content: bytes) -> bytes:
    """The bytes of a published file as we commit them: the same, without the pointer to a source map."""
    return SOURCE_MAP.sub(b"", content)


def fetch(package: Package, into: Path) -> Path:
    """Download the tarball of a package with npm and return it. Raises CommandError when its integrity differs."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(into), f"{package.npm}@{package.version}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CommandError(f"npm pack failed for {package.npm}@{package.version}: {done.stderr.strip()}")
    tarball = into / done.stdout.strip().splitlines()[-1]
    seen = "sha512-" + base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if seen != package.integrity:
        raise CommandError(
            f"{package.npm}@{package.version}: the list says {package.integrity}, npm gave {seen}"
        )
    return tarball


def unpack(package: Package, tarball: Path, folder: Path) -> None:
    """Write the listed files, and no others, from the tarball. Raises CommandError for one that is absent or differs."""
    with tarfile.open(tarball) as archive:
        for kept in package.files:
            if kept.origin is None:
                continue
            member = archive.extractfile(f"package/{kept.origin}")
            if member is None:
                raise CommandError(f"{package.npm}@{package.version} has no file {kept.origin}")
            content = as_kept(member.read())
            seen = hashlib.sha256(content).hexdigest()
            if seen != kept.sha256:
                raise CommandError(
                    f"{package.folder}/{kept.name}: the list says {kept.sha256}, the tarball has {seen}"
                )
            target = folder / package.folder / kept.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


class Command(BaseCommand):
    help = "Fetch the vendored browser files named in governance/config/vendor.json, or only verify them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only compare the committed files with the list"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            with tempfile.TemporaryDirectory() as scratch:
                for package in packages():
                    unpack(package, fetch(package, Path(scratch)), FOLDER)
        if found := problems():
            raise CommandError("\n".join(found))
        self.stdout.write("Every vendored file is the one that was listed.")
