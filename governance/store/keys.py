"""Keys of this installation, each a file under SENIM_HOME/keys that its own account alone can read.

A key is made at its first use, whole or not at all; of two processes that start together the first one's key stays.
Several hosts that serve one register share this folder.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings


def signing_key(name: str) -> Ed25519PrivateKey:
    """The Ed25519 key of this name, with which Senim signs. Raises TypeError where the file holds another kind."""
    key = load_pem_private_key(_read(f"{name}.ed25519", _new_signing_key), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{name}.ed25519 holds another kind of key")
    return key


def sealing_key(name: str) -> Fernet:
    """The key of this name, with which Senim encrypts what it has to say to others again (AES-128-CBC, HMAC)."""
    return Fernet(_read(f"{name}.fernet", Fernet.generate_key))


def public_pem(key: Ed25519PrivateKey) -> str:
    """The public half, as a program reads it."""
    form = PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(Encoding.PEM, form).decode()


def public_raw(key: Ed25519PrivateKey) -> bytes:
    """The public half, 32 bytes."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(key: Ed25519PrivateKey) -> str:
    """Which key it is: the first 16 hexadecimal digits of the SHA-256 over its 32 public bytes."""
    return hashlib.sha256(public_raw(key)).hexdigest()[:16]


def _new_signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _read(file_name: str, make: Callable[[], bytes]) -> bytes:
    path = Path(settings.SENIM_HOME) / "keys" / file_name
    if not path.exists():
        _write(path, make())
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=".making-", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            return
    finally:
        Path(name).unlink()
