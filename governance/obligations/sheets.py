"""Keeps the duties of each model up to its revision: what is behind is computed again, what is equal is not written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.inventory.words import Status
from governance.obligations.facts import circumstances
from governance.obligations.judging import Excused, Judgement, groups_as_json, judge
from governance.obligations.matrix import standing
from governance.obligations.models import Conclusion, Duty, DutySheet
from governance.obligations.papers import pull
from governance.obligations.past.keeping import keep
from governance.obligations.rules import Answered, ConclusionFact, Ground, spoken
from governance.obligations.surroundings import Surroundings, owed, surroundings
from governance.obligations.waiving.models import Waiver
from governance.people.acting import acting, viewing
from governance.people.actor import Actor

ASKS_NOTHING = frozenset({"none", "not_applicable"})

COLUMNS = ("status", "concluded", "groups", "reasons", "evidence_ids", "evidence_digest", "due_on")


def catch_up(organisation_id: UUID) -> None:
    """Compute again the models of one organisation that are behind, each in a transaction of its own.

    When nothing is behind it only reads: it opens no write transaction, so it rings nobody.
    """
    by = Actor.system("requirements", organisation_id)
    with viewing(by):
        around = surroundings(organisation_id)
        sheets = {sheet.model_id: sheet for sheet in DutySheet.objects.filter(model__in=around.models)}
        late = [model for model in around.models if is_behind(model, sheets.get(model.pk), around)]
    for model in late:
        bring_up(by=by, model=model, around=around)


def is_behind(model: AIModel, sheet: DutySheet | None, around: Surroundings) -> bool:
    if sheet is None or sheet.computed_at_revision != model.revision or sheet.basis != around.basis(model):
        return True
    return has_lapsed(sheet)


def bring_up(*, by: Actor, model: AIModel, around: Surroundings) -> None:
    """Pull the papers, then compute. The revision is read first: news that comes meanwhile leaves the sheet behind."""
    with acting(by, "duties.computed", quiet=True):  # the rooms above come after this one in the same sweep
        _alone(model)
        pull(by=by, model=model)
        model = AIModel.objects.get(pk=model.pk)
        sheet = DutySheet.objects.filter(model=model).first()
        if model.status != Status.WITHDRAWN and is_behind(model, sheet, around):
            _write(model, around, sheet)


def _alone(model: AIModel) -> None:
    """Two workers wait for each other; the second finds the sheet up to date."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"duties of {model.pk}"])


def _write(model: AIModel, around: Surroundings, former: DutySheet | None) -> None:
    frameworks = around.frameworks_on(model)
    editions = {framework.key: framework.edition for framework in frameworks}
    judgement = judge(
        circumstances(
            model,
            organisation_flags=around.organisation_flags(model),
            licensed=around.licensed,
            as_of=timezone.localdate(),
        ),
        owed(frameworks),
        excuses(model),
    )
    _write_duties(model, judgement, around, former, editions)
    standing.keep(model, judgement.counts)
    DutySheet.objects.update_or_create(
        model=model,
        defaults={
            "organisation_id": model.organisation_id,
            "computed_at_revision": model.revision,
            "computed_at": timezone.now(),
            "stale_after": judgement.stale_after,
            "basis": around.basis(model),
            "editions": editions,
            "counts": judgement.counts,
            "failing": judgement.failing,
        },
    )


def excuses(model: AIModel) -> dict[str, Excused]:
    """Waivers and accepted gaps that stand today, by key of the requirement."""
    rows = Waiver.objects.filter(model=model).standing(timezone.localdate()).select_related("control")
    return {row.obligation_key: Excused(row.kind, row.holds_until) for row in rows}


def _write_duties(
    model: AIModel,
    judgement: Judgement,
    around: Surroundings,
    sheet: DutySheet | None,
    editions: Mapping[str, str],
) -> None:
    """Write the rows that changed, in one statement, take away those that are no longer on, and keep the change."""
    former = {row.pop("obligation_id"): row for row in _former(model)}
    concluded = conclusions(model)
    rows = {
        owed.obligation.pk: _row(
            answered,
            concluded.get(owed.obligation.key),
            Ground(owed.framework.edition, around.has_signed(owed), owed.requirement.binds),
        )
        for owed, answered in judgement.answers
    }
    fresh = [
        Duty(organisation_id=model.organisation_id, model=model, obligation_id=key, **row)
        for key, row in rows.items()
        if former.get(key) != row
    ]
    if fresh:
        unique = ["organisation", "model", "obligation"]
        Duty.objects.bulk_create(fresh, update_conflicts=True, unique_fields=unique, update_fields=COLUMNS)
    gone = former.keys() - rows.keys()
    if gone:
        Duty.objects.filter(model=model, obligation_id__in=gone).delete()
    keep(model, former, rows, editions, lapsed=has_lapsed(sheet))


def has_lapsed(sheet: DutySheet | None) -> bool:
    return sheet is not None and sheet.stale_after is not None and sheet.stale_after < timezone.localdate()


def _former(model: AIModel) -> Iterable[dict[str, Any]]:
    return Duty.objects.filter(model=model).order_by().values("obligation_id", *COLUMNS)


def _row(answered: Answered, conclusion: ConclusionFact | None, ground: Ground) -> dict[str, Any]:
    return {
        "status": answered.status,
        "concluded": spoken(conclusion, answered, ground),
        "groups": groups_as_json(answered),
        "reasons": [reason.as_dict() for reason in answered.reasons],
        "evidence_ids": list(answered.evidence_ids),
        "evidence_digest": answered.digest,
        "due_on": answered.due_on,
    }


def conclusions(model: AIModel) -> dict[str, ConclusionFact]:
    """What the second line concluded last, by key of the requirement."""
    rows = Conclusion.objects.filter(model=model, superseded_at=None)
    return {
        key: ConclusionFact(verdict, digest, edition)
        for key, verdict, digest, edition in rows.values_list(
            "obligation_key", "verdict", "evidence_digest", "edition"
        )
    }
