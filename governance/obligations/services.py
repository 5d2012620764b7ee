"""The writers of this room: evidence comes in or is taken back, people conclude, sheets follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import NotFound, OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.obligations import sheets
from governance.obligations.loading import load
from governance.obligations.models import Adoption, Conclusion, Evidence, Framework, Occurrence
from governance.obligations.queries import standing_now
from governance.obligations.rules import MAY_BE_MET
from governance.obligations.sheets import ASKS_NOTHING
from governance.obligations.verdicts import Verdict
from governance.obligations.waiving import services as waiving
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require

__all__ = ["adopt", "catch_up", "conclude", "load", "note_occurrence", "record", "revoke"]

EVENTS = frozenset({"incident_occurred", "audit_planned"})


def catch_up(organisation_id: UUID) -> None:
    """Bring the duties of one organisation up to date, and tell of waivers that somebody has to look at again."""
    sheets.catch_up(organisation_id)
    waiving.remind(organisation_id)


def record(
    *,
    by: Actor,
    organisation_id: UUID,
    model_id: UUID | None,
    version_id: UUID | None,
    kind: str,
    verdict: str,
    source: str,
    source_id: UUID,
    digest: str,
    taken_at: datetime,
    valid_until: date | None = None,
    summary: Mapping[str, Any] | None = None,
) -> Evidence:
    """Record one fact. The same kind, source and source_id a second time return the first row and write nothing.

    model_id None: it answers for the whole organisation. Raises NotAllowed, NotFound.
    """
    with acting(by, "evidence.recorded"):
        require(by, "evidence.record", _subject(organisation_id, model_id))
        same = Evidence.objects.filter(
            organisation_id=organisation_id, kind=kind, source=source, source_id=source_id
        )
        there: Evidence | None = same.first()
        if there is not None:
            return there
        row = Evidence(
            organisation_id=organisation_id,
            model_id=model_id,
            version_id=version_id,
            kind=kind,
            verdict=verdict,
            source=source,
            source_id=source_id,
            digest=digest,
            taken_at=taken_at,
            valid_until=valid_until,
            summary=dict(summary or {}),
        )
        Evidence.objects.bulk_create([row], ignore_conflicts=True)  # another worker may be faster
        recorded: Evidence = same.get()
        return recorded


def note_occurrence(
    *, by: Actor, model: AIModel, flag: str, source: str, source_id: UUID, at: datetime
) -> Occurrence:
    """An event that requirements speak of is on record in a room above. A second time changes nothing.

    Raises NotAllowed, RuleBroken.
    """
    if flag not in EVENTS:
        raise RuleBroken(problems=[Problem("flag", _("The catalogue knows no such event."))])
    with acting(by, "event.noted"):
        require(by, "event.note", model)
        noted, _made = Occurrence.objects.get_or_create(
            organisation_id=model.organisation_id,
            flag=flag,
            source=source,
            source_id=source_id,
            defaults={"model": model, "at": at},
        )
        return noted


def _subject(organisation_id: UUID, model_id: UUID | None) -> AIModel | Organisation:
    """What the evidence is about. Raises NotFound."""
    if model_id is None:
        found: AIModel | Organisation | None = Organisation.objects.filter(pk=organisation_id).first()
    else:
        found = AIModel.objects.filter(organisation_id=organisation_id, pk=model_id).first()
    if found is None:
        raise NotFound
    return found


def revoke(*, by: Actor, evidence: Evidence, reason: str) -> Evidence:
    """Take one piece of evidence out of account; the row stays, the reason stands in the ledger.

    Revoking twice changes nothing. Raises NotAllowed, RuleBroken.
    """
    _reason_given(reason)
    with acting(by, "evidence.revoked", reason=reason.strip()):
        evidence = locked(evidence)
        require(by, "evidence.revoke", evidence)
        if evidence.revoked_at is None:
            evidence.revoked_at = timezone.now()
            evidence.save(update_fields=["revoked_at"])
        return evidence


def conclude(
    *,
    by: Actor,
    model: AIModel,
    obligation_key: str,
    verdict: str,
    reason: str,
    seen: str = "",
    edition: str = "",
) -> Conclusion:
    """A person of the second line concludes on one requirement, over the evidence and by the edition of this moment.

    seen, edition: digest of the evidence and edition that were on the page; when given, others by now are a refusal.
    Raises NotAllowed, NotFound, OutOfOrder, RuleBroken.
    """
    _reason_given(reason)
    if verdict not in Verdict.values:
        raise RuleBroken(problems=[Problem("verdict", _("There is no such verdict."))])
    with acting(by, "requirement.concluded", reason=reason.strip()):
        model = locked(model)
        require(by, "duty.conclude", model)
        if model.status == Status.WITHDRAWN:
            raise OutOfOrder(_("This model is withdrawn."))
        framework, answered = standing_now(model, obligation_key)
        _may_be_concluded(answered.status, verdict)
        if edition and edition != framework.edition:
            raise OutOfOrder(_("A newer edition is in force. Look at it again, then conclude."))
        if seen and seen != answered.digest:
            raise OutOfOrder(
                _("The evidence changed while you were reading. Look at it again, then conclude.")
            )
        now = timezone.now()
        Conclusion.objects.filter(model=model, obligation_key=obligation_key, superseded_at=None).update(
            superseded_at=now
        )
        return Conclusion.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            obligation_key=obligation_key,
            verdict=verdict,
            reason=reason.strip(),
            evidence_digest=answered.digest,
            edition=framework.edition,
            concluded_by_id=by.person,
            concluded_at=now,
        )


def _may_be_concluded(status: str, verdict: str) -> None:
    """Raises OutOfOrder."""
    if status in ASKS_NOTHING:
        raise OutOfOrder(_("There is nothing to conclude: this requirement asks nothing of this model."))
    if verdict == "met" and status not in MAY_BE_MET:
        raise OutOfOrder(
            _("It cannot be concluded as met while evidence is missing, failing or out of date.")
        )


def _reason_given(reason: str) -> None:
    """Raises RuleBroken."""
    if not reason.strip():
        raise RuleBroken(problems=[Problem("reason", _("Give the reason in your own words."))])


def adopt(*, by: Actor, organisation: Organisation, framework_key: str) -> Adoption:
    """The organisation follows a framework that is not on by itself. Raises NotAllowed, NotFound."""
    with acting(by, "framework.adopted"):
        organisation = locked(organisation)
        require(by, "framework.adopt", organisation)
        if not Framework.objects.filter(key=framework_key).exists():
            raise NotFound
        current = Adoption.objects.filter(
            organisation=organisation, framework_key=framework_key, ended_at=None
        ).first()
        return current or Adoption.objects.create(
            organisation=organisation, framework_key=framework_key, adopted_by_id=by.person
        )
