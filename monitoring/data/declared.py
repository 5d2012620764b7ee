"""What a dataset declares of its columns beside their roles: allowed values, and the population they should represent.

One line a column, as a person writes it:  age: 18 .. 100  |  region: north, south  |  and of the population
sex: male 0.49, female 0.51. Pure: before anything is written.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem

Rule = dict[str, Any]
MOST_VALUES = 200
LONGEST_VALUE = 200
ROUNDING = 0.01
"""Shares of a population are published in whole per cents."""


class Misread(Exception):
    """A line that says nothing that is understood; its number from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def allowed_of(text: str) -> dict[str, Rule]:
    """Ranges and lists of values, by column. Raises Misread."""
    return _read(text, _allowed)


def population_of(text: str) -> dict[str, Rule]:
    """Shares of groups, by column. Raises Misread."""
    return _read(text, _population)


def _read(text: str, rule: Callable[[str], Rule]) -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for at, line in enumerate(text.splitlines(), start=1):
        column, _colon, said = (part.strip() for part in line.partition(":"))
        if not column and not said:
            continue
        try:
            told = rule(said)
        except ValueError:
            raise Misread(at) from None
        if not column or not told or column in found:
            raise Misread(at)
        found[column] = told
    return found


def _allowed(said: str) -> Rule:
    if ".." not in said:
        return {"values": values} if (values := _listed(said)) else {}
    low, high = (part.strip() for part in said.split("..", 1))
    return {key: float(side) for key, side in (("low", low), ("high", high)) if side}


def _population(said: str) -> Rule:
    groups = [each.rpartition(" ") for each in _listed(said)]
    return {group.strip(): float(share) for group, _space, share in groups}


def _listed(said: str) -> list[str]:
    return list(dict.fromkeys(each.strip() for each in said.split(",") if each.strip()))


def written(rules: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The lines again, for a page."""
    return [f"{column}: {_written(rule)}" for column, rule in sorted(rules.items())]


def _written(rule: Mapping[str, Any]) -> str:
    if "values" in rule:
        return ", ".join(rule["values"])
    if set(rule) <= {"low", "high"}:
        return " .. ".join(f"{rule[key]:.12g}" if key in rule else "" for key in ("low", "high")).strip()
    return ", ".join(f"{group} {share:.12g}" for group, share in sorted(rule.items()))


def problems(columns: Collection[str], allowed: Any, population: Any) -> Iterator[Problem]:
    """What is wrong, column by column. columns: those that have a role."""
    for field, rules, wrong in (
        ("allowed", allowed, _wrong_rule),
        ("population", population, _wrong_population),
    ):
        if not isinstance(rules, Mapping):
            yield Problem(field, _("This must be said column by column."))
            continue
        for column, rule in rules.items():
            if column not in columns:
                yield Problem(field, _("%(name)s is no column of this dataset.") % {"name": column})
            elif what := wrong(rule):
                yield Problem(field, what % {"name": column})


def _wrong_rule(rule: Any) -> Any:
    if isinstance(rule, Mapping) and set(rule) == {"values"}:
        values = rule["values"]
        if isinstance(values, list) and 1 <= len(values) <= MOST_VALUES and all(map(_is_a_name, values)):
            return ""
        return _("%(name)s: list 1 to 200 values of at most 200 characters.")
    sides = list(rule.values()) if isinstance(rule, Mapping) and set(rule) <= {"low", "high"} else []
    if sides and all(map(_is_a_number, sides)) and rule.get("low", -math.inf) <= rule.get("high", math.inf):
        return ""
    return _("%(name)s: say a range from a smaller to a larger number, or the values.")


def _wrong_population(groups: Any) -> Any:
    if not isinstance(groups, Mapping) or not 1 <= len(groups) <= MOST_VALUES:
        return _("%(name)s: name 1 to 200 groups.")
    if not all(_is_a_name(group) for group in groups):
        return _("%(name)s: a group has a name of at most 200 characters.")
    shares = list(groups.values())
    if not all(_is_a_number(share) and 0 <= share <= 1 for share in shares):
        return _("%(name)s: a share is a number from 0 to 1.")
    return (
        "" if abs(sum(shares) - 1) <= ROUNDING else _("%(name)s: the shares of the groups must add up to 1.")
    )


def _is_a_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_VALUE


def _is_a_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
