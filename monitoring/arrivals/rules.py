"""What is wrong with how a data period arrived. Pure: what was counted and what is on record in, findings out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from monitoring.engines.arrivals import WHOLE
from monitoring.runs import ticks, tiers

TABLE = Path(__file__).with_name("limits-2026-1.yaml")
LATE, REPEATED, COPIED, BACKDATED = "window_late", "window_repeated", "window_copied", "window_backdated"
RED_AFTER = 2
"""A data period that is so many periods late is red, as one that has not arrived at all."""


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong. key: of its sentence; other: the id of the data period that it is about as well."""

    kind: str
    key: str
    severity: str
    params: dict[str, Any]
    other: str = ""


@dataclass(frozen=True)
class Source:
    """The file of rows that a data period was made of. digest: "" = not known; rows: of counts, how many it holds."""

    digest: str = ""
    is_counted: bool = False
    rows: int = 0

    def is_that_of(self, other: Source) -> bool:
        """Whether counts were made of the file of another period; of rows the data themselves are compared.

        A database may hold a table for each period: then the file is one, and the rows are not as many.
        """
        if not self.digest or self.digest != other.digest:
            return False
        both = self.is_counted and other.is_counted
        return self.rows == other.rows if both else self.is_counted or other.is_counted


@dataclass(frozen=True)
class Earlier:
    """A standing data period of the same model that was there before."""

    id: str
    name: str
    digest: str
    dataset_id: str
    part: str
    starts_on: date | None = None
    ends_on: date | None = None
    source: Source = Source()


@dataclass(frozen=True)
class Arrived:
    """What is on record of a data period. is_correction: it was handed in for a wrong one. expected_on: None = by nobody."""

    digest: str
    dataset_id: str
    part: str
    arrived_on: date
    starts_on: date | None
    ends_on: date | None
    is_correction: bool = False
    expected_on: date | None = None
    every_days: int | None = None
    source: Source = Source()
    earlier: Sequence[Earlier] = field(default_factory=tuple)

    @property
    def of_its_kind(self) -> list[Earlier]:
        """Of the same dataset and part."""
        return [each for each in self.earlier if (each.dataset_id, each.part) == (self.dataset_id, self.part)]


@cache
def limits() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.load(TABLE.read_text(), Loader=yaml.CSafeLoader)
    return found


def troubles(arrived: Arrived, counted: Mapping[str, Any]) -> list[Trouble]:
    """counted: of engines.arrivals; empty for a document of counts, whose rows nobody sees."""
    found = [*_late(arrived), *_dated_back(arrived), *_overlapping(arrived), *_same_file(arrived)]
    if counted:
        found += [*_repeated(counted), *_outside(counted)]
        if not any(each.kind == COPIED for each in found):
            found += _copied(arrived, counted)
    return found


def _late(arrived: Arrived) -> Iterator[Trouble]:
    if arrived.expected_on is None or arrived.every_days is None or arrived.is_correction:
        return
    every = arrived.every_days
    times = ticks.periods_late(arrived.expected_on, arrived.arrived_on, every, tiers.grace(every))
    if times:
        days = (arrived.arrived_on - arrived.expected_on).days
        told = {"expected_on": arrived.expected_on.isoformat(), "days": days}
        yield Trouble(LATE, "late", "red" if times >= RED_AFTER else "amber", told)


def _dated_back(arrived: Arrived) -> Iterator[Trouble]:
    """A correction is handed in long after its period by nature."""
    if arrived.ends_on is None or arrived.is_correction:
        return
    newer = [each for each in arrived.of_its_kind if each.ends_on and each.ends_on > arrived.ends_on]
    days = (arrived.arrived_on - arrived.ends_on) // timedelta(days=1)
    severity = _severity("dated_back_days", days)
    if newer and severity:
        latest = max(newer, key=lambda each: (each.ends_on or date.min, each.id))
        yield Trouble(BACKDATED, "dated_back", severity, {"days": days, "window": latest.name}, latest.id)


def _overlapping(arrived: Arrived) -> Iterator[Trouble]:
    if arrived.starts_on is None or arrived.ends_on is None:
        return
    for each in arrived.of_its_kind:
        if each.starts_on is None or each.ends_on is None:
            continue
        first, last = max(each.starts_on, arrived.starts_on), min(each.ends_on, arrived.ends_on)
        if first <= last:
            told = {"window": each.name, "from": first.isoformat(), "to": last.isoformat()}
            yield Trouble(BACKDATED, "overlaps", str(limits()["overlap"]), told, each.id)
            return


def _same_file(arrived: Arrived) -> Iterator[Trouble]:
    """The same data, or counts of the file of another period of the dataset, whatever else their document says."""
    for each in arrived.earlier:
        if each.digest == arrived.digest:
            yield Trouble(COPIED, "same_file", "red", {"window": each.name}, each.id)
            return
    for each in arrived.earlier:
        if each.dataset_id == arrived.dataset_id and arrived.source.is_that_of(each.source):
            yield Trouble(COPIED, "same_source", "red", {"window": each.name}, each.id)
            return


def _repeated(counted: Mapping[str, Any]) -> Iterator[Trouble]:
    rows, share = counted["rows"], counted["repeated_rows"] / counted["rows"]
    usual = 0.0 if counted["ids"] is not None else counted["repeated_reference"] or 0.0
    severity = _severity("repeated_rows", share - usual)
    if severity:
        told = {"share": share, "rows": counted["repeated_rows"], "n": rows, "reference": usual}
        yield Trouble(REPEATED, "repeated_rows", severity, told)
    if counted["ids"]:
        share = counted["repeated_ids"] / counted["ids"]
        severity = _severity("repeated_ids", share)
        if severity:
            told = {"share": share, "rows": counted["repeated_ids"], "n": counted["ids"]}
            yield Trouble(REPEATED, "repeated_ids", severity, told)


def _copied(arrived: Arrived, counted: Mapping[str, Any]) -> Iterator[Trouble]:
    """The period with which it shares most rows, of those columns whose rows are unlike each other."""
    telling = [each for each, share in counted["distinct"].items() if share >= limits()["distinct_rows"]]
    shares = [
        (share, each == WHOLE, key, each)
        for key, found in counted["copies"].items()
        for each, share in found.items()
        if each in telling
    ]
    if not shares:
        return
    share, _whole, key, columns = max(shares)
    severity = _severity("copied_rows", share)
    name = next((each.name for each in arrived.earlier if each.id == key), "")
    if severity:
        told = {"window": name, "share": share, "n": counted["rows"]}
        yield Trouble(COPIED, f"copied_{columns}", severity, told, key)


def _outside(counted: Mapping[str, Any]) -> Iterator[Trouble]:
    if counted["outside"] is not None:
        severity = _severity("outside_rows", counted["outside"] / counted["rows"])
        if severity:
            yield Trouble(BACKDATED, "outside", severity, {"rows": counted["outside"], "n": counted["rows"]})


def _severity(limit: str, value: float) -> str:
    bounds = limits()[limit]
    return "red" if value > bounds["red"] else "amber" if value > bounds["amber"] else ""
