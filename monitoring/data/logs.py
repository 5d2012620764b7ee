"""Logs as data periods: which columns a log of orders or of decisions needs, and what their values stand for. Pure.

A person writes one line a role:  event: msg_type  |  and one line a meaning:  cancel: CXL, EXPIRED
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.errors import Problem
from monitoring.data.declared import LONGEST_VALUE, MOST_VALUES, Misread

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_NAME = 120


class Kind(models.TextChoices):
    """What a row of a dataset is. The words are those of `KINDS` in `monitoring/runs/words.py`."""

    ROWS = "rows", _("cases that the model decides")
    ORDERS = "orders", _("order log of a trading model")
    DECISIONS = "decisions", _("decision log of a model")


@dataclass(frozen=True)
class Layout:
    """roles, values: those that must be named; may, may_values: those that may. numbers: roles whose columns hold numbers.

    pairs: a role that may be named, with the meaning of its values that must then be named as well.
    """

    roles: tuple[str, ...]
    values: tuple[str, ...]
    may: tuple[str, ...] = ()
    may_values: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    with_identifier: bool = False
    pairs: tuple[tuple[str, str], ...] = ()


LAYOUTS: Mapping[str, Layout] = {
    Kind.ORDERS: Layout(
        roles=("event", "algorithm", "order", "quantity", "price"),
        values=("order", "cancel", "trade"),
        may=("side", "instrument", "collar", "gain"),
        may_values=("change", "kill", "start", "other", "buy"),
        numbers=("quantity", "price", "collar", "gain"),
        pairs=(("side", "buy"),),
    ),
    Kind.DECISIONS: Layout(
        roles=("version", "input", "output", "action", "operator"),
        values=("override",),
        may=("sequence",),
        may_values=("unattended",),
        numbers=("sequence",),
        with_identifier=True,
    ),
}
EVENTS = ("order", "change", "cancel", "trade", "kill", "start", "other")
"""What a row of an order log may be."""

ROLES: dict[str, StrOrPromise] = {
    "event": _("kind of event"),
    "algorithm": _("identifier of the algorithm"),
    "order": _("number of the order"),
    "quantity": _("quantity"),
    "price": _("price"),
    "side": _("side: buy or sell"),
    "instrument": _("instrument"),
    "collar": _("reference price of the collar"),
    "gain": _("gain or loss"),
    "version": _("version of the model"),
    "input": _("digest of the input"),
    "output": _("output"),
    "action": _("what a person did"),
    "operator": _("operator"),
    "sequence": _("running number"),
}
VALUES: dict[str, StrOrPromise] = {
    "order": _("a new order"),
    "change": _("a changed order"),
    "cancel": _("a cancelled or expired order"),
    "trade": _("a trade"),
    "kill": _("the kill switch"),
    "start": _("switched on again"),
    "other": _("any other event"),
    "buy": _("a purchase"),
    "override": _("a person overrode the model"),
    "unattended": _("no person took part"),
}


def columns_of(text: str) -> dict[str, str]:
    """Columns by role, from lines. Raises Misread."""
    return dict(_lines(text))


def values_of(text: str) -> dict[str, list[str]]:
    """Values by what they stand for, from lines. Raises Misread."""
    split = {
        meaning: [each.strip() for each in said.split(",") if each.strip()] for meaning, said in _lines(text)
    }
    return {meaning: list(dict.fromkeys(values)) for meaning, values in split.items()}


def _lines(text: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for at, line in enumerate(text.splitlines(), start=1):
        name, _colon, said = (part.strip() for part in line.partition(":"))
        if not name and not said:
            continue
        if not name or not said or name in seen:
            raise Misread(at)
        seen.add(name)
        yield name, said


def written(said: Mapping[str, Any]) -> list[str]:
    """The lines again, for a page, in our order: the database keeps none."""
    order = [*ROLES, *VALUES]
    keys = sorted(said, key=lambda key: (order.index(key) if key in order else len(order), key))
    return [f"{key}: {', '.join(said[key]) if isinstance(said[key], list) else said[key]}" for key in keys]


def numbers_of(kind: str, columns: Mapping[str, str]) -> list[str]:
    """The columns of a log that hold numbers."""
    layout = LAYOUTS.get(kind)
    return [columns[role] for role in layout.numbers if role in columns] if layout else []


def problems(
    kind: str,
    columns: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    time: str,
    identifier: str,
    others: Collection[str],
) -> Iterator[Problem]:
    """What is wrong with the roles of a log, the missing ones by name. others: roles of a log of neither kind that are named."""
    layout = LAYOUTS.get(kind)
    if layout is None:
        yield from _of_no_log(kind, columns, values)
        return
    if others:
        yield Problem("features", _("A log has no features, outcomes or scores: leave these empty."))
    if not time:
        yield Problem("time", _("A log needs the column of the time."))
    if layout.with_identifier and not identifier:
        yield Problem("identifier", _("A decision log needs the column that identifies a decision."))
    yield from _of_columns(layout, columns, [time, identifier])
    yield from _of_values(layout, columns, values)


def _of_no_log(kind: str, columns: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[Problem]:
    if kind != Kind.ROWS:
        yield Problem("kind", _("There is no such kind of dataset."))
    for field, said in (("log_columns", columns), ("log_values", values)):
        if said:
            yield Problem(field, _("Only a log has these: leave them empty, or choose a log."))


def _of_columns(layout: Layout, columns: Mapping[str, Any], others: Iterable[str]) -> Iterator[Problem]:
    field = "log_columns"
    missing = [role for role in layout.roles if not columns.get(role)]
    if missing:
        yield Problem(
            field, _("The log lacks the columns of: %(names)s.") % {"names": _named(missing, ROLES)}
        )
    strange = [role for role in columns if role not in (*layout.roles, *layout.may)]
    if strange:
        yield Problem(field, _("Such a log has no column of: %(names)s.") % {"names": ", ".join(strange)})
    named = [name for name in columns.values() if name]
    if not all(isinstance(name, str) and len(name) <= LONGEST_NAME for name in named):
        yield Problem(field, _("A column name has at most 120 characters."))
        return
    named += [name for name in others if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        what = _("One column stands for one thing; these stand for several: %(names)s.")
        yield Problem(field, what % {"names": ", ".join(twice)})


def _of_values(layout: Layout, columns: Mapping[str, Any], values: Mapping[str, Any]) -> Iterator[Problem]:
    field = "log_values"
    wanted = [*layout.values, *(meaning for role, meaning in layout.pairs if columns.get(role))]
    missing = [meaning for meaning in wanted if not values.get(meaning)]
    if missing:
        what = _("Say which values stand for: %(names)s.")
        yield Problem(field, what % {"names": _named(missing, VALUES)})
    strange = [meaning for meaning in values if meaning not in (*layout.values, *layout.may_values)]
    if strange:
        yield Problem(field, _("Such a log has no values for: %(names)s.") % {"names": ", ".join(strange)})
    if not all(_is_listed(each) for each in values.values()):
        yield Problem(field, _("List 1 to 200 values of at most 200 characters for each meaning."))
        return
    of_one_column = [[meaning for meaning in values if meaning in EVENTS], ["override", "unattended"]]
    for meanings in of_one_column:
        said = [value for meaning in meanings for value in values.get(meaning, ())]
        twice = sorted({value for value in said if said.count(value) > 1})
        if twice:
            what = _("One value stands for one thing; these stand for several: %(names)s.")
            yield Problem(field, what % {"names": ", ".join(twice)})


def _is_listed(values: Any) -> bool:
    return (
        isinstance(values, list)
        and 1 <= len(values) <= MOST_VALUES
        and all(isinstance(each, str) and 0 < len(each) <= LONGEST_VALUE for each in values)
    )


def _named(keys: Iterable[str], words: Mapping[str, StrOrPromise]) -> str:
    """Each with the name under which it is written: what a person reads, and what a program sends."""
    return ", ".join(f"{words[key]} ({key})" for key in keys)
