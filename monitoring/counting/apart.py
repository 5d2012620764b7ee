"""Cuts the cells of a reference in a process of its own: the library that reads rows stays out of the web server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from monitoring.counting.plans import Cells, cells_of, cut, with_values
from monitoring.engines import own_process
from monitoring.engines.counted.engine import of_window


def cells_apart(
    path: Path, features: Sequence[str], categorical: Sequence[str], roles: Sequence[str] = ()
) -> tuple[list[Cells], list[Cells]]:
    """`plans.cut` of canonical Parquet in another process: the features, and of `roles` those columns that have a value.

    Raises own_process.TookTooMuch.
    """
    question = {"path": str(path), "features": list(features), "categorical": list(categorical)}
    found = own_process.ask(__name__, {**question, "roles": list(roles)})
    columns, own = ([cells_of(each) for each in found[part]] for part in ("columns", "roles"))
    return columns, own


def _cut(question: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    from monitoring.engines.counted.profile import is_number
    from monitoring.engines.windows import column_types

    path = Path(question["path"])
    numbers = {name: is_number(kind) for name, kind in column_types(path).items()}
    with of_window(path) as engine:
        own = with_values(engine, question["roles"], numbers)
        parts = {
            "columns": cut(engine, question["features"], question["categorical"]),
            "roles": cut(engine, own, [name for name in own if not numbers[name]]),
        }
    return {part: [each.as_dict() for each in cells] for part, cells in parts.items()}


if __name__ == "__main__":
    own_process.answer(_cut)
