"""A key figure as people read it: no decimals that nobody measured, and none cut off."""

from __future__ import annotations

from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _

from governance.inventory.figures.models import Kpi

PLACES = 4


def spelled(value: float, unit: str = "") -> str:
    """In the reader's notation: 5.0 is "5", 0.25 is "0.25" in English and "0,25" in Kazakh and Russian."""
    rounded = round(Decimal(str(value)), PLACES).normalize()
    places = max(0, -int(rounded.as_tuple().exponent))
    number = formats.number_format(rounded, decimal_pos=places, use_l10n=True, force_grouping=True)
    return f"{number} {unit}".strip()


def limits(kpi: Kpi) -> str:
    said = []
    if kpi.lower is not None:
        said.append(_("not below %(limit)s") % {"limit": spelled(kpi.lower, kpi.unit)})
    if kpi.upper is not None:
        said.append(_("not above %(limit)s") % {"limit": spelled(kpi.upper, kpi.unit)})
    return ", ".join(said)
