"""The files of a version: their digest, and the one file that Senim may keep as the artefact.

**The digest of the files** is the SHA-256 of a manifest: one line for each file, `<SHA-256 of its bytes>  <its path>`, in
the order of the paths' UTF-8 bytes, each line ended by a line feed. Anybody can recompute it inside the model's folder:

    find . -type f | sed 's|^\\./||' | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum

Every file is read as a stream of bytes and hashed; none is opened as what it says it is. Only the description (MLmodel,
by `yaml.safe_load`) is read, and only a file that holds numbers alone (XGBoost JSON or UBJ, LightGBM text) is kept: its
content is judged once more, by the inventory, before it becomes an artefact. Nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO
from urllib.parse import urlsplit

import yaml

from monitoring.mlflow_link.server import Server, ServerTrouble
from monitoring.mlflow_link.words import Trouble

DESCRIPTION = "MLmodel"
LARGEST_DESCRIPTION = 256 << 10
MOST_FILES = 2_000
DEEPEST = 8
LARGEST = 256 << 20
"""Bytes of all files of a version together."""
KEPT = 64 << 20
"""A larger file is hashed, but not kept: the inventory reads a model whole before it accepts it."""
NATIVE: Mapping[str, tuple[str, ...]] = {"xgboost": (".json", ".ubj"), "lightgbm": (".lgb", ".txt")}
"""Flavours whose file holds numbers alone, and how that file is named there."""


@dataclass(frozen=True)
class Fetched:
    """sha256: of the manifest. described: the MLmodel file. why: a key of NO_ARTEFACT where there is no native file."""

    sha256: str = ""
    count: int = 0
    size: int = 0
    described: Mapping[str, Any] = field(default_factory=dict)
    native: BinaryIO | None = None
    native_name: str = ""
    why: str = ""


def folder_of(server: Server, uri: str) -> str:
    """The folder in the server's own artifact store; "" where the files are kept elsewhere.

    An address with another host would lead us away from the server that the administrator named.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""
    folder = parts.path.strip("/")
    inside = parts.scheme == "mlflow-artifacts" and parts.netloc in ("", server.place) and not parts.query
    return folder if inside and _is_plain(folder) else ""


@contextmanager
def fetched(server: Server, uri: str) -> Iterator[Fetched]:
    """Read every file of a version once. The native file lives as long as the block. Raises ServerTrouble."""
    folder = folder_of(server, uri)
    if not folder:
        yield Fetched(why="elsewhere")
        return
    sizes = dict(_listed(server, folder))
    if len(sizes) > MOST_FILES or sum(sizes.values()) > LARGEST:
        yield Fetched(why="too_large")
        return
    described = _described(server, folder, sizes)
    name, why = native_file(described, sizes)
    with tempfile.SpooledTemporaryFile(max_size=4 << 20) as kept:
        lines = []
        for path in sorted(sizes, key=str.encode):
            sha256 = _hashed(server, f"{folder}/{path}", sizes[path], kept if path == name else None)
            lines.append(f"{sha256}  {path}\n")
        manifest = hashlib.sha256("".join(lines).encode()).hexdigest()
        native: Any = kept if name else None
        yield Fetched(manifest, len(lines), sum(sizes.values()), described, native, name, why)


def digest_of(server: Server, uri: str) -> str:
    """The digest of the files as they are now. Raises ServerTrouble."""
    folder = folder_of(server, uri)
    sizes = dict(_listed(server, folder)) if folder else {}
    paths = sorted(sizes, key=str.encode)
    lines = (f"{_hashed(server, f'{folder}/{path}', sizes[path])}  {path}\n" for path in paths)
    return hashlib.sha256("".join(lines).encode()).hexdigest() if paths else ""


def native_file(described: Mapping[str, Any], sizes: Mapping[str, int]) -> tuple[str, str]:
    """The file to keep, or "" and why there is none.

    A model that brings code or a loader of its own does not behave as its file says: that file is not its artefact.
    """
    flavours = described.get("flavors")
    if not isinstance(flavours, dict) or not all(isinstance(each, dict) for each in flavours.values()):
        return "", "no_description"
    found = next((name for name in NATIVE if name in flavours), "")
    if not found:
        return "", "other_format"
    loader = flavours.get("python_function", {}).get("loader_module", f"mlflow.{found}")
    if loader != f"mlflow.{found}" or any(each.get("code") for each in flavours.values()):
        return "", "ships_code"
    name = str(flavours[found].get("data", ""))
    if name not in sizes or not name.endswith(NATIVE[found]):
        return "", "other_format"
    return (name, "") if sizes[name] <= KEPT else ("", "too_large")


def _listed(server: Server, folder: str, below: str = "", depth: int = 0) -> Iterator[tuple[str, int]]:
    """Every file below a folder: its path there and its size. Raises ServerTrouble."""
    for count, each in enumerate(server.listing(f"{folder}/{below}".rstrip("/"))):
        path = f"{below}/{PurePosixPath(str(each.get('path'))).name}".lstrip("/")
        if count > MOST_FILES or depth > DEEPEST or not _is_plain(path):
            raise ServerTrouble(Trouble.TOO_MUCH)
        if each.get("is_dir") is True:
            yield from _listed(server, folder, path, depth + 1)
        else:
            yield path, _size(each.get("file_size"))


def _size(said: object) -> int:
    """proto3 writes a number of 64 bits as text."""
    return int(said) if isinstance(said, int | str) and str(said).isdigit() else 0


def _is_plain(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and path.isprintable() and "\\" not in path and ".." not in parts and "." not in parts


def _described(server: Server, folder: str, sizes: Mapping[str, int]) -> Mapping[str, Any]:
    """The MLmodel file; {} where there is none or it is no description. Raises ServerTrouble."""
    if not 0 < sizes.get(DESCRIPTION, 0) <= LARGEST_DESCRIPTION:
        return {}
    with server.file(f"{folder}/{DESCRIPTION}", limit=LARGEST_DESCRIPTION) as pieces:
        content = b"".join(pieces)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(content, Loader=yaml.SafeLoader)):
            return {}  # MLflow writes no aliases, and a few of them unpack to gigabytes
        said = yaml.safe_load(content)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _hashed(server: Server, path: str, size: int, kept: IO[bytes] | None = None) -> str:
    """size: as it was announced; more than that is refused."""
    digest = hashlib.sha256()
    with server.file(path, limit=size) as pieces:
        for piece in pieces:
            digest.update(piece)
            if kept is not None:
                kept.write(piece)
    return digest.hexdigest()
