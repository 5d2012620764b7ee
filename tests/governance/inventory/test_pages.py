"""The pages of registration, versions and documents, as a browser without scripts meets them."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from governance.inventory import answers
from governance.inventory.models import AIModel, Document, ModelVersion
from governance.inventory.sections import REGISTRATION, questions
from governance.people.acting import viewing
from tests.factories import sign_in
from tests.governance.inventory.made import PDF, document, draft, registered, version, xgboost_json

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(owner) -> Client:
    return sign_in(Client(), owner)


def edit(model, section: str) -> str:
    return reverse("inventory:edit", args=[model.pk, section])


def stored(actor, model) -> AIModel:
    with viewing(actor):
        return AIModel.objects.get(pk=model.pk)


def test_the_first_section_makes_a_draft_and_leads_to_the_second(web, owner):
    page = web.get(reverse("inventory:new"))
    assert page.status_code == 200

    answer = web.post(reverse("inventory:new"), {"name": "Chatbot"})

    with viewing(owner):
        model = AIModel.objects.get()
    assert (model.name, model.number, model.status) == ("Chatbot", "M-0001", "draft")
    assert answer.url == edit(model, "people")


def test_a_draft_without_a_name_shows_the_error_beside_its_field(web, owner):
    answer = web.post(reverse("inventory:new"), {"name": "", "summary": "x" * 351})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_name_error"' in page and 'id="id_summary_error"' in page
    assert "Nothing was saved" in page
    with viewing(owner):
        assert not AIModel.objects.exists()


def test_every_section_opens_and_saves_as_it_stands(web, owner):
    model = draft(owner, natural_persons=True, decisions_about_persons=False, staff=False, trained_model=True)
    sections = [each for each in answers.relevant(answers.of(model)) if not each.later]
    *asking, listing = sections
    assert (asking, listing.slug) == ([each for each in REGISTRATION if each.questions], "data-inputs")
    for section, following in zip(asking, [*asking[1:], listing], strict=True):
        page = web.get(edit(model, section.slug))
        fields = {name: page.context["form"][name].value() for name in page.context["form"].fields}

        answer = web.post(edit(model, section.slug), {name: v for name, v in fields.items() if v is not None})

        assert answer.url == edit(model, following.slug)
    onward = web.get(edit(model, listing.slug)).context["onward"]
    assert onward == reverse("inventory:check-answers", args=[model.pk])
    assert stored(owner, model).revision == model.revision  # nothing was changed by looking through it


def test_an_unanswered_question_stays_open(web, owner):
    model = draft(owner, trading=None)

    web.post(edit(model, "does"), {"shown": "ticked"})

    after = stored(owner, model)
    assert (after.generative, after.trading, after.market_data) == (None, None, None)


def test_what_is_ticked_is_yes_and_the_rest_is_no(web, owner):
    model = draft(owner, trading=None)

    web.post(edit(model, "does"), {"ticked": ["market_data"], "shown": "ticked"})

    after = stored(owner, model)
    assert (after.generative, after.trading, after.market_data) == (False, False, True)


def test_none_of_these_is_an_answer_and_stands_alone(web, owner):
    model = draft(owner, trading=None)
    page = web.post(edit(model, "does"), {"ticked": ["none", "trading"], "shown": "ticked"})
    assert "cannot stand beside" in page.content.decode()
    assert stored(owner, model).trading is None

    web.post(edit(model, "does"), {"ticked": ["none"], "shown": "ticked"})
    assert stored(owner, model).trading is False


def test_a_question_is_asked_only_where_another_answer_opens_it(web, owner):
    model = draft(owner, trading=None)
    assert 'name="market_making"' not in web.get(edit(model, "does")).content.decode()

    answer = web.post(edit(model, "does"), {"ticked": ["trading"], "shown": "ticked"})

    assert answer.url == edit(model, "does")
    assert 'name="market_making"' in web.get(answer.url).content.decode()


def test_what_is_typed_opens_a_question_without_being_saved(web, owner):
    model = draft(owner, trading=None)

    fragment = web.post(edit(model, "does"), {"ticked": ["trading"]}, headers={"HX-Request": "true"})

    page = fragment.content.decode()
    assert 'name="market_making"' in page and "field-error" not in page and "<html" not in page
    assert stored(owner, model).trading is None


def test_an_answer_that_is_no_longer_asked_goes_away(web, owner):
    model = draft(owner, origin="vendor", vendor="Vendor LLP")

    web.post(
        edit(model, "origin"),
        {"role": "user", "origin": "in_house", "trained_model": "yes", "vendor": "Vendor LLP"},
    )

    after = stored(owner, model)
    assert (after.origin, after.vendor) == ("in_house", "")


def test_a_registered_model_refuses_an_open_question_beside_it(web, owner):
    model = registered(owner)

    page = web.post(edit(model, "does"), {"ticked": ["trading"]}).content.decode()

    assert 'id="id_market_making_error"' in page
    assert 'id="id_ticked_error"' in web.post(edit(model, "does"), {}).content.decode()
    assert stored(owner, model).trading is False


def test_the_check_lists_every_answer_and_what_is_missing(web, owner):
    model = draft(owner, trading=None, vendor="")
    check = reverse("inventory:check-answers", args=[model.pk])

    page = web.get(check).content.decode()
    assert "1 answer is missing" in page
    assert page.count("answers-change") == len(list(_asked(model)))

    refused = web.post(check).content.decode()
    assert "This has not been answered." in refused
    assert stored(owner, model).status == "draft"


def _asked(model):
    return [each for each in questions() if answers.is_asked(each, answers.of(model))]


def test_a_section_appears_in_the_steps_with_the_answer_that_makes_it_relevant(web, owner):
    model = draft(owner)
    page = web.get(edit(model, "touches")).content.decode()
    assert edit(model, "persons") not in page

    opened = web.post(
        edit(model, "touches"), {"ticked": ["natural_persons"]}, headers={"HX-Request": "true"}
    ).content.decode()

    assert edit(model, "persons") in opened and "hx-swap-oob" in opened
    assert stored(owner, model).natural_persons is False
    assert web.post(edit(model, "touches"), {"ticked": ["natural_persons"]}).url == edit(model, "persons")


def test_registering_gives_an_acknowledgement_number(web, owner):
    model = draft(owner)

    answer = web.post(reverse("inventory:check-answers", args=[model.pk]), follow=True)

    assert stored(owner, model).acknowledgement in answer.content.decode()


def test_a_model_is_withdrawn_on_its_page(web, owner):
    model = registered(owner)
    page = reverse("inventory:withdraw", args=[model.pk])
    assert web.get(page).status_code == 200
    assert 'id="id_reason_error"' in web.post(page, {"reason": " "}).content.decode()

    assert web.post(page, {"reason": "Replaced"}).status_code == 302
    assert stored(owner, model).status == "withdrawn"
    assert web.get(edit(model, "what")).status_code == 409


def test_a_version_is_added_with_its_artefact(web, owner):
    model = registered(owner)
    page = reverse("inventory:add-version", args=[model.pk])
    assert "LightGBM text" in web.get(page).content.decode()
    said = {"label": "1.0", "decision_threshold": "0.5", "metrics": "auc = 0.81\nby = maker"}

    answer = web.post(page, {**said, "artefact": SimpleUploadedFile("m.json", xgboost_json("a").read())})

    assert answer.status_code == 302
    with viewing(owner):
        made = ModelVersion.objects.get()
    assert (made.features, made.decision_threshold, made.metrics) == (
        ["a"],
        0.5,
        {"auc": 0.81, "by": "maker"},
    )
    assert 'id="id_label_error"' in web.post(page, said).content.decode()


def test_a_pickle_is_refused_beside_its_field(web, owner):
    page = reverse("inventory:add-version", args=[registered(owner).pk])

    answer = web.post(page, {"label": "1", "artefact": SimpleUploadedFile("m.json", b"\x80\x04\x95.")})

    assert 'id="id_artefact_error"' in answer.content.decode()
    with viewing(owner):
        assert not ModelVersion.objects.exists()


def test_a_version_is_withdrawn_on_its_page(web, owner):
    made = version(owner, registered(owner))
    page = reverse("inventory:withdraw-version", args=[made.pk])

    assert web.get(page).status_code == 200
    assert web.post(page).status_code == 302
    with viewing(owner):
        assert ModelVersion.objects.get().withdrawn_at is not None


def test_a_document_is_handed_in_for_the_kind_that_was_asked_for(web, owner):
    model = registered(owner)
    page = reverse("inventory:add-document", args=[model.pk])
    asked = web.get(page + "?kind=document:model_card").content.decode()
    assert 'value="Model card"' in asked and 'value="model_card"' in asked

    said = {
        "title": "Card",
        "kinds": ["model_card"],
        "language": "kk",
        "effective_on": timezone.localdate().isoformat(),
        "file": SimpleUploadedFile("c.pdf", PDF),
    }
    assert web.post(page, said).status_code == 302
    with viewing(owner):
        made = Document.objects.get()
    page = reverse("inventory:revise-document", args=[made.pk])
    assert web.get(page).status_code == 200
    web.post(page, {**said, "file": SimpleUploadedFile("c.pdf", PDF + b"2")})
    with viewing(owner):
        assert made.revisions.count() == 2
    wrong = web.post(page, {**said, "file": SimpleUploadedFile("c.exe", b"MZ")})
    assert 'id="id_file_error"' in wrong.content.decode()


def test_a_file_is_a_download_and_nothing_else(web, owner):
    revision = document(owner, registered(owner), file_name="карта.pdf")

    answer = web.get(reverse("inventory:file", args=[revision.pk]))

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/pdf")


def test_a_stranger_finds_nothing_and_a_colleague_may_not_edit(owner, stranger, validator):
    model = registered(owner)
    revision, made = document(owner, model), version(owner, model)
    pages = [edit(model, "what"), *(reverse(f"inventory:{name}", args=[model.pk]) for name in ALL_OF_A_MODEL)]
    pages += [
        reverse("inventory:file", args=[revision.pk]),
        reverse("inventory:withdraw-version", args=[made.pk]),
    ]
    pages.append(reverse("inventory:revise-document", args=[revision.document_id]))
    outside, colleague = sign_in(Client(), stranger), sign_in(Client(), validator)

    nothing = outside.get("/no-such-page/").content
    for page in pages:
        answer = outside.get(page)
        assert (answer.status_code, answer.content) == (404, nothing)
    for page in (edit(model, "what"), reverse("inventory:withdraw", args=[model.pk])):
        assert colleague.get(page).status_code == 403
    assert Client().get(pages[0]).status_code == 302


ALL_OF_A_MODEL = ("check-answers", "registered", "withdraw", "add-version", "add-document")


def test_a_page_of_a_section_that_is_none_is_not_there(web, owner):
    assert web.get(edit(draft(owner), "horoscope")).status_code == 404


def test_the_check_asks_the_database_as_often_for_a_long_record_as_for_a_short_one(
    web, owner, bank, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from governance.inventory import services

    short = services.register(by=owner, organisation=bank, fields={"name": "Short"})
    long = draft(owner, trading=True, market_making=True)
    with CaptureQueriesContext(connection) as first:
        web.get(reverse("inventory:check-answers", args=[short.pk]))
    with django_assert_num_queries(len(first)):
        web.get(reverse("inventory:check-answers", args=[long.pk]))


def test_a_broken_upload_is_said_and_not_an_error(web, owner):
    page = reverse("inventory:add-document", args=[registered(owner).pk])

    answer = web.post(
        page, {"title": "Card", "kinds": ["model_card"], "language": "kk", "file": io.BytesIO(b"")}
    )

    assert answer.status_code == 422 and 'id="id_file_error"' in answer.content.decode()
