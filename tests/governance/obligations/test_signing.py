"""A lawyer signs how requirements are mapped to evidence: recorded by the second line, by content, and revocable."""

from __future__ import annotations

import pytest

from governance.errors import NotAllowed, NotFound, OutOfOrder, RuleBroken
from governance.obligations.edition import editions
from governance.obligations.mapping import queries
from governance.obligations.mapping import services as mapping
from governance.obligations.mapping.models import MappingSignature
from governance.obligations.mapping.rules import mapping_digest
from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.people.rights import may
from tests.factories import REGISTER
from tests.governance.obligations.things import LAWYER, a_later_law, digest_of, signed

pytestmark = pytest.mark.django_db

RISKS, FAIRNESS = "kz-art18-1-1-identify-risks", "kz-art6-fairness-equality"


def several(by, organisation, *keys, **more):
    given = {
        "framework_key": "kz-ai-law",
        "edition": "2026-11-22",
        "seen": {key: digest_of(key) for key in keys},
    }
    return mapping.sign_several(by=by, organisation=organisation, **given | LAWYER | more)


def nothing_signed() -> bool:
    with viewing(REGISTER):
        return not MappingSignature.objects.exists()


def holding(organisation) -> list[str]:
    with viewing(REGISTER):
        shelf = queries.shelf(organisation.pk, "kz-ai-law")
    return [each.owed.obligation.key for each in shelf.mapped if each.signature]


def test_a_signature_names_the_lawyer_the_position_the_edition_and_the_content(bank, validator):
    made = signed(validator, bank, RISKS)

    assert (str(made), made.edition) == ("Айнұр Сейітова, Head of Legal", "2026-11-22")
    assert (made.framework_key, made.mapping_digest) == ("kz-ai-law", digest_of(RISKS))
    assert made.signed_by_id == validator.user_id
    assert holding(bank) == [RISKS]


def test_the_content_that_is_signed_is_the_condition_the_evidence_and_the_interval():
    facts = next(e.raw for edition in editions() for e in edition.entries if e.id == RISKS)
    digest = mapping_digest(facts)

    assert mapping_digest(facts | {"title": {}, "text": {}, "source": "", "confidence": "inferred"}) == digest
    for key, other in {
        "when": {"all_of": ["generative"], "any_of": []},
        "answered_by": [{"any_of": ["approval"]}],
        "periodicity": "on_request",
        "periodicity_basis": "text" if facts["periodicity_basis"] != "text" else "recommended",
    }.items():
        assert mapping_digest(facts | {key: other}) != digest


def test_several_mappings_of_an_edition_are_signed_at_once(bank, validator):
    assert len(several(validator, bank, RISKS, FAIRNESS)) == 2
    assert set(holding(bank)) == {RISKS, FAIRNESS}


def test_of_several_all_are_signed_or_none(bank, validator):
    with pytest.raises(OutOfOrder):
        several(validator, bank, seen={RISKS: digest_of(RISKS), FAIRNESS: "0" * 64})
    assert nothing_signed()
    with pytest.raises(NotFound):
        several(validator, bank, seen={RISKS: digest_of(RISKS), "iosco-m1-2-governance-framework": "0" * 64})
    assert nothing_signed()


@pytest.mark.parametrize("who", ["owner", "administrator", "supervisor", "stranger"])
def test_only_the_second_line_records_a_signature(who, bank, request):
    with pytest.raises(NotAllowed):
        signed(request.getfixturevalue(who), bank, RISKS)
    assert nothing_signed()


def test_no_token_signs_whatever_its_scopes(bank):
    token = Actor(
        "token", organisation_id=bank.pk, scopes=frozenset({"models:write"}), writes=frozenset({bank.pk})
    )
    assert not may(token, "mapping.sign", bank)


@pytest.mark.parametrize("lacking", ["name", "position"])
def test_a_signature_needs_a_name_and_a_position(lacking, bank, validator):
    for sign in (lambda: signed(validator, bank, RISKS, **{lacking: "  "}), lambda: several(
        validator, bank, RISKS, **{lacking: ""}
    )):  # fmt: skip
        with pytest.raises(RuleBroken) as refusal:
            sign()
        assert [problem.where for problem in refusal.value.problems] == [lacking]
    assert nothing_signed()


def test_nothing_chosen_is_nothing_signed(bank, validator):
    with pytest.raises(RuleBroken):
        several(validator, bank)
    assert nothing_signed()


def test_a_mapping_that_nobody_saw_is_not_signed(bank, validator):
    with pytest.raises(OutOfOrder):
        signed(validator, bank, RISKS, seen_digest="0" * 64)
    assert nothing_signed()


def test_a_requirement_that_no_edition_knows_is_not_signed(bank, validator):
    with pytest.raises(NotFound):
        mapping.sign(
            by=validator, organisation=bank, obligation_key="no-such", seen_digest="0" * 64, **LAWYER
        )
    assert nothing_signed()


def test_an_edition_that_is_not_in_force_any_more_is_not_signed(bank, validator, tmp_path):
    seen = {RISKS: digest_of(RISKS)}
    a_later_law(tmp_path)
    with pytest.raises(OutOfOrder):
        several(validator, bank, seen=seen)
    assert nothing_signed()


def test_a_mapping_is_signed_once(bank, validator):
    signed(validator, bank, RISKS)
    with pytest.raises(OutOfOrder, match="Айнұр Сейітова"):
        signed(validator, bank, RISKS)


def test_a_revoked_signature_stays_on_record_and_the_mapping_can_be_signed_again(bank, validator):
    former = signed(validator, bank, RISKS)
    revoked = mapping.revoke(by=validator, signature=former, reason=" Misread. ")

    assert revoked.revoked_reason == "Misread." and holding(bank) == []
    with pytest.raises(OutOfOrder):
        mapping.revoke(by=validator, signature=former, reason="Again.")
    signed(validator, bank, RISKS)
    assert holding(bank) == [RISKS]
    with viewing(REGISTER):
        assert queries.lapsed_of(bank.pk, "kz-ai-law") == [former]


@pytest.mark.parametrize(("who", "reason", "refusal"), [
    ("owner", "Why not.", NotAllowed), ("stranger", "Why not.", NotAllowed), ("validator", " ", RuleBroken),
])  # fmt: skip
def test_a_signature_is_revoked_by_the_second_line_with_a_reason(
    who, reason, refusal, bank, validator, request
):
    signature = signed(validator, bank, RISKS)
    with pytest.raises(refusal):
        mapping.revoke(by=request.getfixturevalue(who), signature=signature, reason=reason)
    assert holding(bank) == [RISKS]


def test_a_signature_of_one_organisation_signs_nothing_for_another(bank, broker, validator):
    signed(validator, bank, RISKS)
    assert holding(broker) == []


def test_a_newer_edition_with_the_same_mapping_stays_signed_and_a_changed_one_lapses(
    bank, validator, tmp_path
):
    several(validator, bank, RISKS, FAIRNESS)
    a_later_law(tmp_path, **{FAIRNESS: {"periodicity": "annual"}})

    assert holding(bank) == [RISKS]
    with viewing(REGISTER):
        assert [each.obligation_key for each in queries.lapsed_of(bank.pk, "kz-ai-law")] == [FAIRNESS]
