"""Counts the rows of a data period in a process of its own, which has limits and holds no secret."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from monitoring.engines import own_process
from monitoring.engines.arrivals import Period, counted


def counted_apart(period: Period, reference: Path | None, others: Mapping[str, Path]) -> dict[str, Any]:
    """`engines.arrivals.counted` in another process. Raises own_process.TookTooMuch."""
    question = {
        "period": {**vars(period), "path": str(period.path)},
        "reference": str(reference) if reference else None,
        "others": {key: str(path) for key, path in others.items()},
    }
    answer: dict[str, Any] = own_process.ask(__name__, question)
    return answer


def _counted(question: dict[str, Any]) -> dict[str, Any]:
    period = Period(**{**question["period"], "path": Path(question["period"]["path"])})
    reference = Path(question["reference"]) if question["reference"] else None
    return counted(period, reference, {key: Path(path) for key, path in question["others"].items()})


if __name__ == "__main__":
    own_process.answer(_counted)
