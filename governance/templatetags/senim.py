"""Small display tags of the product: statuses, icons, numbers, digests and form controls."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.utils import formats
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from governance.templatetags.statuses import Shown, shown

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

register = template.Library()

ICONS = Path(__file__).resolve().parents[1] / "static" / "vendor" / "tabler-icons-3.51.0"
SHORT_DIGEST = 16


@cache
def _drawing(name: str) -> str:
    svg = (ICONS / f"{name}.svg").read_text()
    svg = re.sub(r"\s+", " ", svg).replace("> <", "><")
    return re.sub(r' class="[^"]*"', ' class="icon" aria-hidden="true" focusable="false"', svg, count=1)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An outline icon drawn in the colour of the text. It decorates: the words beside it carry the meaning."""
    return SafeString(_drawing(name))  # our own vendored file, verified by its checksum


@register.filter
def shown_as(status: str) -> Shown:
    """Words, icon and tone of a status key."""
    return shown(status)


@register.filter
def figure(value: float | Decimal | None, digits: int = 2) -> str:
    """A number in the reader's notation with grouped thousands; whole numbers keep no decimals. None is a dash."""
    if value is None or not math.isfinite(value):
        return "–"
    places = 0 if isinstance(value, int) else digits
    # Django cuts a number off where it should round it: 83.39999 would read 83.3.
    rounded = round(Decimal(str(value)), places)
    return str(formats.number_format(rounded, decimal_pos=places, use_l10n=True, force_grouping=True))


@register.filter
def figure_or_words(value: float | Decimal | StrOrPromise | None, digits: int = 2) -> StrOrPromise:
    """A number as above; a choice of words as it stands."""
    return value if isinstance(value, str | Promise) else figure(value, digits)


@register.filter
def percent(share: float | Decimal | None, digits: int = 1) -> str:
    """A share between 0 and 1 as a percentage: 0.834 is "83.4%" in English, "83,4 %" in Kazakh and Russian."""
    if share is None:
        return "–"
    # Translators: %(number)s is a percentage such as 83.4. Kazakh and Russian put a no-break space before the sign.
    return gettext("%(number)s%%") % {"number": figure(Decimal(str(share)) * 100, digits)}


@register.filter
def digest(sha256: str) -> SafeString:
    """The beginning of a digest, the whole of it in the title and for a copy to the clipboard."""
    if not sha256:
        return SafeString("–")
    return format_html(
        '<code class="digest" title="{}" data-copy="{}">{}…</code>', sha256, sha256, sha256[:SHORT_DIGEST]
    )


@register.inclusion_tag("components/interval.html")
def interval(
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    n: int | None = None,
    digits: int = 2,
) -> dict[str, object]:
    """A measured number with its 95 % interval and the number of rows it rests on."""
    return {"value": value, "low": low, "high": high, "n": n, "digits": digits}


@register.filter
def control(field: BoundField) -> SafeString:
    """The control of a form field in the look of the house. Django itself adds the ARIA attributes."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return field.as_widget()
    look = "form-control"
    if isinstance(widget, CheckboxInput):
        look = "form-check-input"
    elif isinstance(widget, Select):
        look = "form-select"
    given = str(widget.attrs.get("class", ""))
    invalid = "is-invalid" if field.errors else ""
    return field.as_widget(attrs={"class": " ".join(filter(None, (given, look, invalid)))})


@register.filter
def anchor(form: BaseForm, name: str) -> str:
    """The id of the control that a link to this field should reach: of several boxes or buttons, the first."""
    field = form[name]
    several = isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)
    return f"{field.auto_id}_0" if several else str(field.auto_id)


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether the field is one box to tick, whose label stands after it."""
    return isinstance(field.field.widget, CheckboxInput)
