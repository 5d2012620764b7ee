"""The key of the gate: Ed25519, made once under SENIM_HOME, so that anybody can verify an answer without us.

A signature covers the canonical JSON of a statement: UTF-8, keys sorted, no spaces. It is written in base64.
"""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

from governance.approvals.canonical import canonical


def sign(statement: Mapping[str, object]) -> str:
    """The signature of the gate over a statement, in base64."""
    return base64.b64encode(_private_key().sign(canonical(statement))).decode()


def verify(statement: Mapping[str, object], signature: str, public_pem: str) -> bool:
    """Whether the holder of the key signed exactly this. What a deployment tool does with three lines of its own."""
    key = load_pem_public_key(public_pem.encode())
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(base64.b64decode(signature, validate=True), canonical(statement))
    except (InvalidSignature, ValueError):
        return False
    return True


def public_pem() -> str:
    """The public half, as a program reads it."""
    form = PublicFormat.SubjectPublicKeyInfo
    return _private_key().public_key().public_bytes(Encoding.PEM, form).decode()


def key_id() -> str:
    """Which key signed: the first 16 hexadecimal digits of the SHA-256 over its 32 public bytes."""
    raw = _private_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def _private_key() -> Ed25519PrivateKey:
    path = Path(settings.SENIM_HOME) / "keys" / "gate.ed25519"
    if not path.exists():
        _make(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path.name} holds another kind of key")
    return key


def _make(path: Path) -> None:
    """Write a new key whole or not at all; of two processes that start together, the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle, name = tempfile.mkstemp(prefix=".making-", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            return
    finally:
        Path(name).unlink()
