"""The plain form of every result: the same inputs give the same bytes, so the same digest."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

SIGNIFICANT_DIGITS = 12
"""Evidently sums over sets of strings, whose order follows the hash seed: beyond this digit it is noise."""


def plain(value: Any) -> Any:
    """JSON-ready copy: dataclasses become dicts, floats lose their noise, NaN and infinity become None.

    PostgreSQL keeps no zero characters in JSON, and a group may be called anything.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if value is None or isinstance(value, bool | int):
        return value
    return rounded(float(value))


def rounded(value: float) -> float | None:
    """The number to 12 significant digits, or None when it is not finite."""
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}") + 0.0 if math.isfinite(value) else None


def canonical_json(result: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces. Raises ValueError for NaN or infinity."""
    text = json.dumps(result, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def digest(result: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(result)).hexdigest()
