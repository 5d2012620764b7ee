"""What the pages of this room ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from governance.inventory.kinds import names_of
from governance.inventory.reviewed import standing, state_of
from governance.obligations.house.models import HousePaper, HouseRevision, Training
from governance.people.actor import Actor


@dataclass(frozen=True)
class Shelved:
    """One paper as a list shows it. shown: the revision that counts, or else the newest. state: a key of the statuses."""

    paper: HousePaper
    shown: HouseRevision
    state: str
    waiting: HouseRevision | None = None
    """A newer revision that waits for its review."""

    @property
    def kinds(self) -> list[str]:
        return names_of(self.shown)


def papers(actor: Actor) -> list[Shelved]:
    """Every paper that the reader may see, in two queries."""
    revisions = HouseRevision.objects.select_related("uploaded_by")
    rows = HousePaper.objects.visible_to(actor).select_related("organisation")
    return [shelved(each) for each in rows.prefetch_related(Prefetch("revisions", queryset=revisions))]


def shelved(paper: HousePaper) -> Shelved:
    """The revisions were fetched with the paper, the newest first."""
    today = timezone.localdate()
    revisions: Sequence[HouseRevision] = list(paper.revisions.all())
    counting = standing(revisions, today)
    shown = counting or revisions[0]
    waiting = next((each for each in revisions if each.awaits_review and each != shown), None)
    return Shelved(paper, shown, state_of(shown, counting, today), waiting)


def trainings(actor: Actor) -> list[Training]:
    rows = Training.objects.visible_to(actor)
    return list(rows.select_related("organisation", "recorded_by", "withdrawn_by"))
