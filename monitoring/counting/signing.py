"""The firm signs its document with its own key, which never leaves it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.counting.documents import SIGNED, canonical
from monitoring.counting.refusing import CannotCount

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def signed(made: Mapping[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
    """The document in its envelope."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {
        "format": SIGNED,
        "document": dict(made),
        "key": hashlib.sha256(public).hexdigest()[:16],
        "signature": base64.b64encode(key.sign(canonical(made))).decode(),
    }


def key_of(path: Path) -> Ed25519PrivateKey:
    """Raises CannotCount."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise CannotCount(f"{path} is no private Ed25519 key in PEM without a password.")
    return key
