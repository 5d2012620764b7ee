"""What a candidate would change, a line each, for a program or a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from governance.obligations.preview.regraded import Consequences
from governance.obligations.preview.turning import Turn
from governance.risk.preview.regrading import Regraded
from monitoring.preview.turning import Coloured, Preview, Turned

Told = dict[str, str]


def line(told: Told) -> str:
    """The same line for every kind of thing."""
    what = " ".join(
        told[key] for key in ("kind", "axis", "check", "requirement", "questions") if told.get(key)
    )
    where = f"{told['organisation']} {told['model']}"
    return f"{where}  {what}  {told['was'] or '-'} → {told['now'] or '-'}  {told.get('on', '')}".rstrip()


def requirement(turn: Turn) -> Told:
    named = _named("requirement", turn)
    ends = {"was": turn.was, "now": turn.now, "on": turn.on.isoformat()}
    return {**named, "requirement": turn.obligation.key, **ends}


def turned(turns: Sequence[Turn]) -> str:
    return f"{len(turns)} requirements turn, {sum(turn.turns_red for turn in turns)} of them to red"


def grades(found: Consequences) -> Iterator[Told]:
    on = found.regrading.on.isoformat()
    for row in found.regrading.rows:
        yield from ({**told, "on": on} for told in _grade(row))
    yield from map(requirement, found.turns)


def of_grades(found: Consequences) -> str:
    regrading = found.regrading
    head = f"{regrading.questionnaire.edition}: {regrading.models} models judged"
    lacking = sum(row.now is None for row in regrading.rows)
    said = f"{len(regrading.rows)} grades change, {lacking} of them are open or refused"
    return f"{head}, {regrading.ungraded} have no grade yet, {said}, {turned(found.turns)}"


def limits(found: Preview) -> Iterator[Told]:
    for check in found.checks:
        finding = {"finding_was": check.finding_was, "finding_now": check.finding_now}
        ends = {"was": check.was, "now": check.now}
        yield {**_named("check", check), "check": check.run.check_key, **ends, **finding}
    yield from ({**_named("model", each), "was": each.was, "now": each.now} for each in found.models)
    yield from map(requirement, found.turns)


def of_limits(found: Preview) -> str:
    head = f"{found.answers} answers judged again, {found.stale} of them too old"
    return f"{head}, {len(found.checks)} checks and {len(found.models)} models change, {turned(found.turns)}"


def _grade(row: Regraded) -> Iterator[Told]:
    named = _named("grade", row)
    if row.now is None:
        asked = " ".join(question.id for question in row.questions)
        yield {**named, "axis": "all", "questions": asked, "was": "graded", "now": row.outcome}
    yield from ({**named, "axis": each.axis, "was": each.was, "now": each.now} for each in row.changes)


def _named(kind: str, row: Turn | Regraded | Turned | Coloured) -> Told:
    return {"kind": kind, "organisation": row.organisation.bin, "model": row.model.number}
