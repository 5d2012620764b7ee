"""Why: a key and its parameters, so that a rule speaks no language. The words stand in words.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Param = str | int | tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    key: str
    params: tuple[tuple[str, Param], ...] = ()

    @classmethod
    def of(cls, key: str, **params: Param | date) -> Reason:
        """Days are kept as ISO text, so that a reason is the same in a row, in JSON and in a test."""
        plain = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in params.items()
        }
        return cls(key, tuple(sorted(plain.items())))

    def of_group(self, number: int) -> Reason:
        """The same, said of one group of evidence."""
        return Reason(self.key, tuple(sorted((("group", number), *self.params))))

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Reason:
        params = {name: tuple(v) if isinstance(v, list) else v for name, v in raw["params"].items()}
        return cls(raw["key"], tuple(sorted(params.items())))

    def __getitem__(self, name: str) -> Param:
        return dict(self.params)[name]

    def as_dict(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "params": {name: list(v) if isinstance(v, tuple) else v for name, v in self.params},
        }
