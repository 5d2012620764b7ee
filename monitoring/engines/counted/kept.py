"""The two documents of the frozen baseline as the register keeps them: canonical text, known by its SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from monitoring.counting.documents import canonical
from monitoring.engines.counted.baseline import freeze, scan


@dataclass(frozen=True)
class Kept:
    text: str

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Kept:
        return cls(canonical(document).decode())

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text)
        return found


def baseline_of(
    kept: Path | None,
    reference: Path | None,
    features: Sequence[str],
    categorical: Collection[str],
    window: str,
    roles: Mapping[str, str] | None = None,
) -> Kept:
    """The baseline as it is kept; frozen now where there is none yet. Raises MissingColumns, CannotMeasure."""
    if kept is not None:
        return Kept(kept.read_text())
    assert reference is not None
    return Kept.of(freeze(reference, features, categorical, window, roles))


def scan_of(
    kept: Path | None, current: Path, baseline: Kept, categorical: Collection[str], window: str
) -> Kept:
    """What is kept of the current window; read in one pass where nothing is yet. Raises MissingColumns."""
    if kept is not None:
        return Kept(kept.read_text())
    return Kept.of(scan(current, baseline.document, categorical, window, baseline.sha256))
