"""The smallest catalogue that is whole, for tests that break it in one place."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Any

import yaml

from governance.obligations.edition import CATALOGUE

TITLE = {"kk": "Атауы", "ru": "Название", "en": "Title"}


def an_entry(name: str = "made-up-1", **changes: Any) -> dict[str, Any]:
    return {
        "id": name,
        "ref": "Art. 1",
        "title": dict(TITLE),
        "text": {"kk": "Мәтін.", "ru": "Текст.", "en": "Text."},
        "norm": "duty",
        "when": {"all_of": ["generative"], "any_of": []},
        "answered_by": [{"any_of": ["document:model_card", "approval"]}],
        "evidence": ["document:model_card"],
        "periodicity": "annual",
        "periodicity_basis": "recommended",
        "source": "Made up for a test.",
        "confidence": "verified",
        "binding_in_kz": True,
        "in_force": {"from": "2026-01-18"},
    } | changes


def an_edition(*entries: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "framework": "made-up",
        "edition": "2026-11-22",
        "text_dated": "2025-11-17",
        "title": dict(TITLE),
        "jurisdiction": "KZ",
        "binding": True,
        "binding_in_kz": True,
        "default_on": True,
        "requirements": list(entries or [an_entry()]),
    } | changes


def a_group(*members: str, **changes: Any) -> dict[str, Any]:
    of = list(members or ["made-up-1"])
    return {
        "id": "g",
        "title": dict(TITLE),
        "members": of,
        "strictest": of[0],
        "evidence": ["approval"],
    } | changes


def a_catalogue(folder: Path, *editions: dict[str, Any], crosswalk: dict[str, Any] | None = None) -> Path:
    """A folder with the real vocabularies, one file for each edition, and a crosswalk."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(CATALOGUE / "vocabularies.yaml", folder)
    for edition in editions or (an_edition(),):
        write(folder / f"{edition['framework']}-{edition['edition']}.yaml", edition)
    write(folder / "crosswalk.yaml", crosswalk or {"groups": [], "ungrouped": []})
    return folder


def write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(copy.deepcopy(content), allow_unicode=True, sort_keys=False))
