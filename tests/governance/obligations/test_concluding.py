"""A person of the second line concludes; the evidence of that moment is what the conclusion rests on."""

from __future__ import annotations

import pytest

from governance.errors import NotAllowed, NotFound, OutOfOrder, RuleBroken
from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.obligations.mapping import services as mapping
from governance.obligations.models import Conclusion
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, join
from tests.governance.obligations.things import (
    a_later_law,
    a_model,
    a_paper,
    a_run,
    a_version,
    caught_up,
    sheet,
    signed,
)

pytestmark = pytest.mark.django_db

RISKS = "kz-art18-1-1-identify-risks"
REASON = "I read the register of risks of 20 November; it names all that I know of."


@pytest.fixture
def model(owner) -> AIModel:
    return a_model(owner, role="owner_or_holder", origin="in_house")


@pytest.fixture
def evidenced(bank, owner, model) -> AIModel:
    a_paper(owner, model, "risk_register")
    obligations.catch_up(bank.pk)
    return model


def conclude(by, model, verdict="met", **more):
    given = {"obligation_key": RISKS, "verdict": verdict, "reason": REASON} | more
    return obligations.conclude(by=by, model=model, **given)


def nothing_concluded() -> bool:
    with viewing(REGISTER):
        return not Conclusion.objects.exists()


def test_met_needs_evidence_a_person_and_a_signed_mapping(bank, owner, validator, evidenced):
    assert caught_up(bank, owner, evidenced)[RISKS].concluded == ""
    made = conclude(validator, evidenced)

    duty = caught_up(bank, owner, evidenced)[RISKS]
    assert (duty.status, duty.concluded) == ("on_file", "unsigned")
    assert (made.evidence_digest, made.edition) == (duty.evidence_digest, "2026-11-22")
    assert made.concluded_by_id == validator.user_id

    signed(validator, bank, RISKS)
    assert caught_up(bank, owner, evidenced)[RISKS].concluded == "met"


def test_met_falls_when_the_signature_is_revoked(bank, owner, validator, evidenced):
    signature = signed(validator, bank, RISKS)
    conclude(validator, evidenced)
    assert caught_up(bank, owner, evidenced)[RISKS].concluded == "met"

    mapping.revoke(by=validator, signature=signature, reason="The condition was misread.")
    assert caught_up(bank, owner, evidenced)[RISKS].concluded == "unsigned"


def test_partly_met_is_no_more_than_that(bank, owner, validator, evidenced):
    signed(validator, bank, RISKS)
    conclude(validator, evidenced, "partly")

    assert caught_up(bank, owner, evidenced)[RISKS].concluded == "partly"


def test_a_duty_is_set_aside_only_over_a_signed_mapping(bank, owner, validator, evidenced):
    conclude(validator, evidenced, "not_applicable")
    assert caught_up(bank, owner, evidenced)[RISKS].concluded == "unsigned"

    signed(validator, bank, RISKS)
    assert caught_up(bank, owner, evidenced)[RISKS].concluded == "not_applicable"


def test_a_conclusion_lapses_with_a_newer_edition_and_the_signature_holds_while_the_mapping_is_the_same(
    bank, owner, validator, evidenced, tmp_path
):
    signed(validator, bank, RISKS)
    conclude(validator, evidenced)
    assert caught_up(bank, owner, evidenced)[RISKS].concluded == "met"

    a_later_law(tmp_path)
    assert caught_up(bank, owner, evidenced)[RISKS].concluded == "outdated"
    conclude(validator, evidenced)
    assert caught_up(bank, owner, evidenced)[RISKS].concluded == "met"


def test_a_changed_mapping_lapses_the_signature_by_itself(bank, owner, validator, evidenced, tmp_path):
    signed(validator, bank, RISKS)
    a_later_law(tmp_path, **{RISKS: {"periodicity": "annual"}})
    conclude(validator, evidenced)

    assert caught_up(bank, owner, evidenced)[RISKS].concluded == "unsigned"


