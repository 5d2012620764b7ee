"""Reads law_by_article.yaml: what an article asks of whom, as cases that a test can judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from governance.obligations.edition import editions
from governance.obligations.requirement import When
from governance.obligations.rules import Facts, Requirement

TABLE = Path(__file__).parent / "law_by_article.yaml"


@dataclass(frozen=True)
class Case:
    """One model that is bound. part: number of the group of evidence, 0 = the article itself."""

    article: str
    key: str
    part: int
    binds: Mapping[str, Any]
    unless: tuple[Mapping[str, Any], ...]
    everybody: str
    plain: Mapping[str, Any]

    def __str__(self) -> str:
        what = f" part {self.part}" if self.part else ""
        said = ", ".join(f"{name} {_word(value)}" for name, value in self.binds.items())
        return f"{self.article}{what}: {said or 'plain'}"

    @property
    def bound(self) -> Facts:
        return Facts(**{**self.plain, **self.binds})

    @property
    def freed(self) -> list[Facts]:
        return [Facts(**{**self.plain, **self.binds, **change}) for change in self.unless]

    @property
    def condition(self) -> When:
        requirement = catalogue()[self.key]
        return requirement.groups[self.part - 1].when if self.part else requirement.when


def _word(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


@cache
def catalogue() -> dict[str, Requirement]:
    """The requirements of the Kazakh catalogue by key."""
    [law] = [each for each in editions() if each.framework == "kz-ai-law"]
    return {entry.id: entry.requirement for entry in law.entries}


@cache
def cases() -> tuple[Case, ...]:
    table = yaml.load(TABLE.read_text(), Loader=yaml.CSafeLoader)
    return tuple(
        Case(
            article=row["article"],
            key=row["key"],
            part=row.get("part", 0),
            binds=case["binds"],
            unless=tuple(case["unless"]),
            everybody=row.get("everybody", ""),
            plain=table["plain"],
        )
        for row in table["articles"]
        for case in row["cases"]
    )
