"""A signed head as it leaves the house: C2SP checkpoint and signed-note formats, Ed25519. No Django.

    senim.register/<organisation>        the origin: which log
    42                                   how many entries
    <root, base64>

    — senim.register <key hash and signature, base64>

Sources: c2sp.org/tlog-checkpoint, c2sp.org/signed-note.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NAME = "senim.register"
ED25519 = b"\x01"
DASH = "\u2014 "


class WrongNote(ValueError):
    """The text is no checkpoint, or the key did not sign it."""


@dataclass(frozen=True)
class Head:
    """origin: which log. size: entries. root: 32 bytes."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def origin(organisation_id: object) -> str:
    """The name of an organisation's log; what belongs to no organisation has one of its own."""
    return f"{NAME}/{organisation_id or 'register'}"


def sign(head: Head, key: Ed25519PrivateKey) -> str:
    signature = _key_hash(key.public_key()) + key.sign(head.body.encode())
    return f"{head.body}\n{DASH}{NAME} {base64.b64encode(signature).decode()}\n"


def read(note: str, key: Ed25519PublicKey) -> Head:
    """The head that this key signed. Raises WrongNote."""
    body, _, signatures = note.partition("\n\n")
    body += "\n"
    lines = body.splitlines()
    if len(lines) < 3 or not lines[1].isdigit():
        raise WrongNote("this is no checkpoint")
    for line in signatures.splitlines():
        name, _, signed = line.removeprefix(DASH).rpartition(" ")
        if line.startswith(DASH) and name == NAME and _holds(body, signed, key):
            return Head(lines[0], int(lines[1]), base64.b64decode(lines[2]))
    raise WrongNote("the key did not sign this checkpoint")


def verifier(key: Ed25519PublicKey) -> str:
    """The public key as tools for signed notes read it: name+hash+key."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"{NAME}+{_key_hash(key).hex()}+{base64.b64encode(ED25519 + raw).decode()}"


def _key_hash(key: Ed25519PublicKey) -> bytes:
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(f"{NAME}\n".encode() + ED25519 + raw).digest()[:4]


def _holds(body: str, signed: str, key: Ed25519PublicKey) -> bool:
    try:
        content = base64.b64decode(signed, validate=True)
        if content[:4] != _key_hash(key):
            return False
        key.verify(content[4:], body.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
