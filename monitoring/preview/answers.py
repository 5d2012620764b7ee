"""The last answers on file of everybody's checks, and what each would have been under other limits."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import cast
from uuid import UUID

from governance import store
from governance.inventory.models import ModelVersion
from monitoring.checks import CHECKS
from monitoring.checks.check import Judged, Limits
from monitoring.data import periods
from monitoring.runs.models import Run, RunStatus


def latest(model_ids: Collection[UUID]) -> list[Run]:
    """Of each plan that stands the last answer over the latest data period, for the newest version. Two queries."""
    standing = ModelVersion.objects.filter(model__in=model_ids, withdrawn_at=None)
    newest = standing.order_by("model_id", "-created_at").distinct("model_id").values_list("pk", flat=True)
    answered = Run.objects.filter(
        plan__ended_at=None,
        version__in=list(newest),
        status=RunStatus.DONE,
        window__withdrawn_at=None,
        result__isnull=False,
    ).exclude(result__summary__has_key="withdrawn")
    ordered = periods.latest_first(answered, "plan_id", prefix="window__")
    found = ordered.order_by(*ordered.query.order_by, "-finished_at").distinct("plan_id")
    return list(found.select_related("plan", "window", "result"))


def judged_again(run: Run, limits: Limits) -> Judged | None:
    """The verdict on the result on file under these limits; None where the file cannot say.

    Nothing is measured. What was refused, or measured by another version of the check, has no other verdict on file.
    """
    check = CHECKS[run.check_key]
    try:
        result = json.loads(store.read(run.organisation_id, run.result.sha256))
    except store.Damaged:
        return None
    if str(result.get("check_version")) != str(check.version):
        return None
    return check.judge_again(result, cast(Limits, run.plan.limits), {**run.plan.limits, **limits})
