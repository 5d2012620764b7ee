"""The versions of one dataset, for its page and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitoring.checks import CHECKS
from monitoring.data.models import Dataset
from monitoring.runs.models import Plan

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Version:
    """ended: keys of the checks that ended with it and do not go on in the version that took its place."""

    dataset: Dataset
    ended: Sequence[str] = ()

    @property
    def checks(self) -> list[StrOrPromise]:
        return titles(self.ended)


def versions_of(dataset: Dataset) -> list[Version]:
    """All versions of its name, the last first, in two queries."""
    same = Dataset.objects.filter(model_id=dataset.model_id, name=dataset.name)
    there = list(same.select_related("described_by", "ended_by", "successor").order_by("-version"))
    plans = list(Plan.objects.filter(dataset__in=there).order_by("check_key"))
    begun = {(each.dataset_id, each.check_key, each.set_at) for each in plans}
    return [Version(each, _ended(each, plans, begun)) for each in there]


def _ended(dataset: Dataset, plans: Iterable[Plan], begun: set[Any]) -> list[str]:
    """A plan that goes on begins in the moment in which the former one ended."""
    successor = getattr(dataset, "successor", None)
    return [
        plan.check_key
        for plan in plans
        if plan.dataset_id == dataset.pk and plan.ended_at == dataset.ended_at is not None
        if not successor or (successor.pk, plan.check_key, plan.ended_at) not in begun
    ]


def titles(checks: Iterable[str]) -> list[StrOrPromise]:
    return [CHECKS[key].title if key in CHECKS else key for key in checks]
