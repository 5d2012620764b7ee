"""What changed between two computations, and why: values in, values out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Row = Mapping[str, Any]
"""One duty: at least its status, its evidence_ids and what was concluded."""

Because = Literal["first", "came", "went", "evidence", "conclusion", "excuse", "time", "record"]
"""first: nothing was computed before. came, went: the requirement is on, or no longer. evidence, conclusion: these are others.
excuse: a waiver or an accepted gap began or ended. time: a day has passed. record: the registration, the grade or our rules."""

EXCUSES = frozenset({"accepted_gap", "waived"})


@dataclass(frozen=True)
class Change:
    """was: the status before, "" for none. now: None where the requirement no longer stands."""

    obligation: Any
    was: str
    because: Because
    now: Row | None


def changes(
    former: Mapping[Any, Row], rows: Mapping[Any, Row], *, first: bool, lapsed: bool
) -> Iterator[Change]:
    """Every duty that differs, in the order of `rows`, then those that went.

    former, rows: by the id of the obligation. first: nothing was computed before. lapsed: a day has passed after which the
    former answers no longer held.
    """
    for obligation, now in rows.items():
        before = former.get(obligation)
        if before != now:
            was = before["status"] if before else ""
            yield Change(obligation, was, because(before, now, first=first, lapsed=lapsed), now)
    for obligation, before in former.items():
        if obligation not in rows:
            yield Change(obligation, before["status"], "went", None)


def because(before: Row | None, now: Row, *, first: bool, lapsed: bool) -> Because:
    if before is None:
        return "first" if first else "came"
    if (before["status"] in EXCUSES) != (now["status"] in EXCUSES):
        return "excuse"
    if set(before["evidence_ids"]) != set(now["evidence_ids"]):
        return "evidence"
    if before["concluded"] != now["concluded"]:
        return "conclusion"
    return "time" if lapsed else "record"
