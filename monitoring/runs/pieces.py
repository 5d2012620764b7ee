"""Sentences that list what was found, trouble by trouble: a piece that names nothing is left out.

So is one that the answer of an earlier version of the check did not know, whose sentence would be lost otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from monitoring.checks.grading import NOTHING

PIECE = re.compile(r"(?<=[.?!]) [^.:]+: %\((\w+)\)s\.")
""" Repeated: %(repeated)s.  What a summary begins with is never a piece."""


def telling(template: str, params: Mapping[str, Any]) -> str:
    """The template without the pieces whose parameter names nothing. What was not measured stays, as a dash."""
    return PIECE.sub(lambda piece: "" if params.get(piece[1], NOTHING) == NOTHING else piece[0], template)
