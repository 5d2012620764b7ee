"""Pairs of sensitive columns that a plan wants judged and the data do not tell: never green, and said."""

from __future__ import annotations

from collections.abc import Mapping
from math import comb
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from monitoring.engines.counts import MOST_PAIRS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def uncounted(result: Mapping[str, Any]) -> dict[str, Any]:
    """How many of the pairs that are counted at most are missing in a result; nothing where none is.

    Counts made by a plan of version 1 tell no pairs, and a pair of too many groups is left out of rows and counts alike.
    """
    pairs = min(comb(len(result["attributes"]), 2), MOST_PAIRS)
    missing = pairs - len(result.get("crossed", []))
    return {"missing": missing, "pairs": pairs} if missing > 0 else {}


PAIR_SUMMARIES: dict[str, StrOrPromise] = {
    "pairs_not_counted": _(
        "Not judged: the plan wants groups of two sensitive columns judged, and %(missing)s of %(pairs)s pairs of columns are "
        "not counted. Counts made by an earlier plan of counts do not hold them; a pair with more than 200 groups is left out. "
        "Fetch the plan of counts and count again, or have these groups told only."
    ),
}
