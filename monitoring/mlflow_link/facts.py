"""What a server said of a version, cut down to what Senim keeps. Pure, and nothing is believed to be well formed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

MOST = 200
"""Metrics, parameters and columns that are copied; of tags, too."""
LONGEST = 500
OURS = "senim."
INTERNAL = "mlflow."
READY = "READY"


@dataclass(frozen=True)
class RemoteVersion:
    """One version of a registered model as the server lists it. identity: what never changes about it."""

    number: int
    status: str
    run_id: str
    source: str
    identity: Mapping[str, str]
    tags: Mapping[str, str]

    @property
    def is_ready(self) -> bool:
        return self.status == READY


@dataclass(frozen=True)
class Signature:
    """Columns in and out, each {"name", "type"}."""

    inputs: Sequence[Mapping[str, str]] = ()
    outputs: Sequence[Mapping[str, str]] = ()

    @property
    def names(self) -> list[str]:
        """The input columns in order; empty where one has no name, or two have the same."""
        names = [each["name"] for each in self.inputs]
        return names if all(names) and len(set(names)) == len(names) else []


def versions(answer: Mapping[str, Any]) -> list[RemoteVersion]:
    """Of one page of a search, oldest first. What has no number is no version."""
    found = (_version(each) for each in _dicts(answer.get("model_versions")))
    return sorted((each for each in found if each.number > 0), key=lambda each: each.number)


def _version(said: Mapping[str, Any]) -> RemoteVersion:
    source, run_id = text(said.get("source")), text(said.get("run_id"))
    made = text(said.get("creation_timestamp"))
    return RemoteVersion(
        number=_number(said.get("version")),
        status=text(said.get("status")) or READY,
        run_id=run_id,
        source=source,
        identity={"run": run_id, "source": source, "made": made},
        tags=pairs(said.get("tags")),
    )


def aliases(answer: Mapping[str, Any]) -> dict[str, int]:
    """Which alias points to which version. answer: of registered-models/get."""
    model = answer.get("registered_model")
    listed = model.get("aliases") if isinstance(model, dict) else None
    return {text(each.get("alias")): _number(each.get("version")) for each in _dicts(listed)}


def pairs(listed: object) -> dict[str, str]:
    """Tags or parameters: [{"key", "value"}, …]."""
    found = {text(each.get("key")): text(each.get("value")) for each in _dicts(listed)}
    return dict(sorted(found.items())[:MOST])


def own_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """What its makers wrote: neither MLflow's own tags nor ours."""
    return {key: value for key, value in tags.items() if not key.startswith((OURS, INTERNAL))}


def metrics(listed: object) -> dict[str, float | str]:
    """The last value of each; what is no finite number is kept as text."""
    found = {text(each.get("key")): _measured(each.get("value")) for each in _dicts(listed)}
    return dict(sorted(found.items())[:MOST])


def signature(described: Mapping[str, Any]) -> Signature:
    """described: the MLmodel file. Columns of a table, or tensors."""
    said = described.get("signature")
    if not isinstance(said, dict):
        return Signature()
    return Signature(_columns(said.get("inputs")), _columns(said.get("outputs")))


def _columns(said: object) -> list[dict[str, str]]:
    try:
        listed = json.loads(said) if isinstance(said, str) else said
    except (ValueError, RecursionError):
        return []
    return [{"name": text(each.get("name")), "type": text(each.get("type"))} for each in _dicts(listed)][
        :MOST
    ]


def text(value: object) -> str:
    """As text without control characters, cut to a length."""
    if not isinstance(value, str | int | float):
        return ""
    return "".join(each for each in str(value)[:LONGEST] if each.isprintable())


def _measured(value: object) -> float | str:
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        return float(value)
    return text(value)


def _number(value: object) -> int:
    said = text(value)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def _dicts(listed: object) -> Iterable[dict[str, Any]]:
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
