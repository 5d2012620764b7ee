"""Set a key figure, enter a value, take one over from a check, end it. Values are only added."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.figures.models import Kpi, KpiValue
from governance.inventory.locks import locked
from governance.inventory.models import AIModel
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Membership
from governance.people.rights import require


@dataclass(frozen=True)
class Feed:
    """The figure of a check that a key figure follows: a metric of a check, of one subject where there are several."""

    check_key: str
    metric: str
    subject: str = ""


BY_HAND = Feed("", "")


def set_kpi(
    *,
    by: Actor,
    model: AIModel,
    name: str,
    owner_id: UUID,
    unit: str = "",
    lower: float | None = None,
    upper: float | None = None,
    feed: Feed = BY_HAND,
) -> Kpi:
    """Name a figure to watch, in place of the one of the same name. Raises NotAllowed, OutOfOrder, RuleBroken."""
    with acting(by, "kpi.set"):
        model = locked(model)
        require(by, "kpi.enter", model)
        _refuse_withdrawn(model)
        _refuse_what_is_not_in_order(model, name, owner_id, lower, upper)
        assert by.user_id is not None  # only people have the right
        former = Kpi.objects.current().filter(model=model, name=name.strip())
        former.update(ended_at=timezone.now())
        return Kpi.objects.create(
            organisation_id=model.organisation_id,
            model=model,
            name=name.strip(),
            unit=unit.strip(),
            lower=lower,
            upper=upper,
            owner_id=owner_id,
            check_key=feed.check_key,
            metric=feed.metric,
            subject=feed.subject,
            set_by_id=by.user_id,
        )


def enter(*, by: Actor, kpi: Kpi, value: float, measured_at: datetime, note: str = "") -> KpiValue:
    """Write down a value that a person measured. Raises NotAllowed, OutOfOrder, RuleBroken."""
    with acting(by, "kpi.entered"):
        model = locked(kpi.model)
        require(by, "kpi.enter", model)
        _refuse_withdrawn(model)
        kpi = locked(kpi)
        if kpi.ended_at is not None:
            raise OutOfOrder(_("This key figure has ended."))
        if not kpi.is_entered:
            raise OutOfOrder(_("The values of this key figure come from a check."))
        if not math.isfinite(value):
            raise RuleBroken(problems=[Problem("value", _("Enter a number."))])
        if measured_at > timezone.now():
            raise RuleBroken(problems=[Problem("measured_at", _("This moment is still to come."))])
        return KpiValue.objects.create(
            organisation_id=kpi.organisation_id,
            model=model,
            kpi=kpi,
            value=value,
            measured_at=measured_at,
            note=note.strip(),
            entered_by_id=by.user_id,
        )


def take_over(
    *, by: Actor, kpi: Kpi, value: float, measured_at: datetime, n: int, digest: str
) -> KpiValue | None:
    """Add what a check measured; None where this result was taken over already. Raises NotAllowed."""
    with acting(by, "kpi.measured"):
        kpi = locked(kpi)
        require(by, "kpi.take_over", kpi)
        if KpiValue.objects.filter(kpi=kpi, digest=digest).exists():
            return None
        return KpiValue.objects.create(
            organisation_id=kpi.organisation_id,
            model_id=kpi.model_id,
            kpi=kpi,
            value=value,
            measured_at=measured_at,
            n=n,
            digest=digest,
        )


def end_kpi(*, by: Actor, kpi: Kpi) -> Kpi:
    """Watch it no more; its values stay. Raises NotAllowed, OutOfOrder."""
    with acting(by, "kpi.ended"):
        require(by, "kpi.enter", locked(kpi.model))
        kpi = locked(kpi)
        if kpi.ended_at is not None:
            raise OutOfOrder(_("This key figure has ended."))
        kpi.ended_at = timezone.now()
        kpi.save(update_fields=["ended_at"])
        return kpi


def _refuse_withdrawn(model: AIModel) -> None:
    if model.withdrawn_at is not None:
        raise OutOfOrder(_("This model was withdrawn."))


def _refuse_what_is_not_in_order(
    model: AIModel, name: str, owner_id: UUID, lower: float | None, upper: float | None
) -> None:
    """Raises RuleBroken."""
    problems = []
    if not name.strip():
        problems.append(Problem("name", _("Give the figure a name.")))
    limits = [limit for limit in (lower, upper) if limit is not None]
    if not limits:
        problems.append(Problem("upper", _("Set at least one limit.")))
    elif not all(map(math.isfinite, limits)):
        problems.append(Problem("upper", _("Enter a number.")))
    elif len(limits) == 2 and limits[0] > limits[1]:
        problems.append(Problem("upper", _("The upper limit lies below the lower one.")))
    here = Membership.objects.current(timezone.localdate()).filter(organisation_id=model.organisation_id)
    if not here.filter(user_id=owner_id).exists():
        problems.append(Problem("owner", _("This person does not belong to the organisation.")))
    if problems:
        raise RuleBroken(problems=problems)
