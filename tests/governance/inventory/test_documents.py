"""Documents come in revisions; what they are is judged by their content and said by their kinds."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import yaml

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import kinds, papers
from governance.inventory.models import Document, Revision
from governance.people.acting import viewing
from tests.governance.inventory.made import PDF, document, registered

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def model(owner):
    return registered(owner)


def office(*members: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for member in members:
            archive.writestr(member, "<x/>")
    return file.getvalue()


def test_a_document_begins_with_revision_one(owner, model):
    revision = document(owner, model, kinds=["validation_report", "model_card"])

    assert (revision.number, revision.media_type, revision.size) == (1, "application/pdf", len(PDF))
    assert revision.document.kinds == ["model_card", "validation_report"]


def test_a_changed_file_is_the_next_revision_and_the_same_file_is_none(owner, model):
    first = document(owner, model)

    second = document(owner, model, PDF + b"2", document=first.document, title="Model card, corrected")
    again = document(owner, model, PDF + b"2", document=first.document, title="Model card, corrected")

    assert (second.number, again.pk) == (2, second.pk)
    with viewing(owner):
        assert Document.objects.get().title == "Model card, corrected"


def test_the_second_line_hands_in_documents_and_strangers_do_not(owner, validator, stranger, model):
    document(validator, model, kinds=["validation_report"])

    with pytest.raises(NotAllowed):
        document(stranger, model)
    with viewing(owner):
        assert Revision.objects.count() == 1


def test_a_document_of_another_model_is_refused(owner, model):
    other = document(owner, registered(owner))

    with pytest.raises(OutOfOrder):
        document(owner, model, PDF + b"2", document=other.document)
    with viewing(owner):
        assert Revision.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"title": " "}, "title"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["diary"]}, "kinds"),
        ({"language": "de"}, "language"),
        ({"file_name": ""}, "file"),
        ({"file_name": "page.html"}, "file"),
        ({"content": b"", "file_name": "card.pdf"}, "file"),
        ({"content": b"MZ\x90", "file_name": "card.pdf"}, "file"),
        ({"content": b"a\x00b", "file_name": "notes.txt"}, "file"),
        ({"content": b"\xff\xfe", "file_name": "notes.md"}, "file"),
        ({"content": office("word/document.xml", "word/vbaProject.bin"), "file_name": "macro.docx"}, "file"),
        ({"content": office("schema.json"), "file_name": "card.docx"}, "file"),
    ],
)
def test_a_document_that_is_not_in_order_is_refused(owner, model, home, said, where):
    with pytest.raises(RuleBroken) as caught:
        document(owner, model, **said)

    assert [problem.where for problem in caught.value.problems] == [where]
    with viewing(owner):
        assert not Document.objects.exists()
    assert not list(home.rglob("store/*/*/*"))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (office("word/document.xml"), "card.DOCX"),
        (office("xl/workbook.xml"), "limits.xlsx"),
        (b"\x89PNG\r\n\x1a\n0", "label.png"),
        (b"\xff\xd8\xff0", "label.jpeg"),
        ("Сенім – қағаз".encode(), "notes.md"),
    ],
)
def test_accepted_files(owner, model, content, name):
    assert document(owner, model, content, file_name=name).number == 1


def test_a_file_beyond_the_limit_is_refused(owner, model, monkeypatch):
    monkeypatch.setattr(papers, "LARGEST", 10)

    with pytest.raises(RuleBroken):
        document(owner, model)


def test_the_kinds_are_those_of_the_catalogue():
    words = yaml.safe_load((ROOT / "governance/obligations/catalogue/vocabularies.yaml").read_text())

    assert {key for group in kinds.PAPERS for key in group.kinds} == set(words["evidence_document_kinds"])
    assert set(kinds.RECORDS.kinds) == set(words["other_evidence"]) - {"approval"}
