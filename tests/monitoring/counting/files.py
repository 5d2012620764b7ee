"""The real mortgage applications as a firm holds them: two files of its own, and the documents counted from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from monitoring.counting import documents, making, plans
from tests.monitoring.loans import FEATURES, SENSITIVE, csv

ROLES: dict[str, Any] = {
    "features": FEATURES,
    "categorical": [],
    "sensitive": ["white"],
    "label": "approve",
    "prediction": "approve",
    "favourable": "1",
}


def a_file(folder: Path, part: str) -> Path:
    path = folder / f"{part}.csv"
    path.write_bytes(csv(part).read())
    return path


def whole_applications(folder: Path) -> Path:
    """All applications of both parts in which no sensitive column is empty."""
    frame = pd.concat([pd.read_csv(csv(part)) for part in ("reference", "current")])
    path = folder / "every.csv"
    frame.dropna(subset=SENSITIVE).to_csv(path, index=False)
    return path


def plan_of(reference: dict[str, Any] | None = None, **roles: Any) -> dict[str, Any]:
    """The plan that a reference leads to; one of an earlier version leads to one that asks for no roles."""
    if reference is None:
        return plans.plan(None, **{**ROLES, **roles})
    cells, own = ([plans.cells_of(each) for each in reference.get(part, [])] for part in ("columns", "roles"))
    return plans.plan(cells, **{**ROLES, **roles, "roles": own if "roles" in reference else None})


def counted(folder: Path, **roles: Any) -> dict[str, dict[str, Any]]:
    """The documents of both parts: the reference cuts the cells, the current one is counted over them."""
    return both(a_file(folder, "reference"), a_file(folder, "current"), **roles)


def counted_from(reference: Path, current: Path, features: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The same of two files of nothing but features."""
    bare = {"categorical": [], "sensitive": [], "label": "", "prediction": ""}
    return both(reference, current, features=list(features), **bare)


def both(reference: Path, current: Path, **roles: Any) -> dict[str, dict[str, Any]]:
    cut = making.document(reference, plan_of(**roles))
    return {"reference": cut, "current": making.document(current, plan_of(cut, **roles))}


def stored(folder: Path, document: dict[str, Any], name: str) -> Path:
    path = folder / f"{name}.json"
    path.write_bytes(documents.canonical(document))
    return path


BOTH = SENSITIVE
