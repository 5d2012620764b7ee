"""The Markdown that our own outlines give, read line by line: headings, bullet points of two depths and bold text.

Everything else stays as it was typed. Every printed form of a document (Word, PDF) is made from these blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

BOLD = re.compile(r"\*\*(.+?)\*\*")
BULLET = re.compile(r"^( *)[-*] +(.*)$")
HEADING = re.compile(r"^(#{1,2}) +(.*)$")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Block:
    """depth: of a heading 1 or 2, of a bullet point 0 or more. runs: (text, whether it is bold)."""

    kind: Literal["heading", "bullet", "text"]
    runs: tuple[tuple[str, bool], ...]
    depth: int = 0


def blocks(markdown: str) -> Iterator[Block]:
    """One for each line that holds anything. Signs that no document may hold are left out."""
    for line in NOT_IN_XML.sub("", markdown).split("\n"):
        if line.strip():
            yield _block(line)


def _block(line: str) -> Block:
    heading, bullet = HEADING.match(line), BULLET.match(line)
    if heading:
        return Block("heading", ((heading[2], False),), len(heading[1]))
    if bullet:
        return Block("bullet", _runs(bullet[2]), len(bullet[1]) // 2)
    return Block("text", _runs(line))


def _runs(text: str) -> tuple[tuple[str, bool], ...]:
    return tuple((piece, at % 2 == 1) for at, piece in enumerate(BOLD.split(text)) if piece)
