"""Requirements that would turn, as a page and a file show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.obligations.lines import LOOKS
from governance.obligations.matrix.workbook import Sheet
from governance.obligations.preview.turning import Turn
from governance.obligations.words import STATUSES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN = 500
WIDTHS = (28, 12, 32, 18, 44, 22, 22, 12)


@dataclass(frozen=True)
class Status:
    """One end of a turn, as it is shown."""

    key: str

    @property
    def look(self) -> str:
        return LOOKS.get(self.key, self.key) or "not_applicable"

    @property
    def words(self) -> StrOrPromise:
        return STATUSES[self.key] if self.key else gettext_lazy("does not stand")


@dataclass(frozen=True)
class Row:
    turn: Turn
    was: Status
    now: Status


def shown(turns: Sequence[Turn]) -> dict[str, Any]:
    """What the table of a page needs: its first rows, how many are left out, and the totals of each organisation."""
    return {
        "rows": [_row(turn) for turn in turns[:SHOWN]],
        "hidden": max(0, len(turns) - SHOWN),
        "totals": _totals(turns),
    }


def sheet(turns: Iterable[Turn]) -> Sheet:
    """All of them, for a workbook."""
    head = [
        *(_("Organisation"), _("Number"), _("Model"), _("Reference"), _("Requirement")),
        *(_("Before the change"), _("After the change"), _("From")),
    ]
    return Sheet(_("Requirements"), head, WIDTHS, (_cells(_row(turn)) for turn in turns))


def _row(turn: Turn) -> Row:
    return Row(turn, Status(turn.was), Status(turn.now))


def _cells(row: Row) -> list[str]:
    turn = row.turn
    named = [turn.organisation.name, turn.model.number, turn.model.name]
    asked = [turn.obligation.ref, turn.obligation.title]
    return [*named, *asked, str(row.was.words), str(row.now.words), turn.on.isoformat()]


def _totals(turns: Sequence[Turn]) -> Sequence[tuple[str, int, int]]:
    """Organisation, requirements that turn, and how many of them turn red."""
    turned = Counter(turn.organisation for turn in turns)
    red = Counter(turn.organisation for turn in turns if turn.turns_red)
    return [(organisation.name, number, red[organisation]) for organisation, number in turned.items()]
