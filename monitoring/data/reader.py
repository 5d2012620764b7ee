"""Runs the intake in a process of its own: the libraries that read files stay out of the web server.

Light for whoever imports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from monitoring.data.faults import Fault, Unreadable, broken
from monitoring.data.intake import Column, Intake, Limits, canonical
from monitoring.engines import own_process
from monitoring.shielding.sieve import EVERYTHING, Rule

ROWS_PER_MEGABYTE = 100_000
"""Of the largest file that is taken: so many rows a file may have, however small they have been pressed."""


def read_apart(
    source: Path,
    *,
    name: str,
    required: Sequence[str],
    numeric: Sequence[str],
    time: str = "",
    rule: Rule = EVERYTHING,
    texts: Sequence[str] = (),
    into: Path,
    most: int,
) -> Intake:
    """`intake.canonical` in another process. Raises Unreadable."""
    limits = {
        "max_bytes": most,
        "max_rows": ROWS_PER_MEGABYTE * max(1, most >> 20),
        "required": list(required),
        "numeric": list(numeric),
        "time": time,
        "texts": list(texts),
        "rule": asdict(rule),
    }
    question = {"source": str(source), "name": name, "into": str(into), "limits": limits}
    try:
        return _understood(own_process.ask(__name__, question, reads=[source]))
    except own_process.TookTooMuch as died:
        raise broken("took_too_much") from died


def _understood(answer: dict[str, Any]) -> Intake:
    if "faults" in answer:
        faults = (Fault(**fault) for fault in answer["faults"])
        raise Unreadable(*faults, counts=answer["counts"], is_whole=answer["is_whole"])
    told = answer["intake"]
    columns = [Column(**column) for column in told["columns"]]
    return Intake(**{**told, "path": Path(told["path"]), "columns": columns})


def _read(asked: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = asked["limits"]
    limits = Limits(
        said["max_bytes"],
        said["max_rows"],
        required=tuple(said["required"]),
        numeric=tuple(said["numeric"]),
        time=said["time"],
        rule=_rule(said["rule"]),
        texts=tuple(said["texts"]),
    )
    try:
        taken = canonical(Path(asked["source"]), name=asked["name"], limits=limits, into=Path(asked["into"]))
    except Unreadable as unreadable:
        faults = [asdict(fault) for fault in unreadable.faults]
        return {"faults": faults, "counts": unreadable.counts, "is_whole": unreadable.is_whole}
    return {"intake": {**asdict(taken), "path": str(taken.path)}}


def _rule(said: dict[str, Any]) -> Rule:
    wanted = said["wanted"]
    wanted = None if wanted is None else tuple(wanted)
    return Rule(
        wanted, tuple(said["declared"]), said["identifier"], said["pseudonyms"], tuple(said["people"])
    )


if __name__ == "__main__":
    own_process.answer(_read, without=("numpy", "pandas"))
