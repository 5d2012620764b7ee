"""One proof for many entries of a log: the hashes that lead from all of them together to its head (RFC 6962).

Nodes are named (level, index): a leaf is at level 0; a last node without a sibling is carried up as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from audits.ledger import merkle

Node = tuple[int, int]


def needed(size: int, positions: Iterable[int]) -> set[Node]:
    """Siblings that the leaves at these positions do not give themselves."""
    wanted: set[Node] = set()
    known, level, width = set(positions), 0, size
    while width > 1:
        for at in known:
            sibling = at ^ 1
            if sibling < width and sibling not in known:
                wanted.add((level, sibling))
        known, level, width = {at >> 1 for at in known}, level + 1, (width + 1) // 2
    return wanted


def proof(size: int, leaves: Iterable[bytes], positions: Iterable[int]) -> dict[Node, bytes]:
    """The hashes of the needed nodes. leaves: all of them, in order, read once and not kept."""
    wanted = needed(size, positions)
    return {node: value for node, value in _nodes(leaves) if node in wanted}


def _nodes(leaves: Iterable[bytes]) -> Iterator[tuple[Node, bytes]]:
    """Every node of the tree, each once, keeping only the roots of the subtrees that are full so far."""
    peaks: list[tuple[Node, bytes]] = []
    for at, leaf in enumerate(leaves):
        level, index, value = 0, at, leaf
        yield (level, index), value
        while index & 1:
            _node, left = peaks.pop()
            level, index, value = level + 1, index >> 1, merkle.node(left, value)
            yield (level, index), value
        peaks.append(((level, index), value))
    yield from _right_edge(peaks)


def _right_edge(peaks: list[tuple[Node, bytes]]) -> Iterator[tuple[Node, bytes]]:
    """From the smallest full subtree up to the head: carried up as it is until it meets the next one."""
    if not peaks:
        return
    (level, index), value = peaks.pop()
    while peaks:
        while level < peaks[-1][0][0]:
            level, index = level + 1, index >> 1
            yield (level, index), value
        _node, left = peaks.pop()
        level, index, value = level + 1, index >> 1, merkle.node(left, value)
        yield (level, index), value
