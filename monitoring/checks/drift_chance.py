"""What chance alone explains: a column at its limit or beyond it, but no farther than two draws of the same data lie apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from monitoring.engines.drift_rule import DISTANCES
from monitoring.engines.roles import ROLES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BY_CHANCE = "by_chance"
SHARE = "drifted_share"
OF_CHANCE = frozenset({SHARE, *DISTANCES, *(f"{role}_{each}" for role in ROLES for each in DISTANCES)})
"""Figures that are uncertain at their limit or beyond it where chance may have brought them there."""
SENTENCE = _(
    "None of the %(measured)s measured features has moved by more than chance. With so few rows two draws of the same data lie "
    "as far apart, so it cannot be said whether these have drifted: %(by_chance)s. Hand in longer data periods, or set a limit "
    "that fits so few rows. Too few values to compare: %(too_few)s."
)
BESIDE = _("At their limit or beyond it, but no farther than chance alone may bring them: %(by_chance)s.")


def explains(column: Mapping[str, Any]) -> bool:
    """Whether a column that the engine calls drifted lies no farther than chance alone would bring it.

    A p-value weighs chance by itself, a limit from own periods is never below it, and both are left as they are.
    """
    chance = column.get("by_chance")
    return bool(column["drifted"]) and chance is not None and column["score"] <= chance


def is_unsaid(metric: str, value: float | None, limit: float | None, verdict: str) -> bool:
    """Whether a figure on file says nothing of its limit: it lies beyond it, and chance may have brought it there."""
    is_beyond = value is not None and limit is not None and value >= limit
    return metric in OF_CHANCE and verdict == "uncertain" and is_beyond


def beside(sentences: Mapping[str, StrOrPromise]) -> dict[str, StrOrPromise]:
    """Each sentence with what it says nothing of; where there is no such column, it is left out."""
    return {key: format_lazy("{} {}", each, BESIDE) for key, each in sentences.items()}
