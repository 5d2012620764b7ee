"""Text from strangers in a spreadsheet: a name that reads as a formula is never run as one.

Source: OWASP, CSV Injection. Beyond its list: signs after spaces and invisible signs, and their full-width and small variants,
which some programs take for the plain ones.
"""

from __future__ import annotations

import re

UNSEEN = r"\s\x00-\x20\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
RUNS = re.compile(rf"[{UNSEEN}]*[=+\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20]|[\t\r\n]")


def is_live(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula."""
    return RUNS.match(text) is not None


def inert(text: str) -> str:
    """The text as a cell of a CSV file: an apostrophe before it makes a spreadsheet show it and nothing else."""
    return f"'{text}" if is_live(text) else text
