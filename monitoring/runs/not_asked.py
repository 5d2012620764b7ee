"""Plans that cannot be asked because something is missing: a finding while it lasts, and told to whoever asks now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min

from governance.inventory.models import AIModel
from monitoring.checks import CHECKS
from monitoring.data.acceptance import COUNTED, Acceptance
from monitoring.data.models import Part, Window
from monitoring.runs import planning, ticks, tiers, waiting_words
from monitoring.runs.findings import Noted
from monitoring.runs.models import Finding, FindingKind, NotApplicable, Plan
from monitoring.runs.planning import Planned

SET_ASIDE = "set_aside"
MISSING = frozenset({"check", "groups", "reference", "acceptance"})
"""What is missed: without a version or a current data period there is nothing yet to ask, and late data are a finding already."""
Line = tuple[UUID, str]
"""A dataset and a check of it."""


@dataclass(frozen=True)
class NotAsked:
    """A plan that can be asked of no version. lacks: a key of `waiting_words.WAITS`.

    since: when it could first have been asked but for that; None where a version or a current data period is missing too.
    """

    plan: Plan
    lacks: str
    since: datetime | None = None

    @property
    def key(self) -> str:
        return _key(self.plan)

    @property
    def why(self) -> str:
        return waiting_words.why(self.lacks)

    @property
    def sentence(self) -> str:
        check = CHECKS.get(self.plan.check_key)
        title = check.title if check else self.plan.check_key
        said = {"check": title, "dataset": self.plan.dataset.title, "why": self.why}
        return str(waiting_words.ABOUT) % said


def of_model(model: AIModel) -> list[NotAsked]:
    return of(planning.planned([model]))


def of(planned: Planned) -> list[NotAsked]:
    """Every plan that can be asked of no version today, in at most three queries."""
    lacking = {plan.pk: _lacks(plan, planned) for plan in planned.plans}
    left_out = [plan for plan in planned.plans if lacking[plan.pk]]
    if not left_out:
        return []
    waiting, withdrawn = _references(plan for plan in left_out if lacking[plan.pk] == "reference")
    aside, asked_again = _set_aside(plan for plan in left_out if lacking[plan.pk] == "groups")
    arrived = _arrived(plan for plan in left_out if lacking[plan.pk] in MISSING)
    found = []
    for plan in left_out:
        lacks, line = lacking[plan.pk], (plan.dataset_id, plan.check_key)
        if lacks == "groups" and line in aside:
            lacks = SET_ASIDE
        if lacks == "reference" and plan.dataset_id in waiting:
            lacks = "acceptance"
        beside = [withdrawn.get(plan.dataset_id), asked_again.get(line), plan.model.registered_at]
        found.append(NotAsked(plan, lacks, _since(plan, planned, arrived.get(plan.dataset_id), beside)))
    return found


def missed(waiting: Iterable[NotAsked], open_now: Mapping[str, Finding], now: datetime) -> Iterator[Noted]:
    """A finding per plan that has waited for longer than the tolerance; one that is open stays, whatever else goes missing."""
    for each in waiting:
        known = open_now.get(each.key)
        told = [datetime.fromisoformat(known.summary["since"])] if known else []
        since = min([*told, *([each.since] if each.since else [])], default=None)
        if each.lacks in MISSING and since and (known or now - since > tiers.tolerance()):
            yield _noted(each, since, now)


def over(
    planned: Planned, waiting: Iterable[NotAsked], open_now: Mapping[str, Finding]
) -> dict[str, list[UUID]]:
    """Findings that hold no more, by the cause of their end. Those of a plan that has ended go with its dataset or its model."""
    lacks = {each.key: each.lacks for each in waiting}
    causes: dict[str, list[UUID]] = {}
    for key in (_key(plan) for plan in planned.plans):
        if key in open_now and lacks.get(key) not in MISSING:
            cause = "not_applicable" if lacks.get(key) == SET_ASIDE else "complete"
            causes.setdefault(cause, []).append(open_now[key].pk)
    return causes


def refusal(waiting: Sequence[NotAsked]) -> str:
    """Why nothing can be run now."""
    if not waiting:
        return str(waiting_words.NOTHING)
    return str(waiting_words.NONE_ASKED) % {"checks": " ".join(each.sentence for each in waiting)}


def _key(plan: Plan) -> str:
    """Of the finding: setting the plan anew begins no other one."""
    return f"not_asked:{plan.dataset_id}:{plan.check_key}"


def _noted(each: NotAsked, since: datetime, now: datetime) -> Noted:
    plan = each.plan
    # What was answered before says nothing of today either.
    is_long = ticks.is_stale(since, now, plan.every_days)
    return Noted(
        organisation_id=plan.organisation_id,
        model_id=plan.model_id,
        kind=FindingKind.NOT_RUN,
        key=each.key,
        severity="red" if is_long else "amber",
        summary={"key": "not_asked", "lacks": each.lacks, "since": since.isoformat()},
        about={"dataset_id": plan.dataset_id, "check_key": plan.check_key},
    )


def _lacks(plan: Plan, planned: Planned) -> str:
    return planning.lacks(plan, planned.newest) or ("" if plan.model_id in planned.versions else "version")


def _since(
    plan: Plan, planned: Planned, arrived: datetime | None, beside: Iterable[datetime | None]
) -> datetime | None:
    """The last of what had to be there before it was missed. Data that go on arriving must not put that off."""
    versions = planned.versions.get(plan.model_id)
    if arrived is None or not versions:
        return None
    return max(plan.set_at, arrived, versions[0].created_at, *(at for at in beside if at))


def _arrived(plans: Iterable[Plan]) -> dict[UUID, datetime]:
    """By dataset when the first of its current data periods that stand came."""
    datasets = {plan.dataset_id for plan in plans}
    there = Window.objects.standing().filter(part=Part.CURRENT, dataset__in=datasets)
    return dict(there.order_by().values_list("dataset_id").annotate(Min("uploaded_at")))


def _references(plans: Iterable[Plan]) -> tuple[set[UUID], dict[UUID, datetime]]:
    """Datasets with a reference that waits for the second line, and when the last one that counted was withdrawn, by dataset."""
    waiting: set[UUID] = set()
    withdrawn: dict[UUID, datetime] = {}
    there = Window.objects.filter(part=Part.REFERENCE, dataset__in={plan.dataset_id for plan in plans})
    rows = there.order_by("withdrawn_at").values_list("dataset_id", "acceptance", "withdrawn_at")
    for dataset_id, acceptance, withdrawn_at in rows:
        if withdrawn_at is None and acceptance == Acceptance.WAITING:
            waiting.add(dataset_id)
        if withdrawn_at is not None and acceptance in COUNTED:
            withdrawn[dataset_id] = withdrawn_at
    return waiting, withdrawn


def _set_aside(plans: Iterable[Plan]) -> tuple[set[Line], dict[Line, datetime]]:
    """Checks of datasets that are set aside, and when a reason was last taken back."""
    aside: set[Line] = set()
    taken_back: dict[Line, datetime] = {}
    given = NotApplicable.objects.filter(plan__dataset__in={plan.dataset_id for plan in plans})
    rows = given.order_by("ended_at").values_list("plan__dataset_id", "plan__check_key", "ended_at")
    for dataset_id, check_key, ended_at in rows:
        if ended_at is None:
            aside.add((dataset_id, check_key))
        else:
            taken_back[dataset_id, check_key] = ended_at
    return aside, taken_back
