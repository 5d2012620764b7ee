"""What no row may say. Values in, what is wrong out, by the name of the field."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from governance.errors import Problem

Edge = tuple[UUID, UUID]
"""(the model that gives, the model that takes)."""


def nothing(values: Mapping[str, Any]) -> Iterator[Problem]:
    yield from ()


def days(values: Mapping[str, Any]) -> Iterator[Problem]:
    """The last day is not before the first."""
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts and ends and ends < starts:
        yield Problem("ends_on", _("This day is before the first one."))


def orders(values: Mapping[str, Any]) -> Iterator[Problem]:
    """What does nothing with orders is not in their flow. Source: SEBI form 2019, questions 7.a and 7.b; RTS 6."""
    if not (values["initiates"] or values["routes"] or values["executes"]):
        yield Problem("initiates", _("Tick what it does: it initiates, routes or executes orders."))


def ends_of_an_edge(values: Mapping[str, Any]) -> Iterator[Problem]:
    """A model or a system, never both, and never itself."""
    other, system = values["other_id"], values["system"]
    if bool(other) == bool(system):
        yield Problem("other", _("Name a model of yours or another system: one of the two."))
    elif other == values["model_id"]:
        yield Problem("other", _("A model does not depend on itself."))


def is_in_a_cycle(edge: Edge, edges: Collection[Edge]) -> bool:
    """Whether what is given comes back to who gave it, along any of the edges."""
    gives, takes = edge
    reached, waiting = {takes}, [takes]
    while waiting:
        here = waiting.pop()
        further = {to for start, to in edges if start == here} - reached
        reached |= further
        waiting += further
    return gives in reached
