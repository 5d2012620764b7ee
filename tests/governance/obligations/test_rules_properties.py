"""What must hold of every requirement of the catalogue, whatever is on file."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from governance.obligations.edition import editions, vocabularies
from governance.obligations.evidence import a_year_after
from governance.obligations.reason import Reason
from governance.obligations.rules import (
    ConclusionFact,
    Ground,
    Subject,
    answer,
    met,
    spoken,
    stale_after,
)
from governance.obligations.status import AFTER_THE_EVENT
from tests.governance.obligations.judging import TODAY, fact

REQUIREMENTS = [entry.requirement for edition in editions() for entry in edition.entries]
FLAGS = sorted(vocabularies()["flags"])
VERDICTS = [
    "on_file",
    "passed",
    "uncertain",
    "amber",
    "failed",
    "insufficient_data",
    "not_applicable",
    "not_run",
]
WORST_FIRST = [
    "failing",
    "overdue",
    "missing",
    "open",
    "not_ready",
    "none",
    "due_soon",
    "on_file",
    "ready",
    "supported",
]
PASSING = {"on_file", "passed", "uncertain", "amber"}
GREEN = {"on_file", "due_soon", "supported", "ready"}
EDITIONS = ["2026-11-22", "2025-01-01"]
FIELDS = sorted(vocabularies()["registration_fields"])
SUBJECT = Subject(model_id="m", version_id="v2", version_since=date(2026, 11, 1))

days = st.integers(0, 900).map(lambda ago: TODAY - timedelta(days=ago))


@st.composite
def cases(draw):
    requirement = draw(st.sampled_from([r for r in REQUIREMENTS if r.groups]))
    flags = draw(st.fixed_dictionaries({flag: st.sampled_from([True, False, None]) for flag in FLAGS}))
    kinds = sorted({kind for group in requirement.groups for kind in group.any_of})
    return requirement, flags, draw(st.lists(facts(requirement, kinds), max_size=6))


@st.composite
def facts(draw, requirement, kinds):
    return fact(
        draw(st.sampled_from(kinds)),
        draw(st.sampled_from(VERDICTS)),
        on=draw(days),
        series=draw(st.sampled_from(["", "other"])),
        model_id=None if requirement.level == "organisation" else "m",
        valid_until=draw(st.none() | st.integers(-400, 400).map(lambda days: TODAY + timedelta(days=days))),
        in_use=draw(st.booleans()),
    )


@given(cases(), st.data())
@settings(max_examples=300, deadline=None)
def test_adding_fresh_passing_evidence_never_worsens_an_answer(case, data):
    requirement, flags, evidence = case
    kinds = sorted({kind for group in requirement.groups for kind in group.any_of})
    model = None if requirement.level == "organisation" else "m"
    fresh = fact(data.draw(st.sampled_from(kinds)), "passed", hour=23, model_id=model, in_use=True)

    before = answer(requirement, flags, evidence, TODAY, SUBJECT)
    after = answer(requirement, flags, [*evidence, fresh], TODAY, SUBJECT)

    if before.status == "not_applicable":
        assert after.status == "not_applicable"
    else:
        assert WORST_FIRST.index(after.status) >= WORST_FIRST.index(before.status)


@given(cases())
@settings(max_examples=200, deadline=None)
def test_nothing_is_on_file_while_a_check_fails_or_a_group_lacks_evidence(case):
    answered = answer(*case, TODAY, SUBJECT)
    if answered.status in ("on_file", "due_soon", "supported"):
        assert all(group.satisfied and not group.failing for group in answered.groups)


@given(cases())
@settings(max_examples=200, deadline=None)
def test_an_answer_holds_on_every_day_until_it_is_stale_and_changes_on_the_next(case):
    requirement, flags, evidence = case
    last = stale_after(requirement, flags, evidence, TODAY, SUBJECT)
    today = answer(requirement, flags, evidence, TODAY, SUBJECT)
    horizon = last if last is not None else TODAY + timedelta(days=800)

    for ahead in range(0, (horizon - TODAY).days + 1, 7):
        assert answer(requirement, flags, evidence, TODAY + timedelta(days=ahead), SUBJECT) == today
    assert answer(requirement, flags, evidence, horizon, SUBJECT) == today
    if last is not None:
        assert answer(requirement, flags, evidence, last + timedelta(days=1), SUBJECT) != today


@given(cases())
@settings(max_examples=100, deadline=None)
def test_a_reason_survives_its_way_through_json(case):
    answered = answer(*case, TODAY, SUBJECT)

    assert [Reason.from_dict(reason.as_dict()) for reason in answered.reasons] == list(answered.reasons)


@st.composite
def grounds(draw, digest):
    """What a person may have concluded, over this evidence or another, and whether anybody signed."""
    verdict = draw(st.sampled_from(["met", "met", "partly", "not_met", "not_applicable"]))
    seen = draw(st.sampled_from([digest, digest, "0" * 64]))
    said = ConclusionFact(verdict, seen, draw(st.sampled_from(EDITIONS)))
    return draw(st.sampled_from([said, said, None])), Ground(EDITIONS[0], draw(st.booleans()))


@st.composite
def likely(draw):
    """A requirement with something fitting in most of its groups, so that what is met is reached, beside any evidence."""
    requirement, flags, evidence = draw(cases())
    model = None if requirement.level == "organisation" else "m"
    for group in requirement.groups:
        if draw(st.integers(0, 9)):
            kind = draw(st.sampled_from(group.any_of))
            version = draw(st.sampled_from(["v2", "v2", "v1"]))
            given = {
                "version_id": version,
                "model_id": model,
                "in_use": True,
                "series": f"group {group.number}",
            }
            evidence.append(fact(kind, "passed", on=draw(days), **given))
    return requirement, flags, evidence


def is_fresh(requirement, each) -> bool:
    """By hand: it passes, in date, and where it speaks of a version it speaks of the current one."""
    in_date = each.valid_until is None or each.valid_until >= TODAY
    yearly = requirement.interval_is_law and requirement.periodicity == "annual"
    young = not yearly or a_year_after(each.taken_on) >= TODAY
    right = not each.is_check or each.version_id == SUBJECT.version_id
    return each.verdict in PASSING and in_date and young and right


@given(likely(), st.data())
@settings(max_examples=500, deadline=None)
def test_nothing_is_met_without_a_signature_a_conclusion_and_fresh_passing_evidence(case, data):
    requirement, flags, evidence = case
    answered = answer(requirement, flags, evidence, TODAY, SUBJECT)
    conclusion, ground = data.draw(grounds(answered.digest))

    if met(answered, conclusion, ground):
        assert spoken(conclusion, answered, ground) == "met"
        assert ground.is_signed and conclusion == ConclusionFact("met", answered.digest, ground.edition)
        assert answered.groups
        for group in answered.groups:
            used = [each for each in evidence if each.id in group.by]
            assert used and not group.failing
            assert any(is_fresh(requirement, each) for each in used)
    else:
        assert spoken(conclusion, answered, ground) != "met"


@given(cases(), st.dictionaries(st.sampled_from(FIELDS), st.just("filled in"), min_size=1))
@settings(max_examples=300, deadline=None)
def test_text_fields_alone_never_answer_what_asks_for_more(case, filled):
    requirement, flags, _evidence = case
    known = {flag: bool(value) for flag, value in flags.items()}
    by_hand = Subject(model_id="m", version_id="v2", filled=filled)
    empty, full = (answer(requirement, known, [], TODAY, each) for each in (SUBJECT, by_hand))
    more = [
        group.number
        for group in requirement.groups
        if not any(kind.startswith("registration_field:") for kind in group.any_of)
        and not AFTER_THE_EVENT.issuperset(group.any_of)
    ]

    if any(group.number in more for group in empty.groups):
        assert full.status == empty.status and full.status not in GREEN
