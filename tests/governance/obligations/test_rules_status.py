"""The evidence status of a requirement: the worst of its groups, with the reason and the evidence."""

from __future__ import annotations

from datetime import date

import pytest

from governance.obligations.rules import (
    OUTDATED,
    UNSIGNED,
    Answered,
    ConclusionFact,
    Ground,
    Group,
    Reason,
    When,
    answer,
    evidence_digest,
    met,
    spoken,
    stale_after,
    stands,
)
from tests.governance.obligations.judging import SUBJECT, TODAY, duty, fact, keys

YEARLY_BY_LAW = {"periodicity": "annual", "periodicity_basis": "text"}
YEARLY = {"periodicity": "annual"}
REGISTER = "document:risk_register"


def judged(requirement, *evidence, flags=None, as_of=TODAY):
    return answer(requirement, flags or {}, evidence, as_of, SUBJECT)


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        (date(2026, 11, 22), "on_file"),
        (date(2025, 12, 23), "on_file"),
        (date(2025, 12, 22), "due_soon"),
        (date(2025, 11, 22), "due_soon"),
        (date(2025, 11, 21), "overdue"),
    ],
)
def test_what_the_law_asks_every_year_is_due_within_thirty_days_and_then_overdue(taken, expected):
    assert judged(duty(REGISTER, **YEARLY_BY_LAW), fact(REGISTER, on=taken)).status == expected


def test_what_is_only_recommended_every_year_is_never_overdue():
    answered = judged(duty(REGISTER, **YEARLY), fact(REGISTER, on=date(2020, 1, 1)))

    assert answered.status == "on_file"
    assert answered.reasons == (
        Reason.of("review_suggested", group=1, kind=REGISTER, since=date(2020, 1, 1)),
    )


def test_what_is_recommended_per_release_is_suggested_for_review_after_a_new_version():
    answered = judged(duty(REGISTER, periodicity="per_release"), fact(REGISTER, on=date(2026, 10, 31)))

    assert (answered.status, keys(answered)) == ("on_file", ["review_suggested"])


def test_a_register_of_29_february_is_good_until_28_february():
    answered = judged(
        duty(REGISTER, **YEARLY_BY_LAW), fact(REGISTER, on=date(2024, 2, 29)), as_of=date(2025, 2, 28)
    )

    assert (answered.status, answered.due_on) == ("due_soon", date(2025, 2, 28))


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["fresh", "fresh"], "on_file"),
        (["fresh", "soon"], "due_soon"),
        (["soon", "nothing"], "missing"),
        (["nothing", "lapsed"], "overdue"),
        (["lapsed", "failed"], "failing"),
    ],
)
def test_the_worst_group_decides(states, expected):
    kinds = ("approval", REGISTER)
    on_file = {
        "fresh": lambda kind: fact(kind),
        "soon": lambda kind: fact(kind, on=date(2025, 12, 1)),
        "lapsed": lambda kind: fact(kind, on=date(2024, 1, 1)),
        "failed": lambda kind: fact(kind, "failed"),
    }
    evidence = [on_file[state](kind) for state, kind in zip(states, kinds, strict=True) if state != "nothing"]
    law = duty(groups=tuple(Group(n, (kind,)) for n, kind in enumerate(kinds, 1)), **YEARLY_BY_LAW)

    assert judged(law, *evidence).status == expected


def test_a_missing_group_names_its_number_and_every_alternative():
    answered = judged(duty("approval", REGISTER))

    assert answered.groups[0].missing == ("approval", REGISTER)
    assert answered.reasons == (Reason.of("nothing_on_file", group=1, kinds=("approval", REGISTER)),)


def test_what_hangs_on_an_unanswered_question_is_open_and_not_missing():
    law = duty("approval", when=When(("trading",)))

    assert judged(law, flags={"trading": None}).status == "open"
    assert judged(law, flags={"trading": True}).status == "missing"
    assert judged(law, flags={"trading": False}).status == "not_applicable"


def test_a_failure_shows_even_while_the_question_is_open():
    law = duty("check:drift", when=When(("trading",)))

    assert judged(law, fact("check:drift", "failed"), flags={"trading": None}).status == "failing"


def test_a_group_whose_flag_is_unanswered_holds_the_requirement_open():
    law = duty(groups=(Group(1, ("approval",)), Group(2, (REGISTER,), When(("trading",)))))

    answered = judged(law, fact("approval"), flags={"trading": None})

    assert (answered.status, answered.groups[1].open) == ("open", ("trading",))
    assert judged(law, flags={"trading": None}).status == "missing"


def test_without_an_active_group_it_is_not_applicable_and_says_so():
    law = duty(groups=(Group(1, ("approval",), When(("trading",))),))

    answered = judged(law, flags={"trading": False})

    assert (answered.status, keys(answered)) == ("not_applicable", ["no_active_group"])


def test_before_its_day_a_provision_does_not_apply():
    law = duty("approval", in_force_from=date(2027, 12, 2))

    assert judged(law).reasons == (Reason.of("not_in_force_yet", on=date(2027, 12, 2)),)
    assert judged(law, as_of=date(2027, 12, 2)).status == "missing"
    assert judged(duty("approval", in_force_to=date(2026, 1, 1))).status == "not_applicable"


