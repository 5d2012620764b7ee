"""When each planned check is asked next and what moved it, in words: for pages and the API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from monitoring.blackouts import rules as blackouts
from monitoring.blackouts.queries import reasons_of
from monitoring.data.models import Dataset
from monitoring.runs import moving, planning
from monitoring.runs.models import Plan
from monitoring.runs.moving import Moment
from monitoring.runs.planning import Line
from monitoring.runs.scheduled import MissedTicks

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BECAUSE: dict[str, StrOrPromise] = {
    blackouts.WORKING_DAYS: _("Moved from a day that is free in Kazakhstan."),
    moving.SKIPPED: _("What was missed is left out, as the plan says."),
    moving.RENEWAL: _("Sooner than planned, so that the evidence does not lapse."),
    moving.NEVER: _("The blackouts leave no time for it."),
}
CLOSED = _("Moved out of a blackout: %(reason)s")


@dataclass(frozen=True)
class Upcoming:
    """because: sentences, the first reason first; empty where nothing was moved."""

    moment: Moment
    because: tuple[str, ...] = ()


def upcoming(model: AIModel, now: datetime) -> dict[Line, Upcoming]:
    """Per plan and version that stands the next time that the schedule asks, where nobody answers it at the moment."""
    free = [each for each in planning.wanted([model]) if each.repeats and each.is_free]
    moments = {each.line: each.moment(now) for each in free}
    reasons = reasons_of(key for moment in moments.values() for key in moment.because if key not in BECAUSE)
    return {line: Upcoming(each, told(each.because, reasons)) for line, each in moments.items()}


def of_plan(model: AIModel, dataset: Dataset, check_key: str) -> list[tuple[str, Upcoming]]:
    """Of the plan of a check that stands: the label of each version and when that is asked next."""
    plan = Plan.objects.filter(dataset=dataset, check_key=check_key, ended_at=None).first()
    labels = dict(model.versions.values_list("pk", "label"))
    if plan is None:
        return []
    ahead = upcoming(model, timezone.now())
    asked = [(labels[version], each) for (key, version), each in ahead.items() if key == plan.pk]
    return sorted(asked, key=lambda pair: pair[1].moment.at)


def told(because: Iterable[str], reasons: dict[str, str]) -> tuple[str, ...]:
    closed = str(CLOSED)
    return tuple(
        str(BECAUSE[key]) if key in BECAUSE else closed % {"reason": reasons.get(key, "")} for key in because
    )


def schedule(plan: Plan) -> list[str]:
    """What a plan does about missed ticks, free days and evidence that lapses."""
    missed = str(_("Times that were missed: %(policy)s.")) % {"policy": MissedTicks(plan.missed_ticks).label}
    days = _("On working days of Kazakhstan only.") if plan.working_days_only else _("On any day.")
    if not plan.renew_days:
        return [missed, str(days)]
    again = _("Asked again %(days)s days before its evidence lapses, should nothing come before.")
    return [missed, str(days), str(again) % {"days": plan.renew_days}]
