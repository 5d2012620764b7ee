"""Holds a new computation against the accepted result. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from monitoring.recomputing.models import Outcome

Key = tuple[str, str]


class Figure(Protocol):
    """A measurement on file, or one that was just made."""

    @property
    def metric(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def value(self) -> float | None: ...
    @property
    def n(self) -> int: ...


@dataclass(frozen=True)
class Side:
    """One computation: the digest of its result, its verdict and its figures."""

    digest: str
    verdict: str
    figures: Mapping[Key, Figure]

    @classmethod
    def of(cls, digest: str, verdict: str, figures: Iterable[Figure]) -> Side:
        return cls(digest, verdict, {(each.metric, each.subject[:200]): each for each in figures})


def figures(was: Side, now: Side) -> list[dict[str, Any]]:
    """Every figure of either side, by name."""
    keys = sorted({*was.figures, *now.figures})
    return [_beside(key, was.figures.get(key), now.figures.get(key)) for key in keys]


def _beside(key: Key, was: Figure | None, now: Figure | None) -> dict[str, Any]:
    return {
        "metric": key[0],
        "subject": key[1],
        "was": was.value if was else None,
        "now": now.value if now else None,
        "n_was": was.n if was else None,
        "n_now": now.n if now else None,
    }


def is_same(figure: Mapping[str, Any]) -> bool:
    return bool((figure["was"], figure["n_was"]) == (figure["now"], figure["n_now"]))


def outcome(was: Side, now: Side) -> Outcome:
    """Equal only byte for byte: a digest covers inputs, method, seed, library versions and every figure."""
    if was.digest == now.digest:
        return Outcome.EQUAL
    same = was.verdict == now.verdict and all(is_same(each) for each in figures(was, now))
    return Outcome.FIGURES_EQUAL if same else Outcome.DIFFERENT
