"""The only writers of papers of the organisation: handed in, reviewed by a second person, signed, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance import store
from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory import filling, papers, reviewed
from governance.inventory.locks import locked
from governance.obligations.house.counting import catch_up, settle
from governance.obligations.house.kinds import SIGNED
from governance.obligations.house.models import HousePaper, HouseRevision
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require

__all__ = ["HandedIn", "catch_up", "hand_in", "review", "sign", "withdraw"]


@dataclass(frozen=True)
class HandedIn:
    """What a person hands in. kinds: keys of `inventory.kinds`. effective_on: the day from which it applies.

    valid_until: its last day; None = without end.
    """

    title: str
    kinds: Sequence[str]
    file: BinaryIO
    file_name: str
    language: str
    effective_on: date
    valid_until: date | None = None


def hand_in(
    *, by: Actor, organisation: Organisation, said: HandedIn, paper: HousePaper | None = None
) -> HouseRevision:
    """Hand in a paper of the organisation, or the next revision of one. It counts once a second person has accepted it.

    The same file with the same days again changes nothing and returns the last revision.
    Raises NotAllowed, OutOfOrder, RuleBroken, TooLarge.
    """
    with acting(by, "house_paper.handed_in"):
        organisation = locked(organisation)
        require(by, "house_paper.add", organisation)
        filling.check_document(said.title.strip(), said.kinds, said.file_name, said.language)
        reviewed.refuse_days(said.effective_on, said.valid_until)
        media_type = papers.media_type(said.file, said.file_name)
        paper = _paper(organisation, paper, said.title.strip())
        stored = store.put(organisation.pk, said.file, limit=papers.LARGEST)
        last: HouseRevision | None = paper.revisions.order_by("-number").first()
        days = (said.effective_on, said.valid_until)
        if last and last.is_handed_in_again(stored.sha256, said.kinds, said.language, *days):
            return last
        return HouseRevision.objects.create(
            organisation=organisation,
            paper=paper,
            number=last.number + 1 if last else 1,
            title=paper.title,
            kinds=sorted(set(said.kinds)),
            file_name=said.file_name[-200:],
            media_type=media_type,
            language=said.language,
            sha256=stored.sha256,
            size=stored.size,
            effective_on=said.effective_on,
            valid_until=said.valid_until,
            uploaded_by_id=by.person,
        )


def _paper(organisation: Organisation, paper: HousePaper | None, title: str) -> HousePaper:
    if paper is None:
        return HousePaper.objects.create(organisation=organisation, title=title)
    paper = locked(paper)
    if paper.organisation_id != organisation.pk:
        raise OutOfOrder(_("This paper belongs to another organisation."))
    if paper.title != title:
        paper.title = title
        paper.save(update_fields=["title"])
    return paper


def review(*, by: Actor, revision: HouseRevision, verdict: str, note: str = "") -> HouseRevision:
    """A second person read it: it counts from its day on, or goes back with the reason.

    Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    reviewed.refuse_verdict(verdict, note)
    with acting(by, "house_paper.reviewed", reason=note.strip()):
        revision = _alone(revision)
        require(by, "house_paper.review", revision)
        reviewed.record(revision, by, verdict, note)
        settle(by=by, organisation_id=revision.organisation_id)
        return revision


def sign(*, by: Actor, revision: HouseRevision) -> HouseRevision:
    """A member of the committee approves what a governing paper says: an approval that all models inherit.

    Raises NotAllowed, OutOfOrder.
    """
    with acting(by, "house_paper.signed"):
        revision = _alone(revision)
        require(by, "house_paper.sign", revision)
        if not may_be_signed(revision):
            raise OutOfOrder(
                _("Only an accepted paper by which the organisation is governed is signed, once.")
            )
        revision.signed_by_id, revision.signed_at = by.person, timezone.now()
        revision.save(update_fields=["signed_by", "signed_at"])
        settle(by=by, organisation_id=revision.organisation_id)
        return revision


def may_be_signed(revision: HouseRevision) -> bool:
    return revision.is_accepted and revision.signed_at is None and not SIGNED.isdisjoint(revision.kinds)


def withdraw(*, by: Actor, revision: HouseRevision, reason: str) -> HouseRevision:
    """A revision no longer counts; the one before it counts again. File, digest and trace stay.

    Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    if not reason.strip():
        raise RuleBroken(problems=[Problem("reason", _("Say why it is withdrawn."))])
    with acting(by, "house_paper.withdrawn", reason=reason.strip()):
        revision = _alone(revision)
        require(by, "house_paper.withdraw", revision)
        if revision.withdrawn_at is not None:
            raise OutOfOrder(_("This revision was withdrawn."))
        revision.withdrawn_at, revision.withdrawn_reason = timezone.now(), reason.strip()
        revision.withdrawn_by_id = by.person
        revision.save(update_fields=["withdrawn_at", "withdrawn_reason", "withdrawn_by"])
        settle(by=by, organisation_id=revision.organisation_id)
        return revision


def _alone(revision: HouseRevision) -> HouseRevision:
    """What counts is settled for the whole organisation: one write at a time."""
    locked(revision.organisation)
    return locked(revision)
