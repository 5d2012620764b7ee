"""The day of the past that a reader asks about: a page or an answer shows what stood at its end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Min
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from governance.errors import Problem, RuleBroken
from governance.people.actor import Actor
from governance.people.door import Request
from governance.people.models import Organisation

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NAME = "as_of"
WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class AsOf:
    """query, more: what an address ends in that asks about the same day, as its first value or a further one."""

    day: date

    @property
    def end(self) -> datetime:
        """The first instant that no longer belongs to the day."""
        return timezone.make_aware(datetime.combine(self.day + timedelta(days=1), time.min))

    @property
    def query(self) -> str:
        return f"?{NAME}={self.day.isoformat()}"

    @property
    def more(self) -> str:
        return f"&{NAME}={self.day.isoformat()}"

    def __str__(self) -> str:
        return self.day.isoformat()


Crumb = tuple[object, str | None]
"""The words of a way and its address."""


def carried(crumbs: Iterable[Crumb], as_of: AsOf | None) -> list[Crumb]:
    """Ways to pages that read a day, of the same day."""
    return [(words, f"{url}{as_of.query}" if url and as_of else url) for words, url in crumbs]


def asked(request: Request) -> AsOf | None:
    """What `?as_of=` says; None where a page is asked about today. Raises RuleBroken for what is no day of the record."""
    written = request.GET.get(NAME, "")
    if not written:
        return None
    where = _("As of the end of")
    try:
        day = date.fromisoformat(written if WRITTEN.fullmatch(written) else "")
    except ValueError as unreadable:
        raise RuleBroken(
            problems=[Problem(where, _("This is no day: write it as 2026-11-30."))]
        ) from unreadable
    return as_of(request.actor, day, where=where)


def as_of(actor: Actor, day: date | None, *, where: StrOrPromise = NAME) -> AsOf | None:
    """Raises RuleBroken for a day that has not come, and for one before anything that the reader sees was recorded."""
    if day is None:
        return None
    if day > timezone.localdate():
        raise RuleBroken(problems=[Problem(where, _("This day has not come yet."))])
    first = _first_day(actor)
    if first is None or day < first:
        since = formats.date_format(first or timezone.localdate(), "SHORT_DATE_FORMAT")
        raise RuleBroken(
            problems=[Problem(where, _("Nothing was recorded before %(day)s.") % {"day": since})]
        )
    return AsOf(day)


def _first_day(actor: Actor) -> date | None:
    """On which the first organisation came that the reader sees."""
    first = Organisation.objects.visible_to(actor).aggregate(first=Min("created_at"))["first"]
    return timezone.localdate(first) if first else None
