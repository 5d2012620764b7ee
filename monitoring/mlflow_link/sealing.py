"""The sign-in of a server, sealed: whoever reads the database alone cannot sign in anywhere."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cryptography.fernet import InvalidToken

from governance.store.keys import sealing_key

if TYPE_CHECKING:
    from uuid import UUID

KEY = "connectors"


class KeyLost(Exception):
    """The stored sign-in was sealed with another key, or for another connector."""


def seal(connector_id: UUID, said: Mapping[str, str]) -> str:
    """said: {"token": …} or {"user": …, "password": …}. The connector is sealed with it, so it fits no other row."""
    content = json.dumps({"connector": str(connector_id), **said})
    return sealing_key(KEY).encrypt(content.encode()).decode()


def opened(connector_id: UUID, sealed: str) -> dict[str, str]:
    """Raises KeyLost."""
    if not sealed:
        return {}
    try:
        said: dict[str, str] = json.loads(sealing_key(KEY).decrypt(sealed.encode()))
    except InvalidToken as lost:
        raise KeyLost from lost
    if said.pop("connector", None) != str(connector_id):
        raise KeyLost
    return said
