"""What stays of rows that are erased: the document that `senim count` would have made of them, in a process of its own.

Light for whoever imports it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from monitoring.counting.documents import canonical
from monitoring.engines import own_process


def counts_apart(path: Path, plan: Mapping[str, Any]) -> bytes | None:
    """The canonical document of counts; None where the rows are too few to be counted without naming somebody.

    Raises own_process.TookTooMuch.
    """
    found = own_process.ask(__name__, {"path": str(path), "plan": dict(plan)})
    return None if found is None else canonical(found)


def _count(question: dict[str, Any]) -> dict[str, Any] | None:
    from monitoring.counting.making import document
    from monitoring.counting.refusing import CannotCount

    try:
        return document(Path(question["path"]), question["plan"])
    except CannotCount:
        return None


if __name__ == "__main__":
    own_process.answer(_count)
