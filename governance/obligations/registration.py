"""Which attribute of a model's record answers which registration field that a requirement asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

FIELDS: Mapping[str, str] = {
    "autonomy_level": "autonomy_degree",
    "critical_object": "critical_infrastructure",
    "eu_risk_class": "eu_class",
    "intended_purpose": "purpose",
    "lifecycle_stage": "status",
    "materiality": "tier",
    "model_id": "number",
    "model_owner": "owner",
    "model_type": "technique",
    "risk_level": "risk_degree",
}
"""Only the names that differ; every other field of the vocabulary bears the name of its attribute."""


def attribute(field: str) -> str:
    return FIELDS.get(field, field)


def filled(values: Mapping[str, object], fields: Iterable[str]) -> dict[str, str]:
    """The fields that hold a value, with the value as text. "No" is a value; nobody having answered is not.

    values: attributes of the model, its grade and its current version; fields: those of the vocabulary.
    """
    found = {field: values.get(attribute(field)) for field in fields}
    return {field: _written(value) for field, value in found.items() if _says_something(field, value)}


def _written(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _says_something(field: str, value: object) -> bool:
    if field == "prohibited_use_check":
        return value is True
    return value is False or bool(value)
