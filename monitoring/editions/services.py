"""The only writers of this room: a description of data is corrected or retired, and what rested on it follows, all at once.

The former version stays as it was, with its data periods and what was measured by it. Findings and evidence of it are settled
by the next sweep (`runs/watching.py`, `runs/baseless.py`), like those of a data period that is withdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import Problem, RuleBroken
from governance.people.acting import acting
from governance.people.actor import Actor
from monitoring.data import describing
from monitoring.data.describing import Description
from monitoring.data.models import Dataset
from monitoring.runs import carrying
from monitoring.runs.carrying import Carried
from monitoring.sources import services as sources


@dataclass(frozen=True)
class Edition:
    """What a dataset has become, and what with it. was_fed: a table fed the former version; its administrator names it anew."""

    dataset: Dataset
    checks: Carried = field(default_factory=Carried)
    was_fed: bool = False


def correct(*, by: Actor, dataset: Dataset, reason: str, **said: Any) -> Edition:
    """Describe the data anew in place of a wrong description. said: of a Description, whole, as it is from now on.

    Of two who correct the same version at once the second is refused. Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    reason, at = _given(reason), timezone.now()
    with acting(by, "dataset.corrected", reason=reason):
        written = describing.replace(by=by, dataset=dataset, said=Description(**said), reason=reason, at=at)
        checks = carrying.carry_over(by=by, former=dataset, dataset=written, reason=reason, at=at)
        return Edition(written, checks, sources.end_with(dataset, at))


def retire(*, by: Actor, dataset: Dataset, reason: str) -> Edition:
    """Nothing is taken in or asked of it any more; no other takes its place. Raises NotAllowed, OutOfOrder, RuleBroken."""
    reason, at = _given(reason), timezone.now()
    with acting(by, "dataset.retired", reason=reason):
        retired = describing.end(by=by, dataset=dataset, reason=reason, at=at)
        ended = carrying.end_with(retired, reason, at)
        checks = Carried(ended=[plan.check_key for plan in ended])
        return Edition(retired, checks, sources.end_with(retired, at))


def _given(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken(_("Say why."), [Problem("reason", _("Say why."))])
    return reason.strip()
