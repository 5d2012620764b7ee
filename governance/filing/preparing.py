"""A return filled in from the register, beside what the last one said: nobody types a list of models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from governance.filing import snapshot
from governance.filing.models import Return
from governance.filing.occasion import Occasion
from governance.filing.rules import Changes, compare
from governance.filing.words import COLUMNS, Kind
from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.people.models import Organisation


@dataclass(frozen=True)
class Prepared:
    """rows: models of the period; later: those registered after it; drafts: how many are not registered yet."""

    occasion: Occasion
    rows: Sequence[dict[str, Any]]
    later: Sequence[AIModel]
    drafts: int
    former: Return | None
    changes: Changes

    @property
    def seen(self) -> str:
        return snapshot.of_models(self.rows)

    @property
    def kind(self) -> str:
        """What the register suggests."""
        return Kind.FULL if self.rows or self.later else Kind.NIL

    def initial(self, name: str) -> dict[str, Any]:
        """The former return's officer signs again, unless somebody changes it. name: whoever is at the form."""
        return {
            "kind": self.kind,
            "officer": self.former.officer if self.former else name,
            "position": self.former.position if self.former else "",
            "seen": self.seen,
        }


def prepare(organisation: Organisation, occasion: Occasion) -> Prepared:
    """In a fixed number of queries."""
    period = (occasion.starts_on, occasion.ends_on)
    rows = snapshot.rows_of(organisation.pk, *period)
    former = occasion.corrects or _last(organisation, occasion)
    drafts = AIModel.objects.filter(organisation=organisation, status=Status.DRAFT).count()
    return Prepared(
        occasion=occasion,
        rows=rows,
        later=list(snapshot.models_since(organisation.pk, *period)),
        drafts=drafts,
        former=former,
        changes=compare(former.rows if former else [], rows, tuple(COLUMNS)),
    )


def _last(organisation: Organisation, occasion: Occasion) -> Return | None:
    """The return of the period before this one."""
    standing = Return.objects.standing().filter(organisation=organisation, ends_on__lte=occasion.ends_on)
    return standing.order_by("-ends_on", "-filed_at").first()
