"""What is on file for one kind of evidence, and whether it counts for one requirement on one day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from governance.obligations.applicability import Flags
from governance.obligations.reason import Reason
from governance.obligations.requirement import Requirement

Verdict = Literal[
    "on_file", "passed", "failed", "uncertain", "amber", "insufficient_data", "not_applicable", "not_run"
]
Standing = Literal["counts", "failing", "lapsed", "silent"]

WORST_FIRST: tuple[Verdict, ...] = (
    "failed",
    "not_run",
    "insufficient_data",
    "not_applicable",
    "uncertain",
    "amber",
    "on_file",
    "passed",
)
TEXTS = ("notification_text", "label_text")
VERSIONED = ("check:", "approval")


@dataclass(frozen=True)
class EvidenceFact:
    """One piece of evidence. Moments are aware and in the zone in which days are counted.

    series: runs of one plan, revisions of one document; within a series only the latest speaks.
    valid_until: the last day on which it counts, by its own word. in_use: of texts, that clients see it. language: of
    texts, "" = not told.
    """

    id: str
    kind: str
    verdict: Verdict
    taken_at: datetime
    model_id: str | None = None
    version_id: str | None = None
    series: str = ""
    digest: str = ""
    valid_until: date | None = None
    revoked_at: datetime | None = None
    in_use: bool = False
    language: str = ""

    @property
    def taken_on(self) -> date:
        return self.taken_at.date()

    @property
    def is_check(self) -> bool:
        """The answer of a plan, also where it gives evidence that a paper may give as well."""
        return self.kind.startswith("check:") or self.series.startswith("plan:")

    def is_held(self, as_of: date) -> bool:
        revoked = self.revoked_at is not None and self.revoked_at.date() <= as_of
        return self.taken_on <= as_of and not revoked


@dataclass(frozen=True)
class Subject:
    """Whose requirement it is. filled: registration fields that hold a value, and the value as text.

    languages: those in which clients are addressed; empty = the registration does not say.
    """

    model_id: str | None
    version_id: str | None = None
    version_since: date | None = None
    filled: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """One piece of evidence, weighed. until: the last day on which it counts, None = without end."""

    fact: EvidenceFact
    standing: Standing
    until: date | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Case:
    """Everything that one judgement looks at, so that the functions below share one word for it."""

    requirement: Requirement
    flags: Flags
    subject: Subject
    as_of: date


def weigh(case: Case, kind: str, evidence: Iterable[EvidenceFact]) -> list[Judged]:
    """The latest piece of each series of one kind, weighed. Empty when nothing of the kind is on file."""
    held = [
        fact for fact in evidence if fact.kind == kind and _belongs(case, fact) and fact.is_held(case.as_of)
    ]
    if not held:
        return []
    fitting = [fact for fact in held if _fits_version(case, fact)]
    if not fitting:
        newest = max(held, key=lambda fact: fact.taken_at)
        return [Judged(newest, "silent", reasons=(Reason.of("other_version", kind=kind),))]
    judged = [_judge(case, fact) for fact in _latest(fitting)]
    return _in_each_language(case, kind, judged) if kind in TEXTS else judged


def _in_each_language(case: Case, kind: str, judged: list[Judged]) -> list[Judged]:
    """A text that some clients cannot read tells them nothing: none counts before there is one for each language."""
    counting = [item for item in judged if item.standing == "counts"]
    asked = case.subject.languages
    lacking = [language for language in asked if language not in {item.fact.language for item in counting}]
    if not counting or not asked:
        return judged
    others = [item for item in judged if item.standing != "counts"]
    if lacking:
        told = [Reason.of("text_lacks_language", kind=kind, language=language) for language in lacking]
        return [*others, *(Judged(item.fact, "silent", reasons=tuple(told)) for item in counting[:1])]
    until = min(filter(None, [_last_day(counting, language) for language in asked]), default=None)
    return [*others, *(replace(item, until=_earlier(item.until, until)) for item in counting)]


def _last_day(counting: Sequence[Judged], language: str) -> date | None:
    """Until when there is a text in this language, None = without end."""
    days = [item.until for item in counting if item.fact.language == language]
    return None if None in days else max(day for day in days if day is not None)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _belongs(case: Case, fact: EvidenceFact) -> bool:
    """A model answers with its own evidence, an organisation-level requirement with the organisation's."""
    if case.requirement.level == "organisation":
        return fact.model_id is None
    return fact.model_id is not None and fact.model_id == case.subject.model_id


