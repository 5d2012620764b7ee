"""What is wrong with a file of protected rows is told by row, column and kind: no value of it is repeated or kept. Pure."""

from __future__ import annotations

from dataclasses import replace

from monitoring.data.faults import Fault, Unreadable
from monitoring.shielding.columns import Shielded

VALUES = frozenset({"value", "found", "first", "last", "case", "said", "known", "example"})
"""Facts of a fault that may be taken from a row, where they are no number of ours."""
WITHHELD = "…"


def spoken_of(dataset: Shielded, fault: Fault) -> Fault:
    """The fault as it may be told."""
    if not dataset.is_protected:
        return fault
    told = {
        key: WITHHELD if key in VALUES and not isinstance(value, int) else value
        for key, value in fault.params.items()
    }
    return replace(fault, params=told)


def told_of(dataset: Shielded, told: Unreadable) -> Unreadable:
    """All faults as they may be told."""
    faults = (spoken_of(dataset, fault) for fault in told.faults)
    return Unreadable(*faults, counts=told.counts, is_whole=told.is_whole)
