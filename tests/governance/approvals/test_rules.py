"""The gate's rule as one decision table: permission, prohibited functions, duties, state; every reason is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
import yaml

from governance.approvals.route import FOLDER, RouteBroken, load
from governance.approvals.rules import AuthorisationFact, BlockingDuty, DutyState, GateFacts, gate
from governance.obligations.edition import requirement_ids

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ROUTE = load()
PERMISSION = AuthorisationFact("v2", "abc", "production", "active", NOW - 30 * DAY, NOW + 30 * DAY)
STATE = DutyState(computed_at_revision=7, stale_after=date(2026, 12, 1), duties=())
FACTS = GateFacts(
    version="v2",
    artefact_sha256="abc",
    environment="production",
    asked_at=NOW,
    today=date(2026, 11, 22),
    tier=2,
    revision=7,
    authorisations=(PERMISSION,),
    prohibited_functions=(),
    state=STATE,
)
FAIRNESS = "kz-art6-fairness-equality"


def permitted(**changes):
    return {"authorisations": (replace(PERMISSION, **changes),)}


def owed(obligation, status, **changes):
    return {"state": replace(STATE, duties=(BlockingDuty(obligation, status),), **changes)}


PERMISSIONS = {
    "running": (permitted(), "allow", []),
    "none": ({"authorisations": ()}, "deny", ["not_authorised"]),
    "another version": (permitted(version="v1"), "deny", ["not_authorised"]),
    "another digest": (permitted(artefact_sha256="evil"), "deny", ["artefact_differs"]),
    "another environment": (permitted(environment="pilot"), "deny", ["not_for_this_environment"]),
    "suspended": (permitted(state="suspended"), "deny", ["suspended"]),
    "void": (permitted(state="void"), "deny", ["void"]),
    "expired": (permitted(expires_at=NOW), "deny", ["expired"]),
    "not started": (permitted(starts_at=NOW + DAY), "deny", ["not_started"]),
    "unreadable": ({"authorisations": None}, "unknown", ["authorisations_unreadable"]),
}
FUNCTIONS = {
    "none declared": ({}, "allow", []),
    "one declared": ({"prohibited_functions": ("social_scoring",)}, "deny", ["prohibited_function"]),
    "unreadable": ({"prohibited_functions": None}, "unknown", ["model_unreadable"]),
}
STATES = {
    "up to date": ({}, "allow", []),
    "blocking duty fails": (owed(FAIRNESS, "failing"), "deny", ["blocking_duty"]),
    "blocking duty overdue": (owed("kz-art18-1-4-annual-update", "overdue"), "deny", ["blocking_duty"]),
    "blocking duty missing": (owed(FAIRNESS, "missing"), "allow", []),
    "another duty fails": (owed("kz-art16-1-4-explain-results", "failing"), "allow", []),
    "behind": ({"state": replace(STATE, computed_at_revision=6)}, "unknown", ["state_behind"]),
    "failing but behind": (owed(FAIRNESS, "failing", computed_at_revision=6), "unknown", ["state_behind"]),
    "last good day": ({"state": replace(STATE, stale_after=date(2026, 11, 22))}, "allow", []),
    "stale": ({"state": replace(STATE, stale_after=date(2026, 11, 21))}, "unknown", ["state_stale"]),
    "failing but stale": (
        owed(FAIRNESS, "failing", stale_after=date(2026, 11, 21)),
        "unknown",
        ["state_stale"],
    ),
    "never computed": ({"state": None}, "unknown", ["state_unreadable"]),
    "revision unreadable": ({"revision": None}, "unknown", ["state_unreadable"]),
}
TABLE = list(product(PERMISSIONS.items(), FUNCTIONS.items(), STATES.items()))


@pytest.mark.parametrize("row", TABLE, ids=[" / ".join(name for name, _ in row) for row in TABLE])
def test_deny_beats_unknown_beats_allow_and_all_reasons_are_told_in_order(row):
    changes = {name: value for _, (change, _, _) in row for name, value in change.items()}
    answers = [answer for _, (_, answer, _) in row]
    expected = "deny" if "deny" in answers else "unknown" if "unknown" in answers else "allow"

    verdict = gate(replace(FACTS, **changes), ROUTE)

    assert verdict.answer == expected
    assert [reason.key for reason in verdict.reasons] == [key for _, (_, _, keys) in row for key in keys]


def test_a_suspension_is_heard_even_beside_a_running_permission():
    suspended = replace(PERMISSION, state="suspended", reason="ordered by the supervisor")
    verdict = gate(replace(FACTS, authorisations=(PERMISSION, suspended)), ROUTE)

    assert verdict.answer == "deny"
    assert verdict.reasons[0].as_dict() == {
        "answer": "deny",
        "key": "suspended",
        "params": {"reason": "ordered by the supervisor"},
    }


def test_an_old_void_or_expired_permission_does_not_spoil_a_running_one():
    void = replace(PERMISSION, state="void")
    expired = replace(PERMISSION, starts_at=NOW - 90 * DAY, expires_at=NOW - 60 * DAY)

    assert gate(replace(FACTS, authorisations=(void, expired, PERMISSION)), ROUTE).answer == "allow"


def test_of_several_ended_permissions_the_latest_is_named():
    older = replace(PERMISSION, starts_at=NOW - 90 * DAY, expires_at=NOW - 60 * DAY)
    newer = replace(PERMISSION, expires_at=NOW - DAY)
    [reason] = gate(replace(FACTS, authorisations=(newer, older)), ROUTE).reasons

    assert (reason.key, dict(reason.params)) == ("expired", {"at": (NOW - DAY).isoformat()})


def test_every_failing_blocking_duty_is_named_in_the_order_of_the_route():
    duties = tuple(BlockingDuty(rule.obligation, "failing") for rule in reversed(ROUTE.blocking))
    verdict = gate(replace(FACTS, state=replace(STATE, duties=duties)), ROUTE)
    blocking = [rule.obligation for rule in ROUTE.blocking if "failing" in rule.statuses]

    assert [dict(reason.params)["obligation"] for reason in verdict.reasons] == blocking


def test_every_prohibited_function_that_is_declared_is_named():
    verdict = gate(replace(FACTS, prohibited_functions=("manipulation", "social_scoring")), ROUTE)

    assert [dict(r.params)["function"] for r in verdict.reasons] == ["manipulation", "social_scoring"]


@pytest.mark.parametrize(("tier", "hours"), [(1, 1), (2, 1), (3, 24), (4, 24), (None, 1)])
def test_an_allow_may_be_relied_on_as_long_as_its_tier_says(tier, hours):
    verdict = gate(replace(FACTS, tier=tier), ROUTE)

    assert verdict.valid_until == NOW + timedelta(hours=hours)


def test_an_allow_never_outlives_the_permission():
    soon = NOW + timedelta(minutes=10)

    assert gate(replace(FACTS, **permitted(expires_at=soon)), ROUTE).valid_until == soon


@pytest.mark.parametrize("change", [{"authorisations": ()}, {"state": None}])
def test_any_other_answer_is_only_of_the_moment(change):
    assert gate(replace(FACTS, **change), ROUTE).valid_until == NOW


def test_fairness_and_the_seven_prohibited_functions_close_the_gate():
    prohibited = {name for name in requirement_ids() if name.startswith("kz-art17-3-")}

    assert len(prohibited) == 7
    assert prohibited | {FAIRNESS} <= ROUTE.blocking_ids <= requirement_ids()


def test_only_what_binds_in_kazakhstan_closes_the_gate():
    assert all(name.startswith("kz-art") for name in ROUTE.blocking_ids)


def test_only_failing_and_overdue_close_the_gate():
    assert {status for rule in ROUTE.blocking for status in rule.statuses} == {"failing", "overdue"}


def test_a_permission_never_outlives_the_yearly_refresh_of_risks():
    assert max(ROUTE.authorisation_months.values()) <= 12


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda raw: raw["blocking"][0].update(obligation="kz-art99"), "not in the catalogue"),
        (lambda raw: raw["blocking"][0].update(statuses=["ugly"]), "'ugly'"),
        (lambda raw: raw["blocking"][0].update(why=""), "without a reason"),
        (lambda raw: raw["committee"].update(majority=1), "more than half"),
        (lambda raw: raw["committee"].update(quorum=4), "quorum <= size"),
        (lambda raw: raw["validity_hours"].pop(3), "four tiers"),
        (lambda raw: raw["title"].pop("kk"), "kk, ru and en"),
        (lambda raw: raw.update(route="other"), "says other"),
    ],
)
def test_a_broken_route_is_refused(spoil, problem, tmp_path):
    raw = yaml.safe_load((FOLDER / "standard.yaml").read_text())
    spoil(raw)
    (tmp_path / "standard.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True))

    with pytest.raises(RouteBroken, match=problem):
        load("standard", tmp_path)


def test_a_gap_that_was_accepted_denies_all_the_same_unless_the_route_lets_it_pass():
    accepted = replace(STATE, duties=(BlockingDuty(FAIRNESS, "failing", excused=True),))
    facts = replace(FACTS, state=accepted)
    assert gate(facts, ROUTE).answer == "deny"

    rules = [replace(rule, opens_when_accepted=rule.obligation == FAIRNESS) for rule in ROUTE.blocking]
    lenient = replace(ROUTE, blocking=tuple(rules))
    assert gate(facts, lenient).answer == "allow"
    not_accepted = replace(FACTS, state=replace(STATE, duties=(BlockingDuty(FAIRNESS, "failing"),)))
    assert gate(not_accepted, lenient).answer == "deny"


def test_no_requirement_of_the_standard_route_opens_for_an_accepted_gap():
    assert not any(rule.opens_when_accepted for rule in ROUTE.blocking)
