"""How the story proves what it promises."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from governance.demo.visitor import StoryBroken

PATIENCE = 120.0
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def prove(holds: bool, what: str, instead: object) -> None:
    """Raises StoryBroken with what was found instead."""
    if not holds:
        raise StoryBroken(f"the story says that {what}; found: {instead}")


def figure(run: dict[str, Any], metric: str, subject: str) -> dict[str, Any]:
    """One measurement of a run. Raises StoryBroken if it was not measured."""
    for each in run["measurements"]:
        if each["metric"] == metric and each["subject"] == subject:
            measured: dict[str, Any] = each
            return measured
    raise StoryBroken(f"{metric} of {subject} was not measured: {[m['metric'] for m in run['measurements']]}")


def await_that(holds: Callable[[], bool], what: str, *, every: float = 0.2) -> None:
    """Ask again and again until it holds. Raises StoryBroken after two minutes."""
    until = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > until:
            raise StoryBroken(f"in {PATIENCE:.0f} seconds it did not happen that {what}")
        time.sleep(every)


def digest_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
