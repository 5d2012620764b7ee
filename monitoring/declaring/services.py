"""The only writers of this room: a participant declares what it computed, the register holds that against its own runs."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.rights import require
from monitoring.data.ended import refuse_ended
from monitoring.data.models import Dataset, Part, Window
from monitoring.declaring import queries, rules
from monitoring.declaring.models import Declared
from monitoring.declaring.queries import Compared
from monitoring.declaring.rules import Said
from monitoring.runs import findings
from monitoring.runs.findings import Noted
from monitoring.runs.models import Finding, FindingKind


def declare(*, by: Actor, version: ModelVersion, window: Window, figures: Sequence[Said]) -> list[Declared]:
    """Put figures on file that the participant computed; a later word on the same figure takes the former's place.

    They are evidence of nothing. Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    with acting(by, "measurement.declared"):
        model = AIModel.objects.select_for_update(no_key=True).get(pk=window.model_id)
        require(by, "measurement.declare", model)
        problems = [*_misplaced(version, window), *rules.problems_of(figures)]
        if problems:
            raise RuleBroken(_("Nothing was declared."), problems)
        if model.withdrawn_at or window.withdrawn_at or version.withdrawn_at:
            raise OutOfOrder(_("The model, the version or the data period is withdrawn."))
        refuse_ended(Dataset.objects.get(pk=window.dataset_id))
        now = timezone.now()
        standing = Declared.objects.filter(version=version, window=window, superseded_at=None)
        for said in figures:
            same = standing.filter(check_key=said.check, metric=said.metric, subject=said.subject)
            same.update(superseded_at=now)
        return Declared.objects.bulk_create(
            Declared(
                organisation_id=model.organisation_id,
                model=model,
                version=version,
                window=window,
                check_key=said.check,
                metric=said.metric,
                subject=said.subject,
                value=said.value,
                n=said.n,
                declared_by_id=by.person,
                declared_at=now,
            )
            for said in figures
        )


def _misplaced(version: ModelVersion, window: Window) -> list[Problem]:
    problems = []
    if version.model_id != window.model_id:
        problems.append(Problem("version", _("This is a version of another model.")))
    if window.part != Part.CURRENT:
        problems.append(Problem("window", _("Figures are declared for a current data period.")))
    return problems


def catch_up(organisation_id: UUID) -> None:
    """A declared figure that the register's own run contradicts is a finding, until they agree. Writes only what is new."""
    clerk = Actor.system("checks clerk", organisation_id)
    with viewing(clerk):
        there = Declared.objects.filter(organisation_id=organisation_id, window__dataset__ended_at=None)
        pairs = queries.compared(there.standing())
        noted = _contradicted(pairs)
        open_now = Finding.objects.open().filter(organisation_id=organisation_id, kind=FindingKind.DECLARED)
        known = {each.key: each for each in open_now}
    news = [each for key, each in noted.items() if key not in known or known[key].summary != each.summary]
    settled = [each.pk for key, each in known.items() if key not in noted]
    if news or settled:
        with acting(clerk, "findings.kept"), transaction.atomic():
            for each in news:
                findings.note(each)
            findings.close(Finding.objects.filter(pk__in=settled), "agrees")


def _contradicted(pairs: Sequence[Compared]) -> dict[str, Noted]:
    """One finding of all that a declaration says wrongly of one check, version and data period."""
    lines: dict[str, list[Compared]] = {}
    for pair in pairs:
        if pair.state == "disagrees":
            lines.setdefault(_key(pair.declared), []).append(pair)
    return {key: _noted(key, wrong) for key, wrong in lines.items()}


def _key(declared: Declared) -> str:
    return f"{FindingKind.DECLARED}:{declared.check_key}:{declared.version_id}:{declared.window_id}"


def _noted(key: str, wrong: Sequence[Compared]) -> Noted:
    declared, measured = wrong[0].declared, wrong[0].measured
    assert measured is not None
    return Noted(
        organisation_id=declared.organisation_id,
        model_id=declared.model_id,
        kind=FindingKind.DECLARED,
        key=key,
        severity="red",
        summary={
            "key": "declared_rows" if wrong[0].judged.rule == "rows" else "declared",
            "count": len(wrong),
            "metric": declared.metric,
            "subject": declared.subject,
            "declared": declared.value,
            "measured": measured.value,
            "rows": [declared.n, measured.n],
        },
        about={
            "dataset_id": declared.window.dataset_id,
            "check_key": declared.check_key,
            "version_id": declared.version_id,
            "window_id": declared.window_id,
            "run_id": measured.result.run_id,
        },
    )
