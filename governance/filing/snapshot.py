"""The register as a return declares it: one row for each model, and the digests over them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from governance.approvals.models import Authorisation, AuthorisationState
from governance.filing.words import COLUMNS
from governance.inventory.digests import digest
from governance.inventory.models import AIModel
from governance.obligations.models import DutySheet
from governance.people.models import Organisation
from governance.risk.models import RiskAssessment

COUNTED = ("failing", "overdue", "missing")
"""Evidence statuses that a return counts, over all frameworks."""


def models_in(organisation_id: UUID, starts_on: date, ends_on: date) -> QuerySet[AIModel]:
    """Registered models that were in the register on a day of the period."""
    return _not_withdrawn(organisation_id, starts_on).filter(registered_at__date__lte=ends_on)


def models_since(organisation_id: UUID, starts_on: date, ends_on: date) -> QuerySet[AIModel]:
    """Models that were registered only after the period: whether they were used in it, a person says."""
    return _not_withdrawn(organisation_id, starts_on).filter(registered_at__date__gt=ends_on)


def _not_withdrawn(organisation_id: UUID, starts_on: date) -> QuerySet[AIModel]:
    known = AIModel.objects.filter(organisation_id=organisation_id, registered_at__isnull=False)
    return known.exclude(withdrawn_at__date__lt=starts_on).order_by("number")


def rows_of(
    organisation_id: UUID, starts_on: date, ends_on: date, also: Collection[UUID] = ()
) -> list[dict[str, Any]]:
    """A row for each model of the period, in five queries at most. also: ids of later ones that were used in it all the same."""
    later = models_since(organisation_id, starts_on, ends_on).filter(pk__in=also)
    models = sorted(
        [*models_in(organisation_id, starts_on, ends_on), *(later if also else [])],
        key=lambda model: model.number,
    )
    ids = [model.pk for model in models]
    grades = {each.model_id: each for each in RiskAssessment.objects.current().filter(model_id__in=ids)}
    counts = dict(DutySheet.objects.filter(model_id__in=ids).values_list("model_id", "counts"))
    permissions = _permissions(ids)
    return [_row(model, grades.get(model.pk), counts.get(model.pk), permissions) for model in models]


def _permissions(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """active or suspended, by model; the active one counts where there are both."""
    states = (AuthorisationState.ACTIVE, AuthorisationState.SUSPENDED)
    found = Authorisation.objects.filter(model_id__in=ids, state__in=states, expires_at__gt=timezone.now())
    return dict(found.order_by("-state").values_list("model_id", "state"))


def _row(
    model: AIModel,
    grade: RiskAssessment | None,
    counts: Mapping[str, Any] | None,
    permissions: Mapping[UUID, str],
) -> dict[str, Any]:
    return {
        "id": str(model.pk),
        "number": model.number,
        "name": model.name,
        "business_process": model.business_process,
        "risk_degree": grade.risk_degree if grade else "",
        "autonomy_degree": grade.autonomy_degree if grade else "",
        "tier": grade.tier if grade else None,
        "origin": model.origin,
        "vendor": model.vendor,
        "status": model.status,
        "registered_on": _day(model.registered_at),
        "withdrawn_on": _day(model.withdrawn_at),
        "permission": permissions.get(model.pk, ""),
        "requirements": None if counts is None else _counted(counts),
    }


def _counted(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {status: sum(tally.get(status, 0) for tally in counts.values()) for status in COUNTED}


def _day(moment: Any) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""


def of_models(rows: Sequence[Mapping[str, Any]]) -> str:
    """A digest over what a person checks before signing. Counts move by themselves and are left out."""
    return digest({"rows": [[row["number"], *(row[column] for column in COLUMNS)] for row in rows]})


def sealed(
    organisation: Organisation,
    edition: str,
    starts_on: date,
    ends_on: date,
    rows: Sequence[Mapping[str, Any]],
) -> str:
    """The SHA-256 that stands on the receipt: over the form, the organisation, the period and every row."""
    return digest(
        {
            "bin": organisation.bin,
            "edition": edition,
            "starts_on": starts_on.isoformat(),
            "ends_on": ends_on.isoformat(),
            "rows": [dict(row) for row in rows],
        }
    )
