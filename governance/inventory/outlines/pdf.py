"""A PDF (PDF/A-2b) of a document that was written from an outline; printed in a process of its own."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from governance.inventory.outlines.markup import Block, blocks
from governance.inventory.outlines.writing import BLANK
from governance.store import printing

TEMPLATE = Path(__file__).with_name("document.typ")


def document(markdown: str, language: str, on: date) -> bytes:
    """The bytes of a .pdf file; the same text on the same day gives the same bytes. Raises printing.NotPrinted."""
    said = {
        "language": language,
        "date": [on.year, on.month, on.day],
        "blank": BLANK[language],
        "blocks": [_as_json(block) for block in blocks(markdown)],
    }
    return printing.printed(TEMPLATE, json.dumps(said, ensure_ascii=False))


def _as_json(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "depth": block.depth,
        "runs": [{"text": text, "bold": bold} for text, bold in block.runs],
    }
