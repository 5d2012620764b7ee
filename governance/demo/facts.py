"""What training measured and a story tells."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Facts = Mapping[str, Any]


def facts_of(material: Path) -> Facts:
    facts: Facts = json.loads((material / "facts.json").read_text(encoding="utf-8"))
    return facts


def write_facts(facts: Facts, material: Path) -> None:
    """Last of all, and at once: the file tells that the others are there."""
    unfinished = material / "facts.part"
    unfinished.write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    unfinished.replace(material / "facts.json")
