"""Lines of a plan of drift that give a column a method, a limit or both of its own: `income: wasserstein 0.2`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from monitoring.engines.drift_rule import (
    BY_ROWS,
    CATEGORICAL_ONLY,
    EVIDENTLY,
    FROZEN_BASELINE,
    METHODS,
    NUMERIC_ONLY,
    OWN_PERIODS,
    P_VALUES,
    Own,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from monitoring.checks.check import Kinds, Limits

    Wrong = tuple[StrOrPromise, Mapping[str, Any]]

KEY, CELLS = "columns", "cells"
AT_MOST_ONE = (*P_VALUES, "jensenshannon", "hellinger")
NOT_SO = _(
    "Line %(line)s: write a column, a colon, and a method, a limit or both, such as “income: wasserstein 0.2”."
)


def read(lines: str) -> dict[str, Own]:
    """What lines without a flaw say, by column."""
    parted = [_parted(line) for line in lines.splitlines() if line.strip()]
    return {name: Own(method, None if limit is None else _number(limit)) for name, method, limit in parted}


def flaws(limits: Limits, kinds: Kinds | None) -> Iterator[StrOrPromise]:
    """What is wrong, line by line, in a plan with these limits. kinds: of the dataset's columns; None = any may be named."""
    if "anderson" in _without_limit(limits) and not _is_reached(limits["significance"]):
        yield _(
            "Anderson–Darling gives p-values from 0.001 to 0.25 and none beyond: where a plan goes by it, the limit of p-values "
            "lies above 0.001 and is at most 0.25."
        )
    seen: set[str] = set()
    for number, line in enumerate(limits[KEY].splitlines(), 1):
        if line.strip():
            name = _parted(line)[0]
            wrong = _twice(name, seen) or _wrong(line, limits, kinds)
            seen.add(name)
            if wrong:
                yield wrong[0] % {"line": number, "column": name, **wrong[1]}


def not_frozen(limits: Limits, _kinds: Kinds | None) -> Iterator[StrOrPromise]:
    """What of a plan asks for rows of the reference, where it goes by the frozen baseline, which keeps none."""
    if limits[CELLS] != FROZEN_BASELINE:
        return
    if limits["limits_from"] == OWN_PERIODS:
        yield _(
            "Limits from the reference's own quarters need its rows, and the frozen baseline keeps none. Choose a fixed score, "
            "or cells as Evidently takes them."
        )
    named = [limits["numeric_method"], limits["categorical_method"]]
    if isinstance(limits[KEY], str):
        named += [own.method for own in read(limits[KEY]).values()]
    if EVIDENTLY in named:
        yield _(
            "Evidently chooses a method by the rows of both data periods, and the frozen baseline keeps none. Name the methods, "
            "or choose cells as Evidently takes them."
        )
    if by_rows := [method for method in BY_ROWS if method in named]:
        refused = _(
            "These methods compare the values of both data periods, and the frozen baseline keeps none: %(methods)s. Choose "
            "other methods, or cells as Evidently takes them."
        )
        yield refused % {"methods": ", ".join(by_rows)}


def _twice(name: str, seen: set[str]) -> Wrong | None:
    again = _("Line %(line)s: an earlier line speaks of the column %(column)s already.")
    return (again, {}) if name and name in seen else None


def _wrong(line: str, limits: Limits, kinds: Kinds | None) -> Wrong | None:
    """The first thing that is wrong with a line, and what the sentence names beside its number and its column."""
    name, method, limit = _parted(line)
    if not name or not (method or limit):
        return NOT_SO, {}
    if kinds is not None and name not in kinds:
        return _("Line %(line)s: %(column)s is no feature, score, decision or outcome of the dataset."), {}
    if method and method not in METHODS:
        unknown = _("Line %(line)s: there is no method %(method)s; there are %(known)s.")
        return unknown, {"method": method, "known": ", ".join(METHODS)}
    kind = kinds[name] if kinds is not None else ""
    return _wrong_method(method, kind, limit, limits) or _wrong_limit(method, kind, limit, limits)


def _wrong_method(method: str, kind: str, limit: str | None, limits: Limits) -> Wrong | None:
    if method in NUMERIC_ONLY and kind == "categorical":
        return _("Line %(line)s: the method %(method)s is for numbers, and %(column)s is a category."), {
            "method": method
        }
    if method in CATEGORICAL_ONLY and kind == "numeric":
        return _("Line %(line)s: the method %(method)s is for categories, and %(column)s is a number."), {
            "method": method
        }
    if limits["limits_from"] == OWN_PERIODS and limit is None and method in (*P_VALUES, EVIDENTLY):
        alone = _(
            "Line %(line)s: the method %(method)s gives nothing that could be compared with the reference's own quarters. "
            "Write a limit for %(column)s as well."
        )
        return alone, {"method": method}
    return None


def _wrong_limit(method: str, kind: str, limit: str | None, limits: Limits) -> Wrong | None:
    """Where the line names no method, the plan's own for this kind of column decides how large a limit may be."""
    if limit is None:
        return None
    value = _number(limit)
    if value is None or value <= 0:
        return _("Line %(line)s: the limit of %(column)s must be a number above 0, such as 0.2."), {}
    used = method or (limits["categorical_method"] if kind == "categorical" else limits["numeric_method"])
    if used == "anderson" and not _is_reached(value):
        return _(
            "Line %(line)s: Anderson–Darling gives p-values from 0.001 to 0.25 and none beyond, so the limit of %(column)s lies "
            "above 0.001 and is at most 0.25."
        ), {}
    if used in AT_MOST_ONE and value > 1:
        return _("Line %(line)s: by the method %(method)s the limit of %(column)s is at most 1."), {
            "method": used
        }
    return None


def _without_limit(limits: Limits) -> list[str]:
    """Methods that go by the limit of p-values: that of numbers, and those of lines without a limit of their own."""
    lines = [_parted(line) for line in limits[KEY].splitlines()]
    return [limits["numeric_method"], *(method for _name, method, limit in lines if limit is None)]


def _is_reached(limit: object) -> bool:
    """Whether some p-values of Anderson–Darling lie below a limit, and not all. What is no number is refused elsewhere."""
    return not isinstance(limit, int | float) or 0.001 < limit <= 0.25


def _parted(line: str) -> tuple[str, str, str | None]:
    """Column, method and limit of a line, "" and None where it says none; no column where it is no such line.

    The last colon parts them, for a column may have one in its name.
    """
    name, _colon, said = line.rpartition(":")
    match said.split():
        case [method, limit]:
            return name.strip(), method, limit
        case [one]:
            return (name.strip(), "", one) if _is_written_as_number(one) else (name.strip(), one, None)
    return "", "", None


def _is_written_as_number(word: str) -> bool:
    return _number(word) is not None or word[0] in "+-.,0123456789"


def _number(word: str) -> float | None:
    """A comma is a point: so people write it here."""
    try:
        value = float(word.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None
