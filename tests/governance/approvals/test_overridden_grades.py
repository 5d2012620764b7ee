"""Whatever reads a grade reads the one that counts: requirements, the gate, permissions, proposals, lists and papers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from governance.approvals import gate, reading
from governance.approvals.models import ApprovalRequest, Authorisation
from governance.config import sweep as sweeping
from governance.desk import facts
from governance.obligations.models import Duty, DutySheet
from governance.people.acting import viewing
from governance.risk.overriding import services as overriding
from monitoring.runs.proposing import proposed
from tests.factories import REGISTER, sign_in
from tests.governance.approvals.conftest import ARTEFACT, ask_for, sweep, vote_all

pytestmark = pytest.mark.django_db


def set_by_hand(validator, model, axis, value, days=30):
    ends_on = timezone.localdate() + timedelta(days=days)
    return overriding.override(
        by=validator, model=model, axis=axis, value=value, reason="As we see it.", ends_on=ends_on
    )


def permit(owner, committee, version) -> ApprovalRequest:
    request = ask_for(owner, version)
    vote_all(committee, request)
    return request


def catch_up(model) -> None:
    for _ in range(2):
        overriding.catch_up(model.organisation_id)
        sweep(model)


def verdict(owner):
    return gate.ask(by=owner, model="M-0001", label="1.0", artefact_sha256=ARTEFACT, environment="production")


def state_of(permission) -> tuple[str, list[str]]:
    with viewing(REGISTER):
        row = Authorisation.objects.get(pk=permission.pk)
    return row.state, [each["key"] for each in row.reasons]


def pass_days(days: int, monkeypatch) -> None:
    later = timezone.now() + timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: later)


def test_the_gate_answers_for_the_hours_of_the_tier_that_counts(
    version, card, validator, owner, committee, model
):
    override = set_by_hand(validator, model, "tier", "1")
    permit(owner, committee, version)
    catch_up(model)
    strict = verdict(owner)
    overriding.revert(by=validator, override=override, reason="It was a mistake.")
    catch_up(model)
    usual = verdict(owner)

    assert (strict.answer, usual.answer) == ("allow", "allow")
    assert strict.valid_until - strict.asked_at == timedelta(hours=1)
    assert usual.valid_until - usual.asked_at == timedelta(hours=24)


def test_raising_a_grade_by_hand_voids_what_was_decided_on_a_lower_one(permission, validator, model):
    set_by_hand(validator, model, "risk", "high")
    catch_up(model)

    assert state_of(permission) == ("void", ["grade_raised"])


def test_lowering_a_grade_by_hand_voids_nothing(permission, validator, model):
    set_by_hand(validator, model, "risk", "minimal")
    catch_up(model)

    assert state_of(permission) == ("active", [])


def test_what_was_decided_on_a_lowered_grade_is_void_when_that_lapses(
    version, card, validator, owner, committee, model, monkeypatch
):
    set_by_hand(validator, model, "risk", "minimal")
    manifest = permit(owner, committee, version).manifest
    assert manifest["grade"]["risk_degree"] == "minimal"
    with viewing(owner):
        assert reading.read(manifest).degrees["risk"] == "minimal (set by hand; computed: medium)"
    assert manifest["grading"]["overrides"]["risk"]["computed"] == "medium"
    catch_up(model)
    with viewing(REGISTER):
        permission = Authorisation.objects.get(environment="production")
    assert verdict(owner).answer == "allow"

    pass_days(31, monkeypatch)
    assert verdict(owner).answer == "unknown", "nobody has looked at it on this day"
    sweeping.catch_up(model.organisation_id)
    sweeping.catch_up(model.organisation_id)

    assert state_of(permission) == ("void", ["grade_raised"])
    assert verdict(owner).answer == "deny"


def test_requirements_follow_it_and_their_sheet_holds_no_longer_than_it_does(validator, model, monkeypatch):
    def owed() -> set[str]:
        with viewing(REGISTER):
            rows = Duty.objects.filter(model=model).exclude(status="not_applicable")
            return set(rows.values_list("obligation__key", flat=True))

    catch_up(model)
    before = owed()
    override = set_by_hand(validator, model, "risk", "minimal", days=3)
    catch_up(model)
    with viewing(REGISTER):
        sheet = DutySheet.objects.get(model=model)
    lowered = owed()
    assert sheet.stale_after <= override.ends_on
    assert lowered != before, "another degree owes something else"

    pass_days(4, monkeypatch)
    catch_up(model)
    assert owed() == before


def test_the_proposal_of_checks_follows_its_tier(validator, model):
    with viewing(REGISTER):
        before = proposed(model, "drift")
    set_by_hand(validator, model, "tier", "1")
    with viewing(REGISTER):
        after = proposed(model, "drift")

    assert (before.tier, after.tier) == (3, 1) and after.every_days < before.every_days


def test_lists_the_page_of_the_model_and_papers_show_what_was_computed_beside_it(validator, owner, model):
    set_by_hand(validator, model, "risk", "high")
    set_by_hand(validator, model, "tier", "1")
    web = sign_in(Client(), owner)

    listed = web.get("/models/").content.decode()
    assert "set by hand; computed: medium" in listed and "set by hand; computed: 3" in listed
    assert "Set by hand by validator until" in web.get(f"/models/{model.pk}/").content.decode()
    with viewing(owner):
        told = facts.facts_of(model)
    assert told["risk"].lines == ["high (set by hand; computed: medium)"]
    assert told["tier"].lines == ["tier 1 of 4 (set by hand; computed: tier 3 of 4)"]
