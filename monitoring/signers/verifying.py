"""Whether a document of counts was signed by whom its organisation named."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from monitoring.counting.documents import SIGNED, canonical
from monitoring.data.faults import broken
from monitoring.signers.models import CountingKey


@dataclass(frozen=True)
class Signed:
    """A document and who signed it; without a key nobody did."""

    document: dict[str, Any]
    key_id: UUID | None = None
    signature: str = ""


def opened(organisation_id: UUID, told: dict[str, Any]) -> Signed:
    """The document out of its envelope. Raises Unreadable.

    An organisation that ever registered a key signs: revoking the last one must not let anything in unsigned.
    """
    registered = CountingKey.objects.filter(organisation_id=organisation_id)
    if told.get("format") != SIGNED:
        if registered.exists():
            raise broken("counts_unsigned")
        return Signed(told)
    if set(told) != {"format", "document", "key", "signature"} or not isinstance(told["document"], dict):
        raise broken("counts_envelope")
    fingerprint = told["key"] if isinstance(told["key"], str) and told["key"].isalnum() else ""
    key = registered.standing().filter(fingerprint=fingerprint).first()
    if key is None:
        raise broken("counts_unknown_key")
    if not is_signed(told["document"], told["signature"], key.public_pem):
        raise broken("counts_bad_signature")
    return Signed(told["document"], key.pk, told["signature"])


def is_signed(document: Mapping[str, Any], signature: object, public_pem: str) -> bool:
    """Whether the holder of the key signed the canonical form of exactly this document."""
    key = load_pem_public_key(public_pem.encode())
    if not isinstance(signature, str) or not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(base64.b64decode(signature, validate=True), canonical(document))
    except (InvalidSignature, ValueError):
        return False
    return True
