"""The digest of what was said: SHA-256 of canonical JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def canonical(content: Mapping[str, object]) -> bytes:
    """Keys in order, no spaces, UTF-8. Raises ValueError for NaN and infinity, TypeError for what is no JSON."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(content: Mapping[str, object]) -> str:
    return hashlib.sha256(canonical(content)).hexdigest()
