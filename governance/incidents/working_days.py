"""Working days of Kazakhstan: its weekends, public holidays, days off that follow a holiday at a weekend, moved Saturdays.

The days come from a library that people keep up to date. A holiday whose day it only estimates (Kurban Ait, by the moon)
counts as a working day, and so does a day off that the government moves later than the library knows: by our count a
deadline may then end early, never late. A Saturday made a working day that the library does not know would make it late.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

ESTIMATED = "estimated"


def is_working(day: date) -> bool:
    year = _year(day.year)
    return bool(year.is_working_day(day)) or (not year.is_weekend(day) and ESTIMATED in year.get(day, ""))


def later(moment: datetime, amount: int) -> datetime:
    """So many working days later at the same hour. moment is aware and in the zone in which days are counted.

    What begins on a free day is counted from the next working one: one working day after a Saturday is Monday.
    """
    for _each in range(amount):
        moment += timedelta(days=1)
        while not is_working(moment.date()):
            moment += timedelta(days=1)
    return moment


@cache
def _year(year: int) -> Any:
    from holidays import country_holidays  # a fifth of a second that most requests never need

    return country_holidays("KZ", years=year, language="en_US", expand=False)
