"""The pages say what is asked, what is on file, who concluded, and what to do next; never that the law is kept."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.inventory.models import AIModel
from governance.obligations import queries
from governance.obligations import services as obligations
from governance.obligations.models import Conclusion, Framework, Obligation
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, sign_in
from tests.governance.obligations.things import a_model, a_paper, a_run, a_version, graded

pytestmark = pytest.mark.django_db

RISKS = "kz-art18-1-1-identify-risks"


@pytest.fixture
def model(bank, owner) -> AIModel:
    model = a_model(owner, role="owner_or_holder", origin="in_house", trained_model=True, credit_scoring=True)
    graded(owner, model, "high", "medium")
    version = a_version(owner, model, "1.0")
    a_paper(owner, model, "risk_register", sha256="c" * 64)
    measured = {"value": 0.741, "low": 0.69, "high": 0.80, "n": 4821}
    a_run(model, version, "check:fairness", "failed", summary={"key": "failed", "params": measured})
    obligations.catch_up(bank.pk)
    return model


def page(client, actor, model, key="", **parameters):
    name = "obligations:requirement" if key else "obligations:requirements"
    url = reverse(name, args=[model.pk, *([key] if key else [])])
    return sign_in(client, actor).get(url, parameters)


def text(response) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_requirements_stand_by_framework_with_what_binds_here_first(client, owner, model):
    words = text(page(client, owner, model))

    order = [words.index(each) for each in ("Law of the Republic of Kazakhstan", "IOSCO", "NIST AI Risk")]
    assert order == sorted(order)
    assert "Binding in Kazakhstan" in words and "Guidance: does not bind in Kazakhstan" in words
    assert "Missing: " in words and "evidence on file" in words
    assert re.search(r"\d+ requirements ask nothing of this model", words)
    assert (
        "Evidence status under the edition of 17 Nov 2025 as read on 22 Nov 2026; not a legal opinion."
        in words
    )


def test_a_status_narrows_the_page_down(client, owner, model):
    response = page(client, owner, model, status="failing")

    lines = [line for chapter in response.context["chapters"] for line in chapter.asked]
    assert lines and {line.duty.status for line in lines} == {"failing"}
    assert "Find the cause, correct it and run the check again." in text(response)


def test_a_framework_narrows_the_page_down(client, owner, model):
    response = page(client, owner, model, framework="iosco")

    assert [chapter.framework.key for chapter in response.context["chapters"]] == ["iosco"]


def test_a_choice_that_nothing_fits_says_so(client, owner, model):
    assert "Nothing fits this choice" in text(page(client, owner, model, status="waived"))


def test_before_the_first_computation_the_page_says_so(client, bank, owner):
    assert "The requirements are being computed" in text(page(client, owner, a_model(owner)))


def test_one_requirement_shows_its_text_its_evidence_and_its_source(client, owner, model):
    response = page(client, owner, model, RISKS)
    words = text(response)

    assert "Summary in our own words" in words and "Source" in words and "In force from" in words
    assert "Risk register" in words and "the status rests on it" in words
    assert "c" * 64 in response.content.decode()
    assert "Nobody has concluded on this requirement yet." in words
    assert "our mapping, signed by nobody" in words


def test_a_failed_check_shows_its_number_its_interval_and_its_rows(client, owner, model):
    words = text(page(client, owner, model, "kz-art6-fairness-equality"))

    assert "0.74 [0.69&nbsp;… 0.80] n&nbsp;=&nbsp;4,821" in words
    assert words.count("Failed on ") == 1  # it answers three groups and is told once
    assert "Missing: Fairness." not in words  # what failed is on file


def test_what_is_missing_can_be_handed_in_from_the_page(client, owner, validator, model):
    address = f"{reverse('inventory:add-document', args=[model.pk])}?kind=document:"
    missing = "kz-art15-2-3-documentation"
    assert address in page(client, owner, model, missing).content.decode()


def test_no_page_says_that_the_law_is_kept_or_that_a_wording_is_verified(client, owner, model):
    with viewing(REGISTER):
        keys = Obligation.objects.filter(framework__key="kz-ai-law").values_list("key", flat=True)[::9]
    pages = [page(client, owner, model), *(page(client, owner, model, key) for key in keys)]
    for response in pages:
        words = text(response).lower()
        assert "compliant" not in words and "verified" not in words


def test_every_key_of_the_catalogue_has_an_address(model):
    with viewing(REGISTER):
        keys = list(Obligation.objects.values_list("key", flat=True))
    assert len({reverse("obligations:requirement", args=[model.pk, key]) for key in keys}) == 298


def test_every_requirement_of_every_framework_can_be_shown(client, bank, owner, validator, model):
    with viewing(REGISTER):
        frameworks = list(Framework.objects.values_list("key", flat=True))
    with acting(owner, "model.edited"):
        AIModel.objects.filter(pk=model.pk).update(eu_scope=True)
    for key in frameworks:
        obligations.adopt(by=validator, organisation=bank, framework_key=key)
    obligations.catch_up(bank.pk)
    response = page(client, validator, model)

    shown = [line for each in response.context["chapters"] for line in (*each.asked, *each.silent)]
    assert len(shown) == 298 and all(line.text.words and line.confidence and line.norm for line in shown)
    for line in shown[::25]:
        assert text(page(client, validator, model, line.obligation.key))


def test_the_second_line_concludes_on_the_page(client, validator, model):
    shown = page(client, validator, model, RISKS)
    seen = shown.context["form"]["seen"].value()
    url = reverse("obligations:requirement", args=[model.pk, RISKS])
    answer = client.post(url, {"verdict": "met", "reason": "I read the register of risks.", "seen": seen})

    assert answer.status_code == 302
    with viewing(validator):
        made = Conclusion.objects.get()
    assert (made.verdict, made.evidence_digest, made.concluded_by_id) == ("met", seen, validator.user_id)
    assert "evidence on file; concluded, but nobody has signed the mapping" in text(client.get(url))


def test_a_conclusion_without_a_reason_is_shown_again_and_not_written(client, validator, model):
    sign_in(client, validator)
    url = reverse("obligations:requirement", args=[model.pk, RISKS])
    answer = client.post(url, {"verdict": "met", "reason": " "})

    assert "Nothing was saved" in text(answer)
    with viewing(validator):
        assert not Conclusion.objects.exists()


def test_met_is_not_offered_where_evidence_is_missing(client, validator, model):
    form = page(client, validator, model, "kz-art15-2-3-documentation").context["form"]
    assert [value for value, _words in form.fields["verdict"].choices] == [
        "partly",
        "not_met",
        "not_applicable",
    ]


def test_the_owner_sees_no_form_and_cannot_conclude(client, owner, model):
    assert page(client, owner, model, RISKS).context["form"] is None
    url = reverse("obligations:requirement", args=[model.pk, RISKS])
    assert client.post(url, {"verdict": "met", "reason": "Trust me."}).status_code == 403
    with viewing(owner):
        assert not Conclusion.objects.exists()


def test_a_stranger_finds_nothing_and_the_answer_is_that_of_no_model(client, stranger, model):
    there = page(client, stranger, model)
    nowhere = client.get(reverse("obligations:requirements", args=["0" * 8 + "-0000-4000-8000-" + "0" * 12]))
    one = client.get(reverse("obligations:requirement", args=[model.pk, RISKS]))

    assert there.status_code == nowhere.status_code == one.status_code == 404
    assert re.sub(rb"[0-9a-f-]{32,}", b"", there.content) == re.sub(rb"[0-9a-f-]{32,}", b"", nowhere.content)


def test_a_supervisor_reads_and_does_not_conclude(client, supervisor, model):
    assert page(client, supervisor, model, RISKS).context["form"] is None


def test_a_requirement_that_is_not_owed_is_not_there(client, owner, model):
    assert page(client, owner, model, "eu-art4-ai-literacy").status_code == 404


def test_the_page_asks_the_database_as_often_for_one_row_as_for_all(bank, owner, model):
    def asked(**narrowed) -> int:
        with viewing(owner), CaptureQueriesContext(connection) as queries_asked:
            for line in queries.duties_of(model, **narrowed):
                assert line.reasons is not None and line.obligation.framework.title and line.words
        return len(queries_asked)

    assert asked(framework="kz-ai-law", status="failing") == asked() == 3


def test_totals_of_three_models_cost_what_those_of_one_cost(bank, owner, model):
    others = [a_model(owner, number=f"M-000{n}") for n in (2, 3)]
    obligations.catch_up(bank.pk)

    def asked(models) -> int:
        with viewing(owner), CaptureQueriesContext(connection) as queries_asked:
            totals = queries.totals_of(models)
        assert all(sum(total.values()) == 171 for total in totals.values())
        return len(queries_asked)

    assert asked([model]) == asked([model, *others]) == 1


def test_the_scan_costs_the_same_for_one_model_and_for_three(bank, owner, model):
    def asked() -> int:
        obligations.catch_up(bank.pk)
        with CaptureQueriesContext(connection) as queries_asked:
            obligations.catch_up(bank.pk)
        return len(queries_asked)

    one = asked()
    for n in (2, 3):
        a_model(owner, number=f"M-000{n}")
    assert asked() == one


def test_a_sheet_that_is_behind_says_so_on_the_page(client, owner, model):
    a_paper(owner, model, "model_card")
    assert "Something changed a moment ago" in text(page(client, owner, model))
    with viewing(owner):
        fresh = AIModel.objects.get(pk=model.pk)
        assert not queries.is_current(fresh, queries.sheet_of(fresh))
