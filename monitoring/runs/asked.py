"""One check of a dataset as the page of a model's checks shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from monitoring.checks.check import Check
from monitoring.data.models import Dataset
from monitoring.runs import plans, telling, words
from monitoring.runs.models import NotApplicable, Plan
from monitoring.runs.tiers import Proposal
from monitoring.runs.timing import Timing
from monitoring.runs.upcoming import schedule

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from monitoring.runs.queries import Answer

NEW_GRADE = _("The grade has changed, and something else is proposed now.")
NEW_EDITION = _("A newer edition proposes something else.")
OTHERWISE = _("Something else is proposed for this model.")


@dataclass(frozen=True)
class Asked:
    """One check of a dataset: its plan and what came of it, or what it still lacks. usual: limits as they are proposed now."""

    check: Check
    dataset: Dataset
    plan: Plan | None = None
    latest: Answer | None = None
    underway: Sequence[Answer] = ()
    lacking: Sequence[str] = ()
    timing: Timing = field(default_factory=Timing)
    proposal: Proposal | None = None
    set_aside: NotApplicable | None = None
    usual: Mapping[str, Any] = field(default_factory=dict)

    @property
    def basis(self) -> str:
        """How often it is asked, and why."""
        return telling.basis(self.plan.basis) if self.plan else ""

    @property
    def limits_basis(self) -> str:
        """Where its limits come from."""
        return telling.limits_basis(self.plan) if self.plan else ""

    @property
    def schedule(self) -> list[str]:
        """What the plan does about missed times, free days and evidence that lapses."""
        return schedule(self.plan) if self.plan else []

    @property
    def proposed(self) -> str:
        """How often is proposed now, where the plan says otherwise."""
        differs = self.plan and self.proposal and self.plan.every_days != self.proposal.every_days
        return telling.proposal(self.proposal) if differs and self.proposal else ""

    @property
    def proposed_limits(self) -> list[tuple[StrOrPromise, Any]]:
        """Limits that are proposed otherwise now than when the plan took them over; what a person chose stays chosen."""
        if self.plan is None or self.plan.reason not in words.TAKEN_OVER:
            return []
        chosen = self.check.limits_of(self.plan.limits)
        return [
            (limit.title, limit.said(self.usual[limit.key]))
            for limit in self.check.limits
            if self.usual and chosen[limit.key] != self.usual[limit.key]
        ]

    @property
    def why_proposed(self) -> StrOrPromise:
        """Why the plan no longer is what is proposed; "" where it is."""
        if not (self.proposed or self.proposed_limits) or self.plan is None or self.proposal is None:
            return ""
        taken = self.plan.basis if "every_days" in self.plan.basis else self.plan.basis.get("limits", {})
        if not taken or (not self.proposed_limits and "every_days" not in self.plan.basis):
            return OTHERWISE
        now = self.proposal
        if taken["tier"] != now.tier or taken.get("autonomy", now.autonomy) != now.autonomy:
            return NEW_GRADE
        return NEW_EDITION if taken["edition"] != now.edition else OTHERWISE

    @property
    def limits(self) -> list[tuple[Any, Any, Any, bool]]:
        """Each limit with its value, the one that was proposed when the plan was set, and whether that is another one."""
        chosen = self.check.limits_of(self.plan.limits if self.plan else self.usual)
        instead = self.plan.basis.get("limits", {}).get("otherwise", {}) if self.plan else {}
        return [
            (limit, limit.said(chosen[limit.key]), limit.said(instead.get(limit.key)), limit.key in instead)
            for limit in self.check.limits
        ]

    @property
    def reason(self) -> str:
        return words.reason(self.plan) if self.plan else ""

    @property
    def needs_reason(self) -> bool:
        """It cannot be asked, and nobody of the second line has said why that is right."""
        return self.set_aside is None and plans.waits_for_a_reason(self.check, self.dataset)

    @property
    def can_be_planned(self) -> bool:
        """Nothing is lacking but what the second line can set aside."""
        return not set(self.lacking) - {"sensitive"}

    @property
    def missing(self) -> str:
        return words.needs(list(self.lacking))
