"""The columns of a model itself beside its features: what it answered, and what came true. Pure and light."""

from __future__ import annotations

from collections.abc import Collection, Mapping

ROLES = ("score", "prediction", "label")
OF_FEW_VALUES = ("prediction", "label")
"""A decision or an outcome of few values is a category although a file holds it as a number; a score is a number."""


def there(roles: Mapping[str, str], *windows: Collection[str]) -> dict[str, str]:
    """Role by column, of the columns that all these windows have. roles: column by role; one of two roles has the first."""
    named = [(roles.get(role, ""), role) for role in ROLES]
    found: dict[str, str] = {}
    for name, role in named:
        if name and all(name in window for window in windows):
            found.setdefault(name, role)
    return found


def kind_of(kind: str, role: str) -> str:
    """As the result names it: numeric or categorical. kind: as columns are cut, where few is a number of few values."""
    if kind == "few":
        return "categorical" if role in OF_FEW_VALUES else "numeric"
    return kind
