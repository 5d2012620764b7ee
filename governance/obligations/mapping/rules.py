"""What exactly a lawyer signs: when a requirement applies, what answers it and how often. Knows no Django."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from governance.obligations.edition import without

SIGNED = ("when", "answered_by", "periodicity", "periodicity_basis")
"""The keys of an entry that are our mapping of the text; everything else says what the text is and where it stands."""
NOTES = frozenset({"note"})
"""A note explains a group to its reader and decides nothing: another wording of it needs no new signature."""


def mapping_digest(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of the mapping. A signature speaks of this content, in whatever edition it stands."""
    content = {key: without(facts.get(key), NOTES) for key in SIGNED}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