def test_a_conclusion_by_an_edition_that_is_not_in_force_any_more_is_refused(
    bank, validator, evidenced, tmp_path
):
    a_later_law(tmp_path)
    with pytest.raises(OutOfOrder):
        conclude(validator, evidenced, edition="2026-11-22")
    assert nothing_concluded()


def test_a_new_conclusion_takes_the_place_of_the_former(validator, evidenced):
    former, latest = conclude(validator, evidenced), conclude(validator, evidenced, "not_met")

    with viewing(validator):
        current = Conclusion.objects.get(superseded_at=None)
        assert Conclusion.objects.get(pk=former.pk).superseded_at == latest.concluded_at
    assert current == latest


def test_a_conclusion_does_not_survive_other_evidence(bank, owner, validator, evidenced):
    conclude(validator, evidenced)
    a_paper(owner, evidenced, "risk_register", sha256="b" * 64)

    duty = caught_up(bank, owner, evidenced)[RISKS]
    assert (duty.status, duty.concluded) == ("on_file", "outdated")


def test_met_is_refused_while_evidence_is_missing(validator, model):
    with pytest.raises(OutOfOrder):
        conclude(validator, model)
    assert nothing_concluded()


def test_met_is_refused_while_a_check_fails(owner, validator, bank, evidenced):
    version = a_version(owner, evidenced, "1.0")
    a_run(evidenced, version, "check:drift", "failed")
    obligations.catch_up(bank.pk)
    [failing, *_] = [e["key"] for e in sheet(owner, evidenced).failing[str(version.pk)]]
    with pytest.raises(OutOfOrder):
        conclude(validator, evidenced, obligation_key=failing)
    assert nothing_concluded()

    assert conclude(validator, evidenced, "not_met", obligation_key=failing).verdict == "not_met"


def test_what_was_missing_can_be_concluded_as_not_met(validator, model):
    assert conclude(validator, model, "not_met").verdict == "not_met"


def test_a_conclusion_over_evidence_that_nobody_saw_is_refused(bank, owner, validator, evidenced):
    seen = caught_up(bank, owner, evidenced)[RISKS].evidence_digest
    a_paper(owner, evidenced, "risk_register", sha256="b" * 64)
    obligations.catch_up(bank.pk)
    with pytest.raises(OutOfOrder):
        conclude(validator, evidenced, seen=seen)
    assert nothing_concluded()


@pytest.mark.parametrize("who", ["owner", "administrator", "supervisor"])
def test_only_the_second_line_concludes(who, evidenced, request):
    with pytest.raises(NotAllowed):
        conclude(request.getfixturevalue(who), evidenced)
    assert nothing_concluded()


def test_a_stranger_concludes_nothing(stranger, evidenced):
    with pytest.raises(NotAllowed):
        conclude(stranger, evidenced)
    assert nothing_concluded()


@pytest.mark.parametrize("wrong", [{"reason": "  "}, {"verdict": "compliant"}])
def test_a_conclusion_needs_a_reason_and_a_known_verdict(wrong, validator, evidenced):
    with pytest.raises(RuleBroken):
        conclude(validator, evidenced, **wrong)
    assert nothing_concluded()


def test_a_requirement_that_is_not_on_cannot_be_concluded(validator, evidenced):
    for key in ("eu-art4-ai-literacy", "no-such-requirement"):
        with pytest.raises(NotFound):
            conclude(validator, evidenced, obligation_key=key)
    assert nothing_concluded()


def test_a_requirement_that_asks_nothing_of_the_model_cannot_be_concluded(bank, owner, validator, evidenced):
    duties = caught_up(bank, owner, evidenced)
    key = next(key for key, duty in duties.items() if duty.status == "none")
    with pytest.raises(OutOfOrder):
        conclude(validator, evidenced, "not_met", obligation_key=key)
    assert nothing_concluded()


def test_nobody_concludes_on_a_model_of_their_own(bank, evidenced):
    both = join(bank, "model_owner", "validator", email="both@bank.example")
    with acting(REGISTER, "owner.changed"):
        AIModel.objects.filter(pk=evidenced.pk).update(owner_id=both.user_id)
    with pytest.raises(NotAllowed):
        conclude(both, evidenced)
    assert nothing_concluded()
