"""The pages of the mappings: who signed what, with a form for the second line; and what a requirement shows of it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from governance.inventory.models import AIModel
from governance.obligations import queries as obligations_queries
from governance.obligations import services as obligations
from governance.obligations.mapping import queries
from governance.obligations.mapping.models import MappingSignature
from governance.obligations.models import Obligation
from governance.obligations.words import STRENGTHS
from governance.people.acting import viewing
from tests.factories import REGISTER, sign_in
from tests.governance.obligations.test_pages import RISKS, page, text
from tests.governance.obligations.things import LAWYER, a_later_law, a_model, a_paper, digest_of, signed

pytestmark = pytest.mark.django_db

LAW = "/mappings/kz-ai-law/"
FAIRNESS = "kz-art6-fairness-equality"


@pytest.fixture
def model(bank, owner) -> AIModel:
    model = a_model(owner, role="owner_or_holder", origin="in_house", trained_model=True, credit_scoring=True)
    a_paper(owner, model, "risk_register")
    obligations.catch_up(bank.pk)
    return model


def entry(key: str) -> str:
    return f"{key}:{digest_of(key)}"


def sent(*keys: str, **more: str) -> dict[str, object]:
    return {"entries": [entry(key) for key in keys], "edition": "2026-11-22"} | LAWYER | more


def all_signed() -> list[str]:
    with viewing(REGISTER):
        return list(MappingSignature.objects.standing().values_list("obligation_key", flat=True))


def test_the_list_of_frameworks_says_how_many_mappings_are_signed(client, bank, validator, owner):
    signed(validator, bank, RISKS)
    words = text(sign_in(client, owner).get("/mappings/"))

    assert "1 of 71" in words and "0 of 28" in words
    assert words.index("Law of the Republic of Kazakhstan") < words.index("IOSCO")


def test_a_framework_shows_each_mapping_and_who_signed_it(client, bank, validator, owner):
    signed(validator, bank, RISKS)
    response = sign_in(client, owner).get(LAW)
    words = text(response)

    assert "Signed: 1 of 71" in words
    assert "signed by Айнұр Сейітова, Head of Legal on " in words
    assert words.count("our mapping, signed by nobody") == 70
    assert "one of this holds: outputs concern people" in words and "Risk register" in words
    assert "one of this holds: the system sets parameters of orders" in words  # the condition of a group
    assert 'type="checkbox"' not in response.content.decode()  # the owner reads


def test_the_second_line_signs_what_is_ticked(client, validator):
    sign_in(client, validator)
    answer = client.post(LAW, sent(RISKS, FAIRNESS))

    assert (answer.status_code, answer["Location"]) == (302, LAW)
    assert sorted(all_signed()) == sorted([RISKS, FAIRNESS])
    assert "2 mappings are signed." in text(client.get(LAW))


def test_a_form_without_a_position_is_shown_again_with_its_ticks(client, validator):
    sign_in(client, validator)
    answer = client.post(LAW, sent(RISKS, position=" "))

    assert answer.status_code == 422 and all_signed() == []
    assert f'value="{entry(RISKS)}" aria-label="Art. 18(1)(1)" checked' in re.sub(
        r"\s+", " ", answer.content.decode()
    )


def test_nothing_ticked_is_said(client, validator):
    answer = sign_in(client, validator).post(LAW, sent())

    assert "Choose the requirements that are signed." in answer.content.decode() and all_signed() == []


def test_whoever_may_not_sign_is_refused(client, owner):
    assert sign_in(client, owner).post(LAW, sent(RISKS)).status_code == 403
    assert all_signed() == []


def test_a_framework_that_is_not_there_is_not_found(client, owner):
    assert sign_in(client, owner).get("/mappings/no-such-law/").status_code == 404


def test_a_signature_is_revoked_on_its_page(client, bank, validator):
    signature = signed(validator, bank, RISKS)
    url = reverse("mapping:revoke", args=[signature.pk])
    sign_in(client, validator)

    assert client.post(url, {"reason": " "}).status_code == 422 and all_signed() == [RISKS]
    assert client.post(url, {"reason": "The condition was misread."})["Location"] == LAW
    assert all_signed() == []
    assert "The condition was misread." in text(client.get(LAW))


def test_a_mapping_that_changed_since_it_was_signed_is_told(client, bank, validator, tmp_path):
    signed(validator, bank, RISKS)
    a_later_law(tmp_path, **{RISKS: {"periodicity": "annual"}})

    words = text(sign_in(client, validator).get(LAW))
    assert "the mapping has changed since" in words and "Signed: 0 of 71" in words


def test_the_second_line_signs_from_the_page_of_a_requirement(client, validator, model):
    response = page(client, validator, model, RISKS)
    shown = response.content.decode()

    assert f'name="entries" value="{entry(RISKS)}"' in shown and f'action="{LAW}"' in shown
    assert client.post(LAW, sent(RISKS)).status_code == 302
    assert "signed by Айнұр Сейітова, Head of Legal on " in text(client.get(response.request["PATH_INFO"]))
    assert page(client, validator, model, RISKS).context["sign_form"] is None


def test_a_supervisor_reads_who_signed_and_is_not_led_to_a_list_of_their_own(
    client, bank, supervisor, validator, model
):
    signed(validator, bank, RISKS)
    response = page(client, supervisor, model, RISKS)

    assert "signed by Айнұр Сейітова, Head of Legal on " in text(response)
    assert (
        LAW not in response.content.decode() and LAW not in page(client, supervisor, model).content.decode()
    )


def test_the_owner_sees_no_form_to_sign(client, owner, model):
    assert page(client, owner, model, RISKS).context["sign_form"] is None


def test_the_list_says_in_short_what_the_page_says_in_full(client, validator, model):
    obligations.conclude(by=validator, model=model, obligation_key=RISKS, verdict="met", reason="I read it.")
    words = text(page(client, validator, model, framework="kz-ai-law"))

    assert "concluded, not signed" in words
    assert "evidence on file; concluded, but nobody has signed the mapping" in words


def test_met_is_shown_only_over_a_signed_mapping(client, bank, validator, model):
    obligations.conclude(by=validator, model=model, obligation_key=RISKS, verdict="met", reason="I read it.")
    words = text(page(client, validator, model, RISKS))
    assert "evidence on file; concluded, but nobody has signed the mapping" in words
    assert "A lawyer signs how this requirement is mapped to evidence." in words

    signed(validator, bank, RISKS)
    words = text(page(client, validator, model, RISKS))
    assert "concluded: met" in words and "nobody has signed" not in words


def test_partly_met_is_offered_and_shown_as_such(client, bank, validator, model):
    signed(validator, bank, RISKS)
    url = reverse("obligations:requirement", args=[model.pk, RISKS])
    sign_in(client, validator).post(url, {"verdict": "partly", "reason": "One risk is missing."})

    shown = client.get(url)
    assert "concluded: partly met" in text(shown)
    assert shown.context["line"].concluded_look == "uncertain"


def test_the_three_things_stand_apart_with_the_weakest_beside_the_status(client, owner, model):
    words = text(page(client, owner, model, FAIRNESS))

    for each in (
        "Wording read",
        "in Russian, unofficial copy",
        "believed unchanged",
        "Mapping",
        "Translation",
        "our translation",
    ):
        assert each in words
    assert words.count("our mapping, signed by nobody") == 2  # beside the status, and in its place
    assert "not a legal opinion" in words


def test_where_the_law_may_have_changed_its_wording_is_said_not_to_be_read(client, owner, model):
    with viewing(owner):
        lines = obligations_queries.duties_of(model, framework="kz-ai-law")
    unread = [line for line in lines if line.facts.get("wording_since_2026_08_25") == "not_read"]

    assert len(unread) == 8
    for line in unread[:2]:
        words = text(page(client, owner, model, line.obligation.key))
        assert words.count("wording since 25.08.2026 not read") == 2
        assert "Law 326-VIII may have changed it." in words


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_page_in_any_language_says_that_something_is_verified(language, client, validator, model):
    with viewing(REGISTER):
        keys = Obligation.objects.filter(framework__key="kz-ai-law").values_list("key", flat=True)[::12]
    addresses = [reverse("obligations:requirements", args=[model.pk]), "/mappings/", LAW]
    addresses += [reverse("obligations:requirement", args=[model.pk, key]) for key in keys]
    sign_in(client, validator)
    client.cookies["django_language"] = language
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200 and f'<html lang="{language}"' in answer.content.decode()
        assert "verified" not in text(answer).lower()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_word_for_how_firm_the_ground_is_says_verified(language):
    with translation.override(language):
        said = [str(words).lower() for part in STRENGTHS.values() for words in part.values()]
    assert not any(
        word in each for each in said for word in ("verified", "подтвержд", "проверен", "расталған")
    )


def test_the_list_costs_the_same_with_one_signature_and_with_three(bank, validator):
    def asked() -> int:
        with viewing(validator), CaptureQueriesContext(connection) as captured:
            assert all(str(each.signature) for each in queries.shelf(bank.pk, "kz-ai-law").mapped)
        return len(captured)

    signed(validator, bank, RISKS)
    asked()  # each edition is read once per process
    one = asked()
    for key in (FAIRNESS, "kz-art15-2-3-documentation"):
        signed(validator, bank, key)
    assert asked() == one == 2
