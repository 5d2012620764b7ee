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


def read_apart(
    source: Path,
    *,
    name: str,
    required: Sequence[str],
    numeric: Sequence[str],
    time: str = "",
    texts: Sequence[str] = (),
    into: Path,
    most: int,
) -> Intake:
    """`intake.canonical` in another process. Raises Unreadable."""
    limits = {"max_bytes": most, "required": list(required), "numeric": list(numeric), "time": time}
    limits["texts"] = list(texts)
    question = {"source": str(source), "name": name, "into": str(into), "limits": limits}
    try:
        return _understood(own_process.ask(__name__, question))
    except own_process.TookTooMuch as died:
        raise broken("took_too_much") from died


def _understood(answer: dict[str, Any]) -> Intake:
    if "faults" in answer:
        raise Unreadable(*(Fault(**fault) for fault in answer["faults"]))
    told = answer["intake"]
    columns = [Column(**column) for column in told["columns"]]
    return Intake(**{**told, "path": Path(told["path"]), "columns": columns})


def _read(asked: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = asked["limits"]
    limits = Limits(
        said["max_bytes"],
        required=tuple(said["required"]),
        numeric=tuple(said["numeric"]),
        time=said["time"],
        texts=tuple(said["texts"]),
    )
    try:
        taken = canonical(Path(asked["source"]), name=asked["name"], limits=limits, into=Path(asked["into"]))
    except Unreadable as unreadable:
        return {"faults": [asdict(fault) for fault in unreadable.faults]}
    return {"intake": {**asdict(taken), "path": str(taken.path)}}


if __name__ == "__main__":
    own_process.answer(_read)
