"""The gate through the database: allow only what was approved, exactly, here, now, and only while all of it is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.approvals import gate, signing
from governance.approvals.models import Authorisation, GateVerdict
from governance.errors import NotAllowed, NotFound, RuleBroken
from governance.inventory.models import AIModel, ModelVersion
from governance.obligations import services as obligations
from governance.obligations.models import DutySheet
from governance.people.acting import acting, viewing
from governance.store import keys as stored
from tests.factories import REGISTER
from tests.governance.approvals.conftest import ARTEFACT, OTHER, add_version, failing, revise, sweep

pytestmark = pytest.mark.django_db


def ask(by, **changed):
    given = {"model": "M-0001", "label": "1.0", "artefact_sha256": ARTEFACT, "environment": "production"}
    return gate.ask(by=by, **{**given, **changed})


def keys(verdict) -> list[str]:
    return [each["key"] for each in verdict.reasons]


def change(row, **values) -> None:
    with acting(REGISTER, "test.arranged"):
        type(row).objects.filter(pk=row.pk).update(**values)


def test_what_the_committee_approved_is_allowed_for_the_hours_of_its_tier(permission, owner):
    verdict = ask(owner)
    assert (verdict.answer, verdict.reasons) == ("allow", [])
    assert verdict.valid_until - verdict.asked_at == timedelta(hours=24)


def test_without_a_decision_the_answer_is_deny(version, owner):
    sweep(version)
    verdict = ask(owner)
    assert (verdict.answer, keys(verdict)) == ("deny", ["not_authorised"])
    assert verdict.valid_until == verdict.asked_at


def test_another_file_under_the_same_label_is_denied(permission, owner):
    verdict = ask(owner, artefact_sha256=OTHER)
    assert (verdict.answer, keys(verdict)) == ("deny", ["artefact_differs"])


def test_no_digest_at_all_is_denied_where_a_file_was_approved(permission, owner):
    assert keys(ask(owner, artefact_sha256="")) == ["artefact_differs"]


def test_another_environment_is_denied(permission, owner):
    verdict = ask(owner, environment="pilot")
    assert (verdict.answer, keys(verdict)) == ("deny", ["not_for_this_environment"])


def test_a_suspended_permission_is_denied(permission, owner):
    change(permission, state="suspended")
    sweep(permission)
    assert (ask(owner).answer, keys(ask(owner))) == ("deny", ["suspended"])


def test_an_expired_permission_is_denied_though_nobody_wrote_that_it_expired(permission, owner):
    then = timezone.now() - timedelta(days=400)
    change(permission, starts_at=then, expires_at=then + timedelta(days=365))
    sweep(permission)
    assert (ask(owner).answer, keys(ask(owner))) == ("deny", ["expired"])


def test_a_declared_prohibited_function_is_denied(permission, owner):
    change(AIModel(pk=permission.model_id), prohibited_functions=["social_scoring"])
    sweep(permission)
    assert keys(ask(owner)) == ["prohibited_function"]


def test_a_failing_requirement_that_blocks_is_denied_and_another_one_is_not(permission, version, owner):
    failing(version, ("kz-art8-2-2-explainability", "failing"))
    assert ask(owner).answer == "allow"
    failing(version, ("kz-art6-fairness-equality", "failing"))
    verdict = ask(owner)
    assert (verdict.answer, keys(verdict)) == ("deny", ["blocking_duty"])
    assert verdict.reasons[0]["params"] == {"obligation": "kz-art6-fairness-equality", "status": "failing"}


def test_each_version_answers_with_its_own_requirements(permission, version, model, owner):
    other = add_version(model, "2.0")
    sweep(permission)
    failing(other, ("kz-art6-fairness-equality", "failing"))
    assert ask(owner).answer == "allow"
    assert keys(ask(owner, label="2.0")) == ["not_authorised", "blocking_duty"]


def test_while_requirements_are_behind_the_answer_is_unknown(permission, owner):
    change(AIModel(pk=permission.model_id), purpose="Another one")
    verdict = ask(owner)
    assert (verdict.answer, keys(verdict)) == ("unknown", ["state_behind"])
    assert verdict.valid_until == verdict.asked_at


def test_while_permissions_are_not_looked_over_the_answer_is_unknown(permission, card, owner):
    """Requirements alone are up to date here; a revision came that voids the decision."""
    revise(card, 2)
    obligations.catch_up(permission.organisation_id)
    assert (ask(owner).answer, keys(ask(owner))) == ("unknown", ["state_behind"])
    sweep(permission)
    assert (ask(owner).answer, keys(ask(owner))) == ("deny", ["void"])


def test_requirements_computed_for_days_gone_by_are_unknown(permission, owner):
    yesterday = timezone.localdate() - timedelta(days=1)
    with acting(REGISTER, "test.arranged"):
        DutySheet.objects.filter(model_id=permission.model_id).update(stale_after=yesterday)
    assert (ask(owner).answer, keys(ask(owner))) == ("unknown", ["state_stale"])


def test_what_was_never_computed_is_unknown(permission, owner):
    with acting(REGISTER, "test.arranged"):
        DutySheet.objects.all().delete()
    assert (ask(owner).answer, keys(ask(owner))) == ("unknown", ["state_unreadable"])


@pytest.mark.parametrize("withdrawn", ["version", "model"])
def test_what_was_withdrawn_is_denied_at_once(permission, owner, withdrawn):
    row = (
        ModelVersion(pk=permission.version_id) if withdrawn == "version" else AIModel(pk=permission.model_id)
    )
    more = {} if withdrawn == "version" else {"status": "withdrawn", "withdrawn_reason": "old"}
    change(row, withdrawn_at=timezone.now(), **more)
    assert (ask(owner).answer, keys(ask(owner))) == ("deny", ["void"])


def test_an_answer_never_outlasts_the_permission(permission, owner):
    soon = timezone.now() + timedelta(minutes=5)
    change(permission, expires_at=soon)
    sweep(permission)
    assert ask(owner).valid_until == soon


def test_a_stranger_and_a_typing_error_meet_the_same_refusal(permission, stranger, owner, count):
    refusals = []
    for by, changed in ((stranger, {}), (owner, {"label": "9.9"}), (owner, {"model": "M-9999"})):
        with pytest.raises(NotFound) as refused:
            ask(by, **changed)
        refusals.append(str(refused.value))
    assert len(set(refusals)) == 1
    assert count(GateVerdict) == 0


def test_a_supervisor_reads_answers_and_does_not_ask(permission, supervisor, model, count):
    with pytest.raises(NotAllowed):
        ask(supervisor, model=model)
    assert count(GateVerdict) == 0


@pytest.mark.parametrize("changed", [{"artefact_sha256": "not a digest"}, {"environment": "moon"}])
def test_a_question_without_sense_is_refused(permission, owner, count, changed):
    with pytest.raises(RuleBroken):
        ask(owner, **changed)
    assert count(GateVerdict) == 0


def test_the_state_is_read_in_one_query(permission, owner, django_assert_num_queries):
    with viewing(owner), django_assert_num_queries(1):
        version = gate._rows(owner).get(label="1.0")
        assert gate.facts(version, ARTEFACT, "production", timezone.now()).authorisations


def test_the_forecast_answers_for_every_version_and_environment(permission, model, owner):
    add_version(model, "2.0")
    sweep(permission)
    with viewing(owner):
        answers = {
            (each.version.label, each.environment): each.verdict.answer for each in gate.foresee(owner, model)
        }
    assert answers == {
        ("1.0", "pilot"): "deny",
        ("1.0", "production"): "allow",
        ("2.0", "pilot"): "deny",
        ("2.0", "production"): "deny",
    }


def test_a_signature_verifies_with_the_public_key_and_fails_on_a_flipped_byte(permission, owner):
    kept = ask(owner)
    with viewing(owner):
        verdict = GateVerdict.objects.get(pk=kept.pk)
    told, key = gate.statement(verdict, "M-0001"), signing.public_pem()
    assert signing.verify(told, verdict.signature, key)
    assert not signing.verify({**told, "artefact_sha256": "b" + ARTEFACT[1:]}, verdict.signature, key)
    flipped = ("B" if verdict.signature[0] == "A" else "A") + verdict.signature[1:]
    assert not signing.verify(told, flipped, key)


def test_the_key_is_made_once_and_is_readable_by_its_owner_alone(home):
    first = signing.public_pem()
    path = home / "keys" / "gate.ed25519"
    stored._write(path, b"another key")
    assert signing.public_pem() == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["gate.ed25519"]


def test_permissions_are_kept_by_the_rows_of_the_one_they_belong_to(permission):
    with viewing(REGISTER):
        row = Authorisation.objects.get(pk=permission.pk)
    assert (row.artefact_sha256, row.state) == (ARTEFACT, "active")
