"""The Merkle tree of RFC 6962: hashes, heads, inclusion and consistency proofs. Standard library only.

Leaves are given as their 32-byte hashes. `Frontier` is the state that an append-only log needs: the roots of the
perfect subtrees, largest first. Sources: RFC 6962 §2.1, RFC 9162 §2.1.3.2 and §2.1.4.2 (the verifiers).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

SIZE = 32
EMPTY = sha256(b"").digest()


def leaf(content: bytes) -> bytes:
    return sha256(b"\x00" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The head of a log of these leaves."""
    return Frontier().grown(leaves).root


@dataclass
class Frontier:
    """How far a log has grown. peaks: one for each bit that is set in `size`, largest subtree first."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    @classmethod
    def packed(cls, size: int, peaks: bytes) -> Frontier:
        """Raises ValueError where the peaks do not belong to a log of this size."""
        parts = [peaks[at : at + SIZE] for at in range(0, len(peaks), SIZE)]
        if len(peaks) % SIZE or len(parts) != size.bit_count():
            raise ValueError(f"{len(peaks)} bytes are no peaks of {size} leaves")
        return cls(size, parts)

    def grown(self, leaves: Iterable[bytes]) -> Frontier:
        """The frontier after these leaves; this one stays as it is."""
        size, peaks = self.size, list(self.peaks)
        for each in leaves:
            climbing, rest = each, size
            while rest & 1:
                climbing, rest = node(peaks.pop(), climbing), rest >> 1
            peaks.append(climbing)
            size += 1
        return Frontier(size, peaks)

    @property
    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY
        *rest, head = self.peaks
        for peak in reversed(rest):
            head = node(peak, head)
        return head


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


class Tree:
    """All levels of a log's tree, so that many proofs cost one pass. leaves: at least one hash."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.levels = [list(leaves)]
        while len(self.levels[-1]) > 1:
            below = self.levels[-1]
            level = [node(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)]
            self.levels.append(level + below[len(level) * 2 :])

    @property
    def root(self) -> bytes:
        return self.levels[-1][0]

    def inclusion(self, at: int) -> list[bytes]:
        """The hashes that lead from leaf `at` to the root."""
        path = []
        for level in self.levels[:-1]:
            beside = at ^ 1
            if beside < len(level):
                path.append(level[beside])
            at >>= 1
        return path


def is_included(at: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], head: bytes) -> bool:
    """Whether the proof leads from the leaf at this place to the head of a log of `size` leaves."""
    if not 0 <= at < size:
        return False
    left, last, climbing = at, size - 1, leaf_hash
    for step in proof:
        if last == 0:
            return False
        if left & 1 or left == last:
            climbing = node(step, climbing)
            while not left & 1 and left:
                left, last = left >> 1, last >> 1
        else:
            climbing = node(climbing, step)
        left, last = left >> 1, last >> 1
    return last == 0 and climbing == head


def consistency(former: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The hashes that show that the first `former` leaves stand unchanged in the log of all `leaves`."""

    def part(size: int, rest: Sequence[bytes], whole: bool) -> list[bytes]:
        if size == len(rest):
            return [] if whole else [root(rest)]
        cut = _split(len(rest))
        if size <= cut:
            return [*part(size, rest[:cut], whole), root(rest[cut:])]
        return [*part(size - cut, rest[cut:], False), root(rest[:cut])]

    return [] if former in (0, len(leaves)) else part(former, leaves, True)


def is_consistent(former: int, size: int, former_head: bytes, head: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a log of `size` leaves begins with the log of `former` leaves."""
    if former == size:
        return former_head == head and not proof
    if former == 0 or former > size:
        return former == 0 and not proof
    steps = [former_head, *proof] if former & (former - 1) == 0 else list(proof)
    if not proof or not steps:
        return False
    left, last = former - 1, size - 1
    while left & 1:
        left, last = left >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if left & 1 or left == last:
            first, second = node(step, first), node(step, second)
            while not left & 1 and left:
                left, last = left >> 1, last >> 1
        else:
            second = node(second, step)
        left, last = left >> 1, last >> 1
    return first == former_head and second == head and last == 0
