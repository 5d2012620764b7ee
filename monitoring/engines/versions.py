"""Which release of which library gave a number; read from metadata, so nothing heavy is imported."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

LIBRARIES = (
    "duckdb",
    "evidently",
    "fairlearn",
    "lightgbm",
    "numpy",
    "pandas",
    "pyarrow",
    "scikit-learn",
    "scipy",
    "shap",
    "skops",
    "xgboost",
)
ALIASES = {"xgboost": ("xgboost", "xgboost-cpu")}


def versions(*libraries: str) -> dict[str, str]:
    """Release numbers of the named libraries (all that we measure with when none is named) and of Python."""
    found = {name: _release(name) for name in libraries or LIBRARIES}
    return {"python": platform.python_version(), **{name: number for name, number in found.items() if number}}


@cache
def _release(name: str) -> str | None:
    """Read once: what a process has imported stays what it was."""
    for distribution in ALIASES.get(name, (name,)):
        try:
            return version(distribution)
        except PackageNotFoundError:
            continue
    return None