def test_a_provision_whose_date_was_not_found_is_treated_as_in_force_and_says_so():
    assert keys(judged(duty("approval", in_force_unknown=True), fact("approval"))) == ["in_force_unknown"]


@pytest.mark.parametrize("norm", ["information", "sanction"])
def test_information_and_sanction_carry_no_status(norm):
    assert judged(duty("approval", norm=norm), fact("approval")).status == "none"


def test_a_principle_is_supported_by_evidence_and_otherwise_carries_no_status():
    assert judged(duty("approval", norm="principle"), fact("approval")).status == "supported"
    assert judged(duty("approval", norm="principle")).status == "none"


@pytest.mark.parametrize("norm", ["outcome", "recommendation", "duty", "prohibition", "right"])
def test_the_other_norms_carry_one(norm):
    assert judged(duty("approval", norm=norm)).status == "missing"


STOP = duty(
    norm="on_event", groups=(Group(1, ("incident_process",)), Group(2, ("document:incident_report",)))
)  # fmt: skip


def test_before_the_event_readiness_is_asked_and_the_report_is_not():
    assert judged(STOP).status == "not_ready"
    assert judged(STOP, fact("incident_process")).status == "ready"


def test_after_the_event_the_report_is_asked_too():
    assert judged(STOP, fact("incident_process"), flags={"incident_occurred": True}).status == "missing"


def test_an_audit_that_is_planned_is_the_event_itself():
    audit = duty("document:audit_report", norm="on_event", when=When(("audit_planned",)))

    assert judged(audit, flags={"audit_planned": True}).status == "missing"


def said(verdict: str, answered: Answered, edition: str = "2026-11-22") -> ConclusionFact:
    return ConclusionFact(verdict, answered.digest, edition)


SIGNED = Ground("2026-11-22", is_signed=True)
NOBODY_SIGNED = Ground("2026-11-22", is_signed=False)


def test_met_needs_the_evidence_a_conclusion_over_exactly_this_evidence_and_a_signed_mapping():
    law, card = duty(REGISTER), fact(REGISTER, digest="one")
    answered = judged(law, card)
    concluded = said("met", answered)

    assert met(answered, concluded, SIGNED)
    assert not met(answered, concluded, NOBODY_SIGNED)
    assert not met(answered, None, SIGNED)
    assert not met(answered, said("not_applicable", answered), SIGNED)
    assert not met(answered, said("partly", answered), SIGNED)
    assert not met(judged(law), said("met", judged(law)), SIGNED)
    assert not stands(concluded, judged(law, fact(REGISTER, digest="two")), SIGNED)


def test_a_conclusion_lapses_with_the_edition_it_was_drawn_by():
    answered = judged(duty(REGISTER), fact(REGISTER))
    of_old = said("met", answered, edition="2025-01-01")

    assert not stands(of_old, answered, SIGNED)
    assert spoken(of_old, answered, SIGNED) == OUTDATED
    assert spoken(said("met", answered), answered, SIGNED) == "met"


@pytest.mark.parametrize(
    ("verdict", "binds", "signed", "unsigned"),
    [
        ("met", True, "met", UNSIGNED),
        ("met", False, "met", UNSIGNED),
        ("partly", True, "partly", "partly"),
        ("not_met", True, "not_met", "not_met"),
        ("not_applicable", True, "not_applicable", UNSIGNED),
        ("not_applicable", False, "not_applicable", "not_applicable"),
    ],
)
def test_what_a_conclusion_says_over_a_mapping_that_is_signed_and_one_that_is_not(
    verdict, binds, signed, unsigned
):
    answered = judged(duty(REGISTER), fact(REGISTER))
    told = [
        spoken(said(verdict, answered), answered, Ground("2026-11-22", is_signed, binds))
        for is_signed in (True, False)
    ]

    assert told == [signed, unsigned]


def test_the_nightly_rerun_with_the_same_verdict_leaves_the_conclusion_standing():
    law = duty("check:drift")
    concluded = said("met", judged(law, fact("check:drift", "passed", digest="monday")))

    assert stands(concluded, judged(law, fact("check:drift", "passed", hour=10, digest="tuesday")), SIGNED)
    assert not stands(concluded, judged(law, fact("check:drift", "amber", hour=10)), SIGNED)


def test_the_digest_does_not_depend_on_the_order_of_the_evidence():
    one, two = fact("approval"), fact(REGISTER)

    assert evidence_digest([one, two]) == evidence_digest([two, one])
    assert evidence_digest([one], {"registration_field:version": "1"}) != evidence_digest([one])


@pytest.mark.parametrize(
    ("taken", "last_good_day"),
    [
        (date(2026, 11, 22), date(2027, 10, 22)),
        (date(2025, 12, 1), date(2026, 12, 1)),
        (date(2024, 1, 1), None),
    ],
)
def test_an_answer_is_good_until_the_day_before_time_alone_changes_it(taken, last_good_day):
    law = duty(REGISTER, **YEARLY_BY_LAW)

    assert stale_after(law, {}, [fact(REGISTER, on=taken)], TODAY, SUBJECT) == last_good_day


def test_an_answer_turns_on_the_day_a_provision_comes_into_force():
    law = duty("approval", in_force_from=date(2027, 12, 2))

    assert stale_after(law, {}, [], TODAY, SUBJECT) == date(2027, 12, 1)
