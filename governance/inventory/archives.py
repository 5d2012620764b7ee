"""Is the list of what a zip holds short enough to be read? Half a gigabyte of names alone would fill the memory."""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

LONGEST_LIST: Final = 1 << 20
"""Bytes: some ten thousand members."""
END_OF_LIST, FAR_END_OF_LIST = b"PK\x05\x06", b"PK\x06\x07"
END: Final = struct.Struct("<4s4H2LH")
FAR_END: Final = 20
LONGEST_COMMENT: Final = 0xFFFF


def lists_too_much(file: BinaryIO) -> bool:
    """Whether the list of members is longer than any file that is accepted here has.

    A list in zip64's own form counts as too long: it is for archives beyond 4 GB. Source: APPNOTE.TXT 4.3.15, 4.3.16.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - END.size - LONGEST_COMMENT - FAR_END))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(END_OF_LIST, 0, len(tail) - END.size + len(END_OF_LIST))
    if at < 0:
        return False  # no zip at all, which its reader says
    listed: int = END.unpack_from(tail, at)[5]
    return listed > LONGEST_LIST or tail[max(0, at - FAR_END) : at].startswith(FAR_END_OF_LIST)
