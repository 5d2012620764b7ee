"""Which data period is the later one: by the day it ends, and by the day it was handed in where nobody said."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from django.db.models import DateField, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from monitoring.data.models import Window

Rows = TypeVar("Rows", bound="QuerySet")  # type: ignore[type-arg]


def day(window: Window) -> date:
    """The day that a data period speaks of."""
    return window.ends_on or timezone.localdate(window.uploaded_at)


def day_of(prefix: str = "") -> Coalesce:
    """The day that a data period speaks of, in a query. prefix: the way to the window, such as "window__"."""
    handed_in = TruncDate(f"{prefix}uploaded_at", output_field=DateField())
    return Coalesce(f"{prefix}ends_on", handed_in)


def latest_first(rows: Rows, *first: str, prefix: str = "") -> Rows:
    """Ordered by these columns, then the latest data period first."""
    return rows.order_by(*first, day_of(prefix).desc(), f"-{prefix}uploaded_at", f"-{prefix}pk")


def after(rows: Rows, window: Window, *, prefix: str = "") -> Rows:
    """Those that speak of a data period after this one."""
    same_day = Q(day=day(window), **{f"{prefix}uploaded_at__gt": window.uploaded_at})
    return rows.alias(day=day_of(prefix)).filter(Q(day__gt=day(window)) | same_day)


def is_later(one: Window, other: Window) -> bool:
    """Whether `one` is the same data period or a later one."""
    return place(one) >= place(other)


def place(window: Window) -> tuple[date, datetime, str]:
    """Its place in time, to sort by."""
    return day(window), window.uploaded_at, str(window.pk)
