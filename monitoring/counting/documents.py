"""The document that leaves the firm instead of rows: counts, profiles and the digest of the file they were made from.

Canonical JSON: UTF-8, keys sorted, no spaces, so the same counts have the same digest everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from monitoring.engines.counts import CROSS

FORMAT, VERSIONS = "senim.counts", (1, 2, 3, 4)
"""The first tells no pairs of sensitive columns (`crossed`), the second no score, decision and outcome (`roles`).

The third named groups of any size; since the fourth a name stands for ten people or more.
"""
NAMES_LARGE_GROUPS = 4
SIGNED = "senim.signed-counts"
"""The envelope: format, document, key (its fingerprint) and signature, which covers the canonical form of the document."""
LARGEST = 4 << 20
LABELS = (None, False, True)
PREDICTIONS = (False, True)
COMBINATIONS = [(label, prediction) for label in LABELS for prediction in PREDICTIONS]
"""Order of the six counts of a group: outcome unknown, not favourable, favourable; each by decision no, yes."""


def canonical(document: Mapping[str, Any]) -> bytes:
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def is_counts(path: Path) -> bool:
    """Whether a stored data period is such a document. Parquet begins with PAR1, a document with a brace."""
    with path.open("rb") as file:
        return file.read(1) == b"{"


def read(path: Path) -> dict[str, Any]:
    """A stored document, which intake has validated."""
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def cells_of(attribute: Mapping[str, Any]) -> Iterator[list[Any]]:
    """[group, label, prediction, n] of every group that is not hidden, as `engines.counts.from_rows` takes them."""
    for group in attribute["groups"]:
        if group["counts"] is not None:
            for (label, prediction), n in zip(COMBINATIONS, group["counts"], strict=True):
                if n:
                    yield [group["group"], label, prediction, n]


def pair_cells_of(pair: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The same of every pair of groups that is told, named as from rows; where one of both is unknown, nobody's."""
    told = [{**each, "group": each["group"] and CROSS.join(each["group"])} for each in pair["groups"]]
    yield from cells_of({"groups": told})


def hidden_pairs(document: Mapping[str, Any], pair: Mapping[str, Any]) -> list[str | None]:
    """The pairs of groups whose counts did not leave the firm, where both have a name that may be shown; [None] if none has."""
    shown = _shown(document)
    one, other = (
        [name for name in side if name in shown[of]]
        for of, side in zip(pair["of"], pair["hidden"], strict=True)
    )
    return [CROSS.join(both) for both in product(one, other)] or [None]


def hidden_groups(document: Mapping[str, Any]) -> dict[str, list[str | None]]:
    """Per sensitive attribute the groups whose counts did not leave the firm; once None for those without a name to be shown."""
    shown, found = _shown(document), {}
    for each in document["sensitive"]:
        hidden = [group["group"] for group in each["groups"] if group["counts"] is None]
        names = shown[each["name"]]
        found[each["name"]] = list(dict.fromkeys(name if name in names else None for name in hidden))
    return found


def _shown(document: Mapping[str, Any]) -> dict[str, set[str]]:
    """Per sensitive attribute the names of groups that count ten people or more: of earlier documents those that are told."""
    every = document["version"] >= NAMES_LARGE_GROUPS
    return {
        each["name"]: {
            group["group"]
            for group in each["groups"]
            if group["group"] is not None and (every or group["counts"] is not None)
        }
        for each in document["sensitive"]
    }