def _fits_version(case: Case, fact: EvidenceFact) -> bool:
    """Checks and approvals speak of one version; other evidence too where the law itself asks per release."""
    same = fact.version_id is not None and fact.version_id == case.subject.version_id
    if fact.is_check:
        return same
    per_release = case.requirement.periodicity == "per_release" and case.requirement.interval_is_law
    if fact.kind.startswith(VERSIONED) or per_release:
        return same or fact.version_id is None
    return True


def _latest(facts: Sequence[EvidenceFact]) -> list[EvidenceFact]:
    """The last word of every series; of two at the same moment the worse one."""
    last: dict[str, EvidenceFact] = {}
    for fact in sorted(facts, key=lambda fact: (fact.taken_at, -WORST_FIRST.index(fact.verdict), fact.id)):
        last[fact.series] = fact
    return [last[series] for series in sorted(last)]


def _judge(case: Case, fact: EvidenceFact) -> Judged:
    if fact.verdict == "failed":
        return Judged(fact, "failing", reasons=(Reason.of("failed", kind=fact.kind, on=fact.taken_on),))
    silence = _why_silent(case, fact)
    if silence is not None:
        return Judged(fact, "silent", reasons=(Reason.of(silence, kind=fact.kind),))
    until, lapse = _until(case.requirement, fact)
    if until is not None and until < case.as_of:
        return Judged(fact, "lapsed", until, (Reason.of(lapse, kind=fact.kind, on=until),))
    return Judged(fact, "counts", until, tuple(_remarks(case, fact)))


def _why_silent(case: Case, fact: EvidenceFact) -> str | None:
    """Why this piece neither counts nor fails; "not run" and "too few rows" are never green."""
    if fact.verdict in ("insufficient_data", "not_applicable", "not_run"):
        return fact.verdict
    if fact.kind == "vendor_disclosure" and case.flags.get("third_party", False) is not True:
        return "no_vendor"
    if fact.kind in TEXTS and not fact.in_use:
        return "text_not_in_use"
    return None


def _until(requirement: Requirement, fact: EvidenceFact) -> tuple[date | None, str]:
    """The last day on which it counts and the reason key for the day after."""
    yearly = requirement.interval_is_law and requirement.periodicity == "annual"
    year = a_year_after(fact.taken_on) if yearly else None
    if year is not None and (fact.valid_until is None or year <= fact.valid_until):
        return year, "older_than_a_year"
    return fact.valid_until, "expired"


def _remarks(case: Case, fact: EvidenceFact) -> Iterable[Reason]:
    if fact.verdict in ("uncertain", "amber"):
        yield Reason.of(fact.verdict, kind=fact.kind, on=fact.taken_on)
    if review_on(case, fact) is not None:
        yield Reason.of("review_suggested", kind=fact.kind, since=fact.taken_on)


def review_on(case: Case, fact: EvidenceFact) -> date | None:
    """The day since which a review is suggested: never a deadline, for the text sets no interval."""
    requirement, since = case.requirement, case.subject.version_since
    if requirement.interval_is_law:
        return None
    if requirement.periodicity == "annual" and a_year_after(fact.taken_on) < case.as_of:
        return a_year_after(fact.taken_on)
    if requirement.periodicity == "per_release" and since is not None and fact.taken_on < since <= case.as_of:
        return since
    return None


def a_year_after(day: date) -> date:
    """The same day next year; of 29 February the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
