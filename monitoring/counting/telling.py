"""What the document holds and what it does not, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

NAMES = {"score": "score", "prediction": "decision", "label": "outcome"}


def told(made: Mapping[str, Any], plan: Mapping[str, Any]) -> list[str]:
    return [
        f"Counted: {made['rows']} rows of {_source(made)}.",
        *_columns(made),
        *_roles(made, plan),
        *_groups(made),
        *_pairs(made),
        *_shares(made),
        *_first(plan),
        "No row, no identifier and no single value of a person is in the document.",
    ]


def _source(made: Mapping[str, Any]) -> str:
    digest = f"with SHA-256 {made['file']['sha256']}"
    return f"an answer of {made['counted_by']} {digest}" if "counted_by" in made else f"a file {digest}"


def _columns(made: Mapping[str, Any]) -> Iterator[str]:
    cells = [n for each in made["columns"] for n in (*each["counts"], each["missing"])]
    yield (
        f"In the document: counts of {len(made['columns'])} columns in {len(cells)} cells, and where it gives no hidden count "
        "away the mean, the spread and the tenth lowest and tenth highest value."
    )
    yield f"Hidden: {cells.count(None)} cells, because fewer than {made['smallest']} people stand in them or could be computed."


def _roles(made: Mapping[str, Any], plan: Mapping[str, Any]) -> Iterator[str]:
    for each in made.get("roles", []):
        cells = [*each["counts"], each["missing"]]
        hidden = cells.count(None)
        words = "all hidden" if hidden == len(cells) else f"{hidden} hidden" if hidden else "none hidden"
        yield f"The {NAMES[each['role']]} {each['name']}: {len(cells)} cells, {words}."
    counted = {each["name"] for each in made.get("roles", [])}
    absent = [each["name"] for each in plan.get("roles", []) if each["name"] not in counted]
    if absent:
        yield f"Not counted, for there is no value of it: {', '.join(absent)}."


def _groups(made: Mapping[str, Any]) -> Iterator[str]:
    for each in made["sensitive"]:
        hidden = ["?" if g["group"] is None else g["group"] for g in each["groups"] if g["counts"] is None]
        words = f"hidden: {', '.join(hidden)}" if hidden else "none hidden"
        yield f"Groups of {each['name']}: {len(each['groups'])}, {words}."


def _pairs(made: Mapping[str, Any]) -> Iterator[str]:
    for each in made.get("crossed", []):
        one, other = map(len, each["hidden"])
        words = (
            f"hidden: where {one} groups of the first meet {other} of the second" if one else "none hidden"
        )
        yield f"Groups of {' and '.join(each['of'])} at once: {len(each['groups'])} told, {words}."


def _shares(made: Mapping[str, Any]) -> Iterator[str]:
    shares = made.get("explanation")
    if shares:
        yield f"Shares of attribution of {len(shares['shares'])} features over {shares['n']} rows, as you state them."


def _first(plan: Mapping[str, Any]) -> Iterator[str]:
    if not plan["is_cut"]:
        yield "The plan has no cells yet: they were cut from this file. Hand the document in as the reference."
