"""Secrets in a backup, closed with a passphrase: scrypt makes the key, AES-256-GCM closes each file under its name."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from governance.config.backup.contents import BackupRefused

SHORTEST_PASSPHRASE = 12
NONCE = 12


class Seal:
    """One passphrase and one salt."""

    def __init__(self, passphrase: str, salt: bytes | None = None) -> None:
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise BackupRefused(f"The passphrase needs at least {SHORTEST_PASSPHRASE} characters.")
        self.salt = salt or os.urandom(16)
        self._box = AESGCM(Scrypt(self.salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode()))

    def close(self, name: str, content: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._box.encrypt(nonce, content, name.encode())

    def open(self, name: str, content: bytes) -> bytes:
        """Raises BackupRefused for the wrong passphrase."""
        try:
            return self._box.decrypt(content[:NONCE], content[NONCE:], name.encode())
        except InvalidTag as wrong:
            raise BackupRefused("The passphrase does not open this backup.") from wrong
