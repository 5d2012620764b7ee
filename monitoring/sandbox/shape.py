"""What an answer must look like before anybody uses it. A shape says what is wrong with a value, or "" when it fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Shape = Callable[[Any], str]

LARGEST_NUMBER = 1e300
LARGEST_COUNT = 1 << 62
LONGEST_TEXT = 10_000
MOST_ITEMS = 200_000


def text(value: Any) -> str:
    """Any words; PostgreSQL keeps no zero characters in JSON."""
    fits = isinstance(value, str) and len(value) <= LONGEST_TEXT and "\x00" not in value
    return "" if fits else "no text"


def number(value: Any) -> str:
    fits = type(value) in (int, float) and -LARGEST_NUMBER <= value <= LARGEST_NUMBER
    return "" if fits else "no number"


def count(value: Any) -> str:
    return "" if type(value) is int and 0 <= value < LARGEST_COUNT else "no count"


def truth(value: Any) -> str:
    return "" if isinstance(value, bool) else "neither true nor false"


def same(wanted: Any) -> Shape:
    """Exactly this, of the same type: what we know ourselves is not for the answer to say."""
    return lambda value: "" if type(value) is type(wanted) and value == wanted else "not what was asked"


def one_of(*words: str) -> Shape:
    return lambda value: "" if isinstance(value, str) and value in words else "not one of the words"


def maybe(shape: Shape) -> Shape:
    return lambda value: "" if value is None else shape(value)


def either(*shapes: Shape) -> Shape:
    return lambda value: "" if any(not shape(value) for shape in shapes) else "of no known shape"


def listed(shape: Shape) -> Shape:
    def problem(value: Any) -> str:
        if not isinstance(value, list) or len(value) > MOST_ITEMS:
            return "no list"
        return next((f"[{at}] {wrong}" for at, each in enumerate(value) if (wrong := shape(each))), "")

    return problem


def named(shape: Shape) -> Shape:
    """An object with whatever keys."""

    def problem(value: Any) -> str:
        if not isinstance(value, dict) or len(value) > MOST_ITEMS or any(map(text, value)):
            return "no object"
        return next((f".{key} {wrong}" for key, each in value.items() if (wrong := shape(each))), "")

    return problem


def form(**fields: Shape) -> Shape:
    """An object with exactly these keys."""

    def problem(value: Any) -> str:
        if not isinstance(value, dict) or set(value) != set(fields):
            return "not these fields"
        return next((f".{key} {wrong}" for key, shape in fields.items() if (wrong := shape(value[key]))), "")

    return problem


def row(*shapes: Shape) -> Shape:
    """A list with exactly these items."""

    def problem(value: Any) -> str:
        if not isinstance(value, list) or len(value) != len(shapes):
            return "not these items"
        return next((wrong for shape, each in zip(shapes, value, strict=True) if (wrong := shape(each))), "")

    return problem
