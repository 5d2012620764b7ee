"""One way to write a statement as bytes, so that its digest and its signature mean its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def canonical(statement: Mapping[str, object]) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces. Raises ValueError for a number that JSON cannot carry (NaN)."""
    text = json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def sha256(statement: Mapping[str, object]) -> str:
    return hashlib.sha256(canonical(statement)).hexdigest()
