"""Opens an uploaded artefact in its own library to prove that it is what it looks like."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from governance.inventory.artefacts import SKOPS
from monitoring.engines.boosters import NATIVE, described, open_booster
from monitoring.engines.skops_models import reviewed


@dataclass(frozen=True)
class Artefact:
    """A readable artefact. features: as the file names them; opened: its own library has read it."""

    format: str
    features: tuple[str, ...]
    objective: str
    classes: int | None
    size: int
    opened: bool


def inspect(path: Path) -> Artefact:
    """What the file is, by content whatever its name. Raises Refused; nothing of the author's code runs."""
    facts = described(path)
    if facts.format in NATIVE:
        open_booster(path, facts.format)
    elif facts.format == SKOPS:
        reviewed(path)
    opened = facts.format in (*NATIVE, SKOPS)
    size = path.stat().st_size
    return Artefact(facts.format, facts.features, facts.objective, facts.classes, size, opened)
