"""How the values of a grade are said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from governance.risk.models import AutonomyDegree, RiskDegree

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def words_of(axis: str, value: str) -> StrOrPromise:
    """A value of an axis as a person reads it."""
    if axis == "tier":
        return _("tier %(tier)s of 4") % {"tier": value}
    return RiskDegree(value).label if axis == "risk" else AutonomyDegree(value).label


def beside(value: StrOrPromise, computed: StrOrPromise) -> str:
    """A value that was set by hand, with the one that it stands in for."""
    return _("%(value)s (set by hand; computed: %(computed)s)") % {"value": value, "computed": computed}
