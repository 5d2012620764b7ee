"""Routes of approval: YAML editions, checked against the catalogue when they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

import yaml

from governance.obligations.edition import requirement_ids
from governance.obligations.status import Status

FOLDER = Path(__file__).parent / "routes"
STANDARD: Final = "standard"
LANGUAGES = {"kk", "ru", "en"}
TIERS = {1, 2, 3, 4}


class RouteBroken(ValueError):
    """A route names a requirement that is not in the catalogue, or a committee that can never decide."""


@dataclass(frozen=True)
class Committee:
    """majority: approvals needed once at least `quorum` of `size` members have voted."""

    size: int
    quorum: int
    majority: int


@dataclass(frozen=True)
class BlockingRule:
    """A requirement that closes the gate while it stands in one of the statuses.

    opens_when_accepted: an accepted gap, or a waiver, lets this requirement pass as long as it lasts.
    """

    obligation: str
    statuses: tuple[str, ...]
    why: str
    opens_when_accepted: bool = False


@dataclass(frozen=True)
class Route:
    """validity_hours, authorisation_months: by tier, 1 = highest."""

    key: str
    edition: str
    title: Mapping[str, str]
    environments: tuple[str, ...]
    committee: Committee
    validity_hours: Mapping[int, int]
    authorisation_months: Mapping[int, int]
    blocking: tuple[BlockingRule, ...]

    @property
    def blocking_ids(self) -> frozenset[str]:
        return frozenset(rule.obligation for rule in self.blocking)


@cache
def load(key: str = STANDARD, folder: Path = FOLDER) -> Route:
    """The route of that name. Raises RouteBroken, FileNotFoundError."""
    known = {path.stem: path for path in folder.glob("*.yaml")}
    if key not in known:
        raise FileNotFoundError(f"no route {key!r}")
    raw = yaml.load(known[key].read_text(), Loader=yaml.CSafeLoader)
    problems = list(_problems(key, raw))
    if problems:
        raise RouteBroken("; ".join(problems))
    return Route(
        key=raw["route"],
        edition=raw["edition"],
        title=raw["title"],
        environments=tuple(raw["environments"]),
        committee=Committee(**raw["committee"]),
        validity_hours=raw["validity_hours"],
        authorisation_months=raw["authorisation_months"],
        blocking=tuple(
            BlockingRule(
                rule["obligation"],
                tuple(rule["statuses"]),
                rule["why"],
                rule.get("opens_when_accepted", False),
            )
            for rule in raw["blocking"]
        ),
    )


def _problems(key: str, raw: Mapping[str, Any]) -> Iterator[str]:
    if raw["route"] != key:
        yield f"the file of {key} says {raw['route']}"
    if set(raw["title"]) != LANGUAGES:
        yield "the title is needed in kk, ru and en"
    for name in ("validity_hours", "authorisation_months"):
        if set(raw[name]) != TIERS or min(raw[name].values()) < 1:
            yield f"{name} needs a positive number for each of the four tiers"
    yield from _committee_problems(raw["committee"])
    yield from _blocking_problems(raw["blocking"])


def _committee_problems(committee: Mapping[str, int]) -> Iterator[str]:
    size, quorum, majority = committee["size"], committee["quorum"], committee["majority"]
    if not 1 <= majority <= quorum <= size:
        yield "a committee needs majority <= quorum <= size"
    if majority * 2 <= size:
        yield "a majority is more than half of the committee"


def _blocking_problems(rules: list[Mapping[str, Any]]) -> Iterator[str]:
    for rule in rules:
        if rule["obligation"] not in requirement_ids():
            yield f"{rule['obligation']} is not in the catalogue"
        yield from (f"{rule['obligation']}: {it!r}" for it in rule["statuses"] if it not in get_args(Status))
        if rule.get("opens_when_accepted", False) not in (True, False):
            yield f"{rule['obligation']}: opens_when_accepted is true or false"
        if not rule.get("why"):
            yield f"{rule['obligation']} blocks without a reason"
