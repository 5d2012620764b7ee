"""A quarter of a year, on the market's own calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

WRITTEN = re.compile(r"(20\d\d)-Q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def read(cls, text: str) -> Quarter | None:
        """From the form that `key` writes; None for anything else."""
        found = WRITTEN.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None

    @property
    def key(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def words(self) -> str:
        return _("Quarter %(number)s of %(year)s") % {"number": self.number, "year": self.year}

    @property
    def starts_on(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends_on(self) -> date:
        return self._next.starts_on - timedelta(days=1)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment of it to the first after it."""
        return _midnight(self.starts_on), _midnight(self._next.starts_on)

    @property
    def before(self) -> Quarter:
        return Quarter.of(self.starts_on - timedelta(days=1))

    @property
    def _next(self) -> Quarter:
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def latest(today: date, many: int = 6) -> list[Quarter]:
    """The quarter that runs now and those before it."""
    found = [Quarter.of(today)]
    while len(found) < many:
        found.append(found[-1].before)
    return found
