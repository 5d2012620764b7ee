"""The only writers of this room: an audit is opened, and ended before its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audits.engagements.models import Engagement, Visit
from governance.errors import NotFound, OutOfOrder, Problem, RuleBroken
from governance.inventory.models import AIModel
from governance.people import services as people
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Membership, Organisation
from governance.people.rights import require
from governance.post import services as post

LONGEST_DAYS = 366
MOST_AUDITORS = 20


@dataclass(frozen=True)
class Auditor:
    """Who comes: an address, and a name for somebody whom nobody here knows yet."""

    email: str
    name: str = ""


def open_engagement(
    *,
    by: Actor,
    organisation: Organisation,
    auditors: Sequence[Auditor],
    starts_on: date,
    ends_on: date,
    purpose: str,
    models: Sequence[AIModel] | None = None,
    firm: str = "",
    language: str = "kk",
) -> Engagement:
    """Let auditors in for an audit, from a day to a day, to these models (None = all). Raises NotAllowed, RuleBroken."""
    _refuse_nonsense(auditors, starts_on, ends_on, purpose, models)
    with acting(by, "engagement.opened"):
        organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        require(by, "engagement.open", organisation)
        ids = None if models is None else _ids(organisation, models)
        engagement = Engagement.objects.create(
            organisation=organisation,
            number=_next_number(organisation.pk),
            firm=firm.strip(),
            purpose=purpose.strip(),
            model_ids=ids,
            starts_on=starts_on,
            ends_on=ends_on,
            opened_by_id=by.person,
        )
        for auditor in auditors:
            _invite(by, engagement, auditor, ids, language)
        return engagement


def end_now(*, by: Actor, engagement: Engagement, reason: str) -> Engagement:
    """Close the door before the last day: from the next request on the auditors see nothing.

    Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    if not reason.strip():
        raise RuleBroken(problems=[Problem("reason", _("Say why the audit ends now."))])
    with acting(by, "engagement.ended", reason=reason.strip()):
        engagement = Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
        require(by, "engagement.end", engagement)
        if engagement.state(timezone.localdate()) == "ended":
            raise OutOfOrder(_("This audit has ended already."))
        engagement.ended_at, engagement.ended_by_id = timezone.now(), by.person
        engagement.ended_reason = reason.strip()
        engagement.save(update_fields=["ended_at", "ended_by", "ended_reason"])
        for visit in engagement.visits.select_related("membership", "user"):
            people.see_out(by=by, membership=visit.membership)
            _tell(visit, "visit_ended", link="")
        return engagement


def _invite(
    by: Actor, engagement: Engagement, auditor: Auditor, ids: list[str] | None, language: str
) -> None:
    membership, secret = people.admit(
        by=by,
        organisation=engagement.organisation,
        email=auditor.email,
        name=auditor.name,
        language=language,
        starts_on=engagement.starts_on,
        ends_on=engagement.ends_on,
        models=None if ids is None else [UUID(each) for each in ids],
    )
    visit = Visit.objects.create(
        organisation_id=engagement.organisation_id,
        engagement=engagement,
        user_id=membership.user_id,
        membership=membership,
    )
    if secret:
        link = reverse("invitation", args=[secret])
        _tell(visit, "invitation", link=link, membership=membership, shown=False)
    _tell(visit, "visit_opened", link=reverse("engagements:visits"), membership=membership)


def _tell(
    visit: Visit, key: str, *, link: str, membership: Membership | None = None, shown: bool = True
) -> None:
    membership = membership or visit.membership
    post.send(
        organisation_id=visit.organisation_id,
        to=membership.user,
        key=key,
        context={"organisation": visit.engagement.organisation, "engagement": visit.engagement},
        link=link,
        shown=shown,
    )


def _refuse_nonsense(
    auditors: Sequence[Auditor],
    starts_on: date,
    ends_on: date,
    purpose: str,
    models: Sequence[AIModel] | None,
) -> None:
    problems = []
    addresses = [each.email.strip().lower() for each in auditors]
    if not 0 < len(addresses) <= MOST_AUDITORS or len(set(addresses)) < len(addresses):
        what = _("Name from 1 to %(most)s auditors, each once.") % {"most": MOST_AUDITORS}
        problems.append(Problem("auditors", what))
    if ends_on < starts_on or (ends_on - starts_on).days >= LONGEST_DAYS:
        problems.append(Problem("ends_on", _("An audit lasts from one day to a year.")))
    if ends_on < timezone.localdate():
        problems.append(Problem("ends_on", _("The last day has passed already.")))
    if not purpose.strip():
        problems.append(Problem("purpose", _("Say what the audit is for.")))
    if models is not None and not models:
        problems.append(Problem("models", _("Choose at least one model, or all of them.")))
    if problems:
        raise RuleBroken(_("The audit was not opened."), problems)


def _ids(organisation: Organisation, models: Sequence[AIModel]) -> list[str]:
    """The models as this organisation has them. Raises NotFound for any other."""
    wanted = {model.pk for model in models}
    found = AIModel.objects.filter(organisation=organisation, pk__in=wanted).values_list("pk", flat=True)
    if set(found) != wanted:
        raise NotFound
    return sorted(str(each) for each in wanted)


def _next_number(organisation_id: UUID) -> str:
    """The row of the organisation is locked, so two engagements cannot take the same number."""
    numbers = Engagement.objects.filter(organisation_id=organisation_id)
    last = numbers.aggregate(last=Max(Cast(Substr("number", 3), IntegerField())))["last"]
    return f"E-{(last or 0) + 1:04d}"
