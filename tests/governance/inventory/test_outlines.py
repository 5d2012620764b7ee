"""Documents grow from outlines: the record fills in what it knows, blanks are marked, and only a finished one is handed in."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest

from governance import store
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory.keeping import OlderCopy
from governance.inventory.models import Document
from governance.inventory.outlines import docx, pdf, services, writing
from governance.inventory.outlines.models import Draft
from governance.inventory.outlines.outline import LANGUAGES, outlines
from governance.inventory.outlines.writing import Fact
from governance.people.acting import viewing
from governance.store import printing
from tests.governance.inventory.made import registered

FACTS = {"purpose": Fact("Purpose", ["Staff look up\nrules."]), "chain": Fact("Chain", ["One", "Two"])}
CARD = outlines()["model_card"]


def test_every_outline_speaks_three_languages_and_begins_with_the_model_card():
    assert list(outlines())[:2] == ["model_card", "human_oversight_procedure"]
    for outline in outlines().values():
        for said in (
            outline.title,
            outline.lead,
            *(p.title for p in outline.parts),
            *(p.ask for p in outline.parts),
        ):
            assert set(said) == set(LANGUAGES) and len(set(said.values())) == 3


def test_titles_of_outlines_tell_documents_apart():
    titles = [title for outline in outlines().values() for title in outline.title.values()]

    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("kind", ["system_document", "risk_management_document"])
def test_papers_of_an_order_that_was_not_read_say_so_first(kind):
    lead = outlines()[kind].lead

    assert "95/НҚ itself was not read" in lead["en"] and "95/НҚ не прочитан" in lead["ru"]
    assert "95/НҚ бұйрығының өзі оқылған жоқ" in lead["kk"]


def test_what_the_record_knows_is_filled_in_and_what_it_does_not_is_marked():
    facts = {**FACTS, "summary": Fact("Summary")}

    texts = writing.first_texts(CARD, facts, "en")

    assert texts["purpose"] == "- **Summary:** [to be written]\n- **Purpose:** Staff look up rules."
    assert texts["how_it_works"] == "- **Chain:**\n  - One\n  - Two"
    assert texts["limits"] == ""


def test_a_text_with_a_blank_is_not_written():
    texts = {part.key: "Written." for part in CARD.parts}
    assert writing.unfinished(CARD, texts, "ru") == []

    left = writing.unfinished(CARD, {**texts, "limits": " ", "data": "- [нужно написать]"}, "ru")

    assert [part.key for part in left] == ["data", "limits"]


def test_the_document_is_markdown_in_its_own_language():
    text = writing.markdown(CARD, {"purpose": "Для дела."}, "ru", "M-0001 Поиск", "Составлено.")

    assert text.startswith("# Паспорт модели\n\nM-0001 Поиск\n\nСоставлено.\n\n## Модель")
    assert "## Назначение и границы применения\n\nДля дела.\n" in text
    assert "## Данные\n\n[нужно написать]" in text


def test_word_gets_the_same_text():
    text = "# Card\n\n- **Owner:** <A & B>\n  - nested\n\nPlain\x07 text\n"

    with zipfile.ZipFile(io.BytesIO(docx.document(text))) as archive:
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
        body = archive.read("word/document.xml").decode()

    assert "".join(ElementTree.fromstring(body).itertext()) == "Card• Owner: <A & B>• nestedPlain text"
    assert docx.document(text) == docx.document(text)


LETTERS = {
    "kk": "Әділет, ғылым, қоғам, өңір, ұлт, үміт, һәм іс.",
    "ru": "Объём, съезд, ёлка.",
    "en": "It is “said”.",
}


def a_pdf(language: str, words: str) -> bytes:
    text = f"# {CARD.title[language]}\n\n## A\n\n- **B:** {words}\n  - #nested $x$ *z* <v>\n\n{writing.BLANK[language]}\n"
    return pdf.document(text, language, date(2026, 11, 28))


@pytest.mark.parametrize("language", LETTERS)
def test_a_pdf_is_the_same_every_time_and_draws_every_letter(language):
    made = a_pdf(language, LETTERS[language])

    # The printer calls it PDF/A only if its fonts draw every sign of it.
    assert made.startswith(b"%PDF-") and b"pdfaid:part" in made
    assert made == a_pdf(language, LETTERS[language]) != a_pdf(language, "Other.")


def test_a_sign_that_no_font_draws_does_not_stop_the_printer():
    made = a_pdf("en", "Ends well 😀")

    assert made.startswith(b"%PDF-") and b"pdfaid:part" not in made


def test_a_broken_template_is_an_error_and_not_an_empty_file(tmp_path):
    (tmp_path / "broken.typ").write_text("#no-such-function()")
    with pytest.raises(printing.NotPrinted, match="no-such-function"):
        printing.printed(tmp_path / "broken.typ", "{}")


@pytest.fixture
def model(owner):
    return registered(owner)


@pytest.fixture
def draft(owner, model) -> Draft:
    return services.begin(by=owner, model=model, kind="label_text", language="kk", facts={})


def written(draft) -> dict[str, str]:
    return {part.key: "Жазылды." for part in services.outline_of(draft).parts}


@pytest.mark.django_db
def test_one_that_is_being_written_is_gone_on_with(owner, model, draft):
    services.save(by=owner, draft=draft, texts={"text": "Жасанды интеллект жасады."})

    again = services.begin(by=owner, model=model, kind="label_text", language="kk", facts=FACTS)
    other = services.begin(by=owner, model=model, kind="label_text", language="ru", facts=FACTS)

    assert (again.pk, again.texts["text"]) == (draft.pk, "Жасанды интеллект жасады.")
    assert other.pk != draft.pk


@pytest.mark.django_db
def test_an_unfinished_document_is_not_handed_in_and_says_which_sections(owner, draft):
    services.save(by=owner, draft=draft, texts={"text": "Бар.", "place": "[жазылуы керек]"})

    with pytest.raises(RuleBroken) as caught:
        services.hand_in(by=owner, draft=draft)

    assert [str(problem.where) for problem in caught.value.problems] == ["machine", "place"]
    with viewing(owner):
        assert not Document.objects.exists() and Draft.objects.get().is_open


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["md", "docx", "pdf"])
def test_a_finished_one_becomes_a_revision_like_a_file(owner, draft, format):
    services.save(by=owner, draft=draft, texts=written(draft))

    revision = services.hand_in(by=owner, draft=draft, format=format)

    assert (revision.number, revision.kinds, revision.language) == (1, ["label_text"], "kk")
    assert revision.file_name == f"label-text-M-0001-kk.{format}"
    content = store.read(revision.organisation_id, revision.sha256)
    begins = {"md": "# Таңбалау мәтіні".encode(), "docx": b"PK", "pdf": b"%PDF-"}
    assert content.startswith(begins[format])
    with viewing(owner):
        assert Draft.objects.get().revision_id == revision.pk
    with pytest.raises(OutOfOrder):
        services.save(by=owner, draft=draft, texts=written(draft))


@pytest.mark.django_db
def test_the_next_one_of_the_same_title_is_the_next_revision(owner, model, draft):
    services.save(by=owner, draft=draft, texts=written(draft))
    first = services.hand_in(by=owner, draft=draft)
    again = services.begin(by=owner, model=model, kind="label_text", language="kk", facts={})
    services.save(by=owner, draft=again, texts={**written(again), "text": "Жаңа мәтін."})

    second = services.hand_in(by=owner, draft=again)

    assert (second.document_id, second.number) == (first.document_id, 2)


@pytest.mark.django_db
def test_an_older_copy_overwrites_nothing(owner, draft):
    seen = services.fingerprint(draft)
    services.save(by=owner, draft=draft, texts={"text": "Newer"}, over=seen)

    with pytest.raises(OlderCopy):
        services.save(by=owner, draft=draft, texts={"text": "Older"}, over=seen)

    with viewing(owner):
        assert Draft.objects.get().texts["text"] == "Newer"


@pytest.mark.django_db
def test_strangers_and_the_committee_do_not_write(owner, stranger, committee, model, draft):
    for actor in (stranger, committee[0]):
        with pytest.raises(NotAllowed):
            services.begin(by=actor, model=model, kind="model_card", language="en", facts={})
        with pytest.raises(NotAllowed):
            services.save(by=actor, draft=draft, texts={"text": "Theirs"})


@pytest.mark.django_db
def test_one_that_is_thrown_away_makes_room(owner, model, draft):
    services.discard(by=owner, draft=draft)

    assert services.begin(by=owner, model=model, kind="label_text", language="kk", facts={}).pk != draft.pk
