"""Counts the rows of a data period in a process of its own, which has limits and holds no secret."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitoring.engines import own_process
from monitoring.engines.arrivals import Period, counted


@dataclass(frozen=True)
class Files:
    """What is counted: the rows of a data period, and those of earlier ones that it is held against, by their ids."""

    period: Period
    reference: Path | None = None
    others: Mapping[str, Path] = field(default_factory=dict)


def counted_apart(files: Files, beat: Callable[[], bool]) -> dict[str, Any]:
    """`engines.arrivals.counted` in another process.

    beat: of own_process.ask. Raises own_process.TookTooMuch, own_process.Lost.
    """
    question = {
        "period": {**vars(files.period), "path": str(files.period.path)},
        "reference": str(files.reference) if files.reference else None,
        "others": {key: str(path) for key, path in files.others.items()},
    }
    read = [files.period.path, *([files.reference] if files.reference else []), *files.others.values()]
    answer: dict[str, Any] = own_process.ask(__name__, question, beat, reads=read)
    return answer


def _counted(question: dict[str, Any]) -> dict[str, Any]:
    period = Period(**{**question["period"], "path": Path(question["period"]["path"])})
    reference = Path(question["reference"]) if question["reference"] else None
    return counted(period, reference, {key: Path(path) for key, path in question["others"].items()})


if __name__ == "__main__":
    own_process.answer(_counted)
