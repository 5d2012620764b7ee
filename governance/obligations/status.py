"""Where a requirement stands on a day: the computed evidence status. It never says that the law is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from governance.obligations.applicability import Applies, Flags, applies, groups
from governance.obligations.conclusion import evidence_digest
from governance.obligations.evidence import Case, EvidenceFact, Judged, Subject, a_year_after, weigh
from governance.obligations.reason import Reason
from governance.obligations.requirement import STATUS_NORMS, Group, Requirement

Status = Literal[
    "on_file",
    "due_soon",
    "overdue",
    "failing",
    "missing",
    "open",
    "not_applicable",
    "accepted_gap",
    "waived",
    "supported",
    "ready",
    "not_ready",
    "none",
]
DUE_SOON = timedelta(days=30)
AFTER_THE_EVENT = frozenset({"document:incident_report", "authority_notification"})
EVENTS = frozenset({"incident_occurred", "audit_planned"})
FIELD = "registration_field:"


@dataclass(frozen=True)
class GroupAnswer:
    """One active group. missing: the alternatives, any of which would do. open: flags nobody has answered.

    until: the last day on which the group is answered, or was.
    """

    number: int
    satisfied: bool
    by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    lapsed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    until: date | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Answered:
    """evidence_ids: what counts and what fails. digest: of exactly these, so that a conclusion can name it.

    due_on: the first day on which a group ceases (or ceased) to be answered, None = none is known.
    """

    status: Status
    groups: tuple[GroupAnswer, ...] = ()
    reasons: tuple[Reason, ...] = ()
    evidence_ids: tuple[str, ...] = ()
    digest: str = ""

    @property
    def due_on(self) -> date | None:
        return min((group.until for group in self.groups if group.until is not None), default=None)


def answer(
    requirement: Requirement,
    flags: Flags,
    evidence: Sequence[EvidenceFact],
    as_of: date,
    subject: Subject,
) -> Answered:
    """Judges one requirement by what was on file on a day. Source: answer_rules in vocabularies.yaml."""
    applicable = applies(requirement.when, flags)
    refusal = _not_applicable(requirement, flags, applicable, as_of)
    if refusal is not None:
        return Answered("not_applicable", reasons=(refusal,))
    case = Case(requirement, flags, subject, as_of)
    judged = [_group(case, group, verdict, evidence) for group, verdict in groups(requirement, flags)]
    reasons = [*_remarks(requirement, applicable), *(reason for group in judged for reason in group.reasons)]
    return _with_digest(
        Answered(_status(case, applicable, judged), tuple(judged), tuple(reasons)), evidence, subject
    )


def _not_applicable(
    requirement: Requirement, flags: Flags, applicable: Applies, as_of: date
) -> Reason | None:
    if not applicable.active:
        return Reason.of("does_not_apply", flags=applicable.because)
    if requirement.in_force_from is not None and as_of < requirement.in_force_from:
        return Reason.of("not_in_force_yet", on=requirement.in_force_from)
    if requirement.in_force_to is not None and as_of > requirement.in_force_to:
        return Reason.of("no_longer_in_force", on=requirement.in_force_to)
    if requirement.groups and not groups(requirement, flags):
        return Reason.of("no_active_group")
    return None


def _remarks(requirement: Requirement, applicable: Applies) -> list[Reason]:
    remarks = []
    if applicable.answer == "open":
        remarks.append(Reason.of("unanswered", flags=applicable.because))
    if requirement.in_force_unknown:
        remarks.append(Reason.of("in_force_unknown"))
    return remarks


def _group(case: Case, group: Group, verdict: Applies, evidence: Sequence[EvidenceFact]) -> GroupAnswer:
    fields = [kind for kind in group.any_of if kind.startswith(FIELD)]
    filled = tuple(kind for kind in fields if kind.removeprefix(FIELD) in case.subject.filled)
    judged = [item for kind in group.any_of if kind not in fields for item in weigh(case, kind, evidence)]
    counting = [item for item in judged if item.standing == "counts"]
    failing = tuple(item.fact.id for item in judged if item.standing == "failing")
    # A failed check is not outvoted by an alternative: nothing green may hide it.
    satisfied = bool(counting or filled) and not failing
    answered = GroupAnswer(
        number=group.number,
        satisfied=satisfied,
        by=tuple(item.fact.id for item in counting) + filled,
        missing=() if counting or filled else group.any_of,
        failing=failing,
        lapsed=tuple(item.fact.id for item in judged if item.standing == "lapsed"),
        open=verdict.because if verdict.answer == "open" else (),
        until=None if filled else _lasts_until(counting or [i for i in judged if i.standing == "lapsed"]),
    )
    return replace(answered, reasons=_reasons(case, answered, judged))


def _lasts_until(items: Sequence[Judged]) -> date | None:
    days = [item.until for item in items if item.until is not None]
    return max(days) if days and len(days) == len(items) else None


def _reasons(case: Case, group: GroupAnswer, judged: Sequence[Judged]) -> tuple[Reason, ...]:
    """What a reader needs to know of this group; what did not count is told only where something lacks."""
    told = {"counts", "failing"} if group.by else {"counts", "failing", "lapsed", "silent"}
    found = [reason for item in judged if item.standing in told for reason in item.reasons]
    if group.missing:
        found.append(Reason.of("nothing_on_file", kinds=group.missing))
    if group.open:
        found.append(Reason.of("group_unanswered", flags=group.open))
    if _is_due_soon(group, case.as_of) and group.until is not None:
        found.append(Reason.of("due_soon", on=group.until))
    return tuple(Reason.of(reason.key, group=group.number, **dict(reason.params)) for reason in found)


def _is_due_soon(group: GroupAnswer, as_of: date) -> bool:
    return group.satisfied and group.until is not None and group.until - DUE_SOON <= as_of


def _status(case: Case, applicable: Applies, judged: Sequence[GroupAnswer]) -> Status:
    norm = case.requirement.norm
    if norm == "principle":
        return "supported" if judged and all(group.satisfied for group in judged) else "none"
    if norm == "on_event" and not _event_recorded(case):
        return _readiness(case, judged)
    if norm in STATUS_NORMS or norm == "on_event":
        return _standing(case, applicable, judged)
    return "none"


def _event_recorded(case: Case) -> bool:
    """An incident is on record, or the requirement speaks only of an event that its own condition names."""
    named = EVENTS.intersection(case.requirement.when.flags)
    return case.flags.get("incident_occurred") is True or bool(named)


def _readiness(case: Case, judged: Sequence[GroupAnswer]) -> Status:
    afterwards = {g.number for g in case.requirement.groups if AFTER_THE_EVENT.issuperset(g.any_of)}
    return "ready" if all(g.satisfied for g in judged if g.number not in afterwards) else "not_ready"


def _standing(case: Case, applicable: Applies, judged: Sequence[GroupAnswer]) -> Status:
    """The worst of the groups; a lapse is overdue only where the law itself sets the interval."""
    lacking = [group for group in judged if not group.satisfied]
    if any(group.failing for group in judged):
        return "failing"
    if case.requirement.interval_is_law and any(group.lapsed for group in lacking):
        return "overdue"
    if any(not group.open for group in lacking) and applicable.answer == "yes":
        return "missing"
    if lacking:
        return "open"
    return "due_soon" if any(_is_due_soon(group, case.as_of) for group in judged) else "on_file"


def _with_digest(answered: Answered, evidence: Sequence[EvidenceFact], subject: Subject) -> Answered:
    named = {item for group in answered.groups for item in (*group.by, *group.failing)}
    used = [fact for fact in evidence if fact.id in named]
    fields = {kind: subject.filled[kind.removeprefix(FIELD)] for kind in named if kind.startswith(FIELD)}
    return replace(
        answered,
        evidence_ids=tuple(sorted({fact.id for fact in used})),
        digest=evidence_digest(used, fields),
    )


def stale_after(
    requirement: Requirement,
    flags: Flags,
    evidence: Sequence[EvidenceFact],
    as_of: date,
    subject: Subject,
) -> date | None:
    """The last day on which today's answer still holds if nothing but time passes; None = without end."""
    kinds = {kind for group in requirement.groups for kind in group.any_of}
    relevant = [fact for fact in evidence if fact.kind in kinds]
    today = answer(requirement, flags, relevant, as_of, subject)
    for day in sorted(_turning_days(requirement, relevant, subject)):
        if day > as_of and answer(requirement, flags, relevant, day, subject) != today:
            return day - timedelta(days=1)
    return None


def _turning_days(requirement: Requirement, evidence: Sequence[EvidenceFact], subject: Subject) -> set[date]:
    """Every day on which an answer could turn; judging them in order finds the first on which it does."""
    next_day = timedelta(days=1)
    days = {requirement.in_force_from, subject.version_since}
    if requirement.in_force_to is not None:
        days.add(requirement.in_force_to + next_day)
    for fact in evidence:
        year = a_year_after(fact.taken_on)
        days |= {fact.taken_on, fact.revoked_at.date() if fact.revoked_at else None}
        days |= {year + next_day, year - DUE_SOON}
        if fact.valid_until is not None:
            days |= {fact.valid_until + next_day, fact.valid_until - DUE_SOON}
    return {day for day in days if day is not None}
