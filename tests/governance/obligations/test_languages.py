"""What binds in Kazakhstan is told in Kazakh and in Russian; what is told in English only says so."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import translation

from governance.obligations import services as obligations
from governance.obligations.edition import editions
from governance.obligations.lines import said
from tests.factories import sign_in
from tests.governance.obligations.things import a_model, graded

BINDING = [edition for edition in editions() if edition.jurisdiction == "KZ"]
TEXTS = [(entry.id, entry.raw["text"]) for edition in BINDING for entry in edition.entries]
NOTES = [
    (entry.id, group["note"])
    for edition in BINDING
    for entry in edition.entries
    for group in entry.raw["answered_by"]
    if "note" in group
]
SAYINGS = [*TEXTS, *NOTES]

CODES = re.compile(r"№ \d+-[IVX]+|\b[IVX]+\b")
"""Numbers of acts. Nothing else in a Kazakh or Russian sentence is written in Latin letters."""
KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)
RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)
LATIN = re.compile("[a-z]", re.IGNORECASE)


def test_the_law_of_kazakhstan_is_such_an_edition():
    assert [edition.framework for edition in BINDING] == ["kz-ai-law"]
    assert (len(TEXTS), len(NOTES)) == (71, 150)


def test_every_text_and_note_is_in_three_languages():
    assert [
        key for key, stated in SAYINGS if set(stated) != {"kk", "ru", "en"} or not all(stated.values())
    ] == []


def test_kazakh_is_kazakh_and_russian_is_russian():
    assert [key for key, stated in TEXTS if not KAZAKH.search(stated["kk"])] == []
    assert [key for key, stated in NOTES if stated["kk"] == stated["ru"]] == []
    assert [key for key, stated in SAYINGS if not RUSSIAN.search(stated["ru"])] == []
    assert [key for key, stated in SAYINGS if KAZAKH.search(stated["ru"])] == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_latin_letter_is_left_but_in_the_number_of_an_act(language):
    assert [key for key, stated in SAYINGS if LATIN.search(CODES.sub("", stated[language]))] == []


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_numbers_of_a_text_are_those_of_the_english_one(language):
    """No deadline and no amount is lost or won by translation; paragraphs of articles are counted as well."""

    def numbers(words: str) -> list[str]:
        return sorted(re.findall(r"\d+", words))

    assert [key for key, stated in SAYINGS if numbers(stated[language]) != numbers(stated["en"])] == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_saying_is_read_in_the_readers_language(language):
    with translation.override(language):
        told = said({"kk": "Мәтін", "ru": "Текст", "en": "Text"})
        assert (told.language, told.is_untranslated) == (language, False)


@pytest.mark.parametrize("stated", ["Text", {"en": "Text"}], ids=["a plain string", "English only"])
def test_what_has_no_translation_stays_english_and_is_marked(stated):
    with translation.override("kk"):
        told = said(stated)
        assert (str(told), told.language, told.is_untranslated) == ("Text", "en", True)
    with translation.override("en"):
        assert not said(stated).is_untranslated


@pytest.fixture
def model(bank, owner):
    model = a_model(owner, role="owner_or_holder", origin="in_house", trained_model=True, credit_scoring=True)
    graded(owner, model, "high", "medium")
    obligations.catch_up(bank.pk)
    return model


def shown(client, actor, model, key, language) -> str:
    visitor = sign_in(client, actor)
    visitor.cookies["django_language"] = language
    return visitor.get(reverse("obligations:requirement", args=[model.pk, key])).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "text", "note"),
    [("kk", "өз ЖИ жүйелерінің тәуекелдерін басқаруға міндетті", "процесс айқындалған"),
     ("ru", "обязаны управлять рисками своих систем ИИ", "процесс определён")],
)  # fmt: skip
def test_the_page_tells_the_law_and_its_notes_in_the_readers_language(
    client, owner, model, language, text, note
):
    page = shown(client, owner, model, "kz-art15-2-1-risk-management", language)

    assert text in page and note in page
    assert "must carry out risk management" not in page and "the process is defined" not in page


@pytest.mark.django_db
def test_the_page_marks_a_text_that_stands_in_english_only(client, owner, model):
    page = shown(client, owner, model, "iosco-m1-1-designated-senior-management", "ru")

    assert "Краткое изложение на английском языке" in page
    assert re.search(r'<p lang="en">[A-Z]', page)
