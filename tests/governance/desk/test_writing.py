"""Pages on which documents are written: all rooms fill in what they know, in the language of the document."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from governance.desk.facts import facts_of
from governance.inventory.models import AIModel, Revision
from governance.inventory.outlines.models import Draft
from governance.inventory.outlines.outline import outlines
from governance.inventory.profile.sections import PROFILE
from governance.people.acting import viewing
from tests.factories import sign_in
from tests.governance.inventory.made import draft, registered, version

pytestmark = pytest.mark.django_db
PROFILED = {
    question.name for section in PROFILE for question in section.questions if question.table is not AIModel
}


@pytest.fixture
def web(owner) -> Client:
    return sign_in(Client(), owner)


def begun(web, owner, model, kind: str, language: str) -> Draft:
    answer = web.post(reverse("outlines", args=[model.pk]), {"outline": kind, "language": language})
    assert answer.status_code == 302
    with viewing(owner):
        return Draft.objects.unfinished().get(outline=kind, language=language)


def test_every_fact_that_an_outline_asks_for_is_one_that_a_room_knows(owner):
    model = draft(owner)
    with viewing(owner):
        known = set(facts_of(AIModel.objects.select_related("owner", "organisation").get(pk=model.pk)))

    asked = {name for outline in outlines().values() for part in outline.parts for name in part.facts}
    assert asked - known - PROFILED == set()


def test_an_answer_of_the_profile_is_a_fact_once_it_is_given(owner):
    model = draft(owner, how_it_works="By rules", approved_uses=["Retail", "Small business"])

    with viewing(owner):
        facts = facts_of(AIModel.objects.select_related("owner", "organisation").get(pk=model.pk))

    assert facts["how_it_works"].lines == ["By rules"]
    assert facts["approved_uses"].lines == ["Retail", "Small business"]
    assert facts.keys() & PROFILED == {"how_it_works", "approved_uses"}


def test_the_model_card_begins_with_the_record_in_its_own_language(web, owner):
    model = registered(owner, natural_persons=True, decisions_about_persons=False, staff=False)
    version(owner, model, "2.1.0")

    card = begun(web, owner, model, "model_card", "ru")

    assert "2.1.0" in card.texts["identity"] and "M-0001" in card.texts["identity"]
    assert "Staff look up internal rules." in card.texts["purpose"]
    assert "[нужно написать]" in card.texts["risk"]
    page = web.get(reverse("draft", args=[card.pk])).content.decode()
    assert 'lang="ru"' in page and "To be written" in page


def test_it_is_written_and_handed_in_on_its_page(web, owner):
    card = begun(web, owner, registered(owner), "label_text", "en")
    page = reverse("draft", args=[card.pk])
    said = {"text": "Made by AI.", "machine": "EXIF", "then": "hand-in", "format": "md"}

    refused = web.post(page, {**said, "place": "On [to be written]"})
    shown = refused.content.decode()
    assert refused.status_code == 422 and "What you typed is saved" in shown and 'href="#id_place"' in shown

    answer = web.post(page, {**said, "place": "Below the answer."})

    with viewing(owner):
        revision = Revision.objects.get()
    assert answer.url == reverse("inventory:document", args=[revision.document_id])
    assert web.get(page).status_code == 404  # it is no draft any more
    assert "Label text" in web.get(reverse("outlines", args=[revision.model_id])).content.decode()


def test_what_is_typed_is_kept_and_an_older_tab_is_told(web, owner):
    card = begun(web, owner, registered(owner), "label_text", "en")
    page = reverse("draft", args=[card.pk])
    seen, save = web.get(page).context["seen"], {"X-Senim-Keep": "save"}

    first = web.post(page, {"text": "Mine", "seen": seen}, headers=save)
    second = web.post(page, {"text": "Older", "seen": seen}, headers=save)

    assert (first.json()["state"], second.json()["state"]) == ("kept", "older")
    assert web.post(page, {"text": "Older", "seen": seen, "then": "save"}).status_code == 409
    with viewing(owner):
        assert Draft.objects.get().texts["text"] == "Mine"


def test_it_can_be_downloaded_as_it_stands_and_thrown_away(web, owner):
    card = begun(web, owner, registered(owner), "label_text", "kk")
    file = web.get(reverse("draft-file", args=[card.pk]) + "?format=docx")
    assert file.content.startswith(b"PK") and "attachment" in file["Content-Disposition"]
    assert web.get(reverse("draft-file", args=[card.pk]) + "?format=exe").status_code == 404

    assert web.post(reverse("discard-draft", args=[card.pk])).status_code == 302
    with viewing(owner):
        assert not Draft.objects.unfinished().exists()


def test_a_reader_does_not_write(owner, committee):
    model = registered(owner)
    assert sign_in(Client(), committee[0]).get(reverse("outlines", args=[model.pk])).status_code == 403
