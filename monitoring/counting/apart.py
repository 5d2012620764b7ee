"""Cuts the cells of a reference in a process of its own: the library that reads rows stays out of the web server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from monitoring.counting.plans import Cells, cells_of, cut
from monitoring.engines import own_process
from monitoring.engines.counted.engine import of_window


def cells_apart(path: Path, features: Sequence[str], categorical: Sequence[str]) -> list[Cells]:
    """`plans.cut` of canonical Parquet in another process. Raises own_process.TookTooMuch."""
    question = {"path": str(path), "features": list(features), "categorical": list(categorical)}
    return [cells_of(each) for each in own_process.ask(__name__, question)]


def _cut(question: dict[str, Any]) -> list[dict[str, Any]]:
    with of_window(Path(question["path"])) as engine:
        cells = cut(engine, question["features"], question["categorical"])
    return [each.as_dict() for each in cells]


if __name__ == "__main__":
    own_process.answer(_cut)
