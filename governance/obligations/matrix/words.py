"""The short words of a matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from governance.obligations.lines import LOOKS
from governance.obligations.matrix.models import STATUSES
from governance.templatetags.statuses import shown

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHORT: Mapping[str, StrOrPromise] = {
    **{status: shown(status).words for status in STATUSES},
    "open": _("Waits for an answer"),
    "not_ready": _("Not ready"),
    "supported": _("Supported"),
    "ready": _("Ready"),
}
"""What a cell says: a requirement's own page says it at length."""


@dataclass(frozen=True)
class Tally:
    """How many stand in one status, and the way to them. url: "" where there is none."""

    status: str
    number: int
    url: str = ""

    @property
    def words(self) -> StrOrPromise:
        return SHORT[self.status]

    @property
    def look(self) -> str:
        return LOOKS.get(self.status, self.status)

    @property
    def tone(self) -> str:
        return shown(self.look).tone


def tallies(counts: Mapping[str, int], base: str = "") -> list[Tally]:
    """Those that occur, red first. base: an address that ends where the status has to follow."""
    return [
        Tally(status, counts[status], f"{base}{status}" if base else "")
        for status in STATUSES
        if counts.get(status)
    ]
