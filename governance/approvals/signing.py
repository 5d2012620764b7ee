"""The signature of the gate: Ed25519, so that anybody can verify an answer without us.

A signature covers the canonical JSON of a statement: UTF-8, keys sorted, no spaces. It is written in base64.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from governance.approvals.canonical import canonical
from governance.store import keys

KEY = "gate"


def sign(statement: Mapping[str, object]) -> str:
    """The signature of the gate over a statement, in base64."""
    return base64.b64encode(keys.signing_key(KEY).sign(canonical(statement))).decode()


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
    return keys.public_pem(keys.signing_key(KEY))


def key_id() -> str:
    """Which key signed."""
    return keys.key_id(keys.signing_key(KEY))
