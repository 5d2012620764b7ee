"""Files made to break the reader: refused by form and by REST in the reader's language, in little time and memory."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import override

from governance.errors import TooLarge
from governance.inventory import papers
from governance.inventory.artefacts import MODEL_LIMIT, MOST_PARTS
from governance.inventory.handed_in import RULES
from governance.people import services as people
from monitoring.data import services as data
from monitoring.data.faults import Fault
from monitoring.data.models import Dataset
from monitoring.data.words import problem as told_of
from monitoring.engines.own_process import MEMORY
from tests.factories import sign_in
from tests.furnished import ROWS
from tests.governance.inventory.made import registered
from tests.ground import CHECKOUT
from tests.journeys.bombs import (
    MB,
    crowded_zip,
    dictionary_bomb,
    page_bomb,
    page_bomb_that_lies,
    rows_that_are_not_there,
    schema_that_is_not_there,
    skops_of,
    unpacking_zip,
    wide,
)
from tests.journeys.refusing import (
    LANGUAGES,
    machine,
    nothing_but_noted,
    nothing_written,
    page_in,
    problem,
    said,
    told,
    words_on,
)

pytestmark = pytest.mark.django_db

SECONDS = 30
READ_APART = """
import json, resource, sys, tempfile
from pathlib import Path
from monitoring.data.faults import Unreadable
from monitoring.data.reader import read_apart
with tempfile.TemporaryDirectory() as into:
    try:
        read_apart(Path(sys.argv[1]), name="w", required=[], numeric=[], into=Path(into), most=int(sys.argv[2]))
        rules = []
    except Unreadable as refused:
        rules = [fault.rule for fault in refused.faults]
print(json.dumps([rules, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024]))
"""


@pytest.fixture
def ci(bank, administrator):
    scopes = ["models:read", "models:write", "windows:write"]
    _token, secret = people.issue_token(by=administrator, organisation=bank, name="CI", scopes=scopes, days=1)
    return lambda language="en": machine(secret, language)


@pytest.fixture
def dataset(owner) -> Dataset:
    model = registered(owner)
    return data.describe(by=owner, model=model, name="Applications", features=["income"], sensitive=["race"])


# --- data periods


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "50,000 columns": (wide, "too_many_columns"),
    "a value without an end": (lambda: b"income,race\n1," + b"a" * (64 * MB), "value_too_long"),
    "a quotation mark without an end": (lambda: b'income,race\n1,"' + b"a\n" * (32 * MB), "unclosed_quote"),
    "a page of zstd": (lambda: page_bomb("zstd"), "too_many_bytes"),
    "a page of gzip": (lambda: page_bomb("gzip"), "too_many_bytes"),
    "a page of snappy": (lambda: page_bomb("snappy"), "too_many_bytes"),
    "a page whose footer lies": (page_bomb_that_lies, "value_too_long"),
    "a dictionary": (dictionary_bomb, "took_too_much"),
    "rows that are not there": (rows_that_are_not_there, "footer_lies"),
    "a schema that is not there": (schema_that_is_not_there, "damaged_parquet"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_bounded_time_and_memory(bomb, tmp_path):
    make, rule = BOMBS[bomb]
    upload = tmp_path / "upload"
    upload.write_bytes(make())

    begun = time.monotonic()
    asked = [sys.executable, "-c", READ_APART, str(upload), str(32 * MB if "page of" in bomb else 512 * MB)]
    done = subprocess.run(asked, capture_output=True, text=True, cwd=CHECKOUT, check=True)
    rules, peak = json.loads(done.stdout)

    assert rules == [rule]
    assert peak < (MEMORY if bomb == "a dictionary" else 512 * MB)
    assert time.monotonic() - begun < SECONDS


def sent_as_a_window(content: bytes) -> dict[str, Any]:
    return {"name": "two", "part": "current", "file": SimpleUploadedFile("w.csv", content)}


@pytest.mark.parametrize("bomb", ["50,000 columns", "a dictionary", "rows that are not there"])
def test_a_bomb_is_refused_by_form_and_by_rest_and_nothing_is_kept(bomb, client, dataset, owner, ci):
    make, rule = BOMBS[bomb]
    content = make()
    facts = {"too_many_columns": {"found": 50_000, "limit": 500}, "took_too_much": {}}
    fault = Fault(rule, params=facts.get(rule, {"declared": 1_001, "readable": 1_000}))
    sign_in(client, owner)
    for language in LANGUAGES if rule == "too_many_columns" else ["kk"]:
        with override(language):
            wrong = told_of(fault)
        with nothing_but_noted(files=2):
            form = page_in(client, language).post(
                f"/datasets/{dataset.pk}/windows/add/", sent_as_a_window(content)
            )
            rest = ci(language).post(
                f"/api/v1/models/{dataset.model_id}/windows",
                sent_as_a_window(content) | {"dataset": "Applications"},
            )
        assert (form.status_code, str(wrong.what) in words_on(form)) == (422, True)
        with override(language):
            assert problem(rest, 422, "rule-broken")["problems"] == told([wrong])


# --- artefacts and documents


def learner_of(parts: bytes) -> bytes:
    return b'{"learner": [' + parts + b"]}"


ARTEFACTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "JSON nested 100,000 deep": (
        lambda: b'{"learner": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "broken_json",
    ),
    "JSON of millions of parts": (
        lambda: learner_of(b"[]," * (MOST_PARTS + 1) + b"0"),
        "model_too_large",
    ),
    "JSON over the limit": (lambda: learner_of(b"0," * (MODEL_LIMIT // 2) + b"0"), "model_too_large"),
    "UBJ nested 1,000 deep": (lambda: b"{L\0\0\0\0\0\0\0\x07learner" + b"[" * 1_000, "broken_json"),
    "UBJ of millions of parts": (
        lambda: b"{L\0\0\0\0\0\0\0\x07learner[" + b"[]" * (MOST_PARTS + 1),
        "broken_json",
    ),
    "a text model of a million settings": (
        lambda: b"tree\nnum_class=1\n" + b"".join(b"%d=\n" % at for at in range(1_000_000)),
        "not_lightgbm",
    ),
    "a zip of 20,000 members": (lambda: crowded_zip("schema.json", members=20_000), "unpacks_too_large"),
    "a zip that unpacks to 3 GB": (unpacking_zip, "unpacks_too_large"),
    "a zip whose schema is nested": (lambda: skops_of(b"[" * 100_000), "broken_archive"),
    "a zip whose schema has millions of parts": (
        lambda: skops_of(b"[" + b"[]," * (MOST_PARTS + 1) + b"0]"),
        "model_too_large",
    ),
    "a zip whose schema unpacks to 300 MB": (lambda: skops_of(b" " * (300 * MB)), "broken_archive"),
}


@pytest.mark.parametrize("bomb", ARTEFACTS)
def test_an_artefact_that_is_a_bomb_is_refused_within_seconds(bomb, client, dataset, owner, ci):
    make, rule = ARTEFACTS[bomb]
    content = make()
    sign_in(client, owner)
    asked = (
        (page_in(client, "ru"), f"/models/{dataset.model_id}/versions/add/"),
        (ci("ru"), f"/api/v1/models/{dataset.model_id}/versions"),
    )
    begun = time.monotonic()
    with nothing_written():
        form, rest = (
            each.post(address, {"label": "2", "artefact": SimpleUploadedFile("model.bin", content)})
            for each, address in asked
        )
    with override("ru"):
        words = str(RULES[rule])
    assert words in words_on(form)
    assert problem(rest, 422, "rule-broken")["problems"] == [{"where": "artefact", "what": words}]
    assert time.monotonic() - begun < SECONDS


def test_an_office_file_of_too_many_members_is_refused(client, dataset, owner, ci):
    content = crowded_zip("word/document.xml", members=20_000)
    sign_in(client, owner)
    asked = (
        (page_in(client, "kk"), f"/models/{dataset.model_id}/documents/add/"),
        (ci("kk"), f"/api/v1/models/{dataset.model_id}/documents"),
    )
    with nothing_written():
        form, rest = (
            each.post(address, document(SimpleUploadedFile("card.docx", content))) for each, address in asked
        )
    words = said("The content of the file is not what its name says.", "kk")
    assert (form.status_code, words in words_on(form)) == (422, True)
    assert problem(rest, 422, "rule-broken")["problems"] == [{"where": "file", "what": words}]


def document(file: SimpleUploadedFile) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    return {"title": "Two", "kinds": ["model_card"], "language": "en", "effective_on": today, "file": file}


# --- more than the limit


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", ["one byte more", "much more"])
def test_an_upload_over_the_limit_is_refused(size, language, client, dataset, owner, ci, settings):
    """One byte more is noticed when the file is copied, much more before it is read."""
    settings.SENIM_LARGEST_UPLOAD = len(ROWS)
    content = ROWS + b" " * (1 if size == "one byte more" else 3 * MB)
    sign_in(client, owner)
    with nothing_written():
        form = page_in(client, language).post(
            f"/datasets/{dataset.pk}/windows/add/", sent_as_a_window(content)
        )
        rest = ci(language).post(
            f"/api/v1/models/{dataset.model_id}/windows",
            sent_as_a_window(content) | {"dataset": "Applications"},
        )
    title = said(str(TooLarge.title), language)
    assert (form.status_code, title in words_on(form)) == (413, True)
    assert f'<html lang="{language}">' in words_on(form)
    assert problem(rest, 413, "too-large")["title"] == title


def test_a_body_over_the_limit_is_not_read(client, dataset, owner):
    """It would be on the disk before anybody looks at its size."""
    sign_in(client, owner)
    untouched = Untouched()
    answer = client.generic(
        "POST",
        f"/datasets/{dataset.pk}/windows/add/",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(600 * MB),
        **{"wsgi.input": untouched},
    )

    assert (answer.status_code, untouched.reads) == (413, 0)


class Untouched(io.RawIOBase):
    """A body of endless zeros that counts how often it is asked."""

    reads = 0

    def read(self, size: int = -1) -> bytes:
        self.reads += 1
        return bytes(max(0, size))


def test_a_document_over_the_limit_is_refused(client, dataset, owner, ci):
    content = b"%PDF-" + bytes(papers.LARGEST)
    sign_in(client, owner)
    with nothing_written():
        form = page_in(client, "kk").post(
            f"/models/{dataset.model_id}/documents/add/", document(SimpleUploadedFile("a.pdf", content))
        )
        rest = ci("kk").post(
            f"/api/v1/models/{dataset.model_id}/documents", document(SimpleUploadedFile("a.pdf", content))
        )
    words = said("The file is larger than 25 MB.", "kk")
    assert (form.status_code, words in words_on(form)) == (422, True)
    assert problem(rest, 422, "rule-broken")["problems"] == [{"where": "file", "what": words}]


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_over_the_limit_is_refused(language, client, dataset, owner, ci):
    """As a form, beside a file, and as JSON."""
    text = "x" * (5 * MB)
    sign_in(client, owner)
    page_in(client, language)
    with nothing_written():
        pages = [
            client.post("/models/new/", f"name={text}", content_type="application/x-www-form-urlencoded"),
            client.post(
                f"/models/{dataset.model_id}/versions/add/",
                {"label": "2", "notes": text, "artefact": SimpleUploadedFile("m.json", b"{}")},
            ),
        ]
        rest = ci(language).post(
            "/api/v1/models", json.dumps({"name": text}), content_type="application/json"
        )
    for page in pages:
        assert (page.status_code, said(str(TooLarge.title), language) in words_on(page)) == (413, True)
    assert problem(rest, 413, "too-large")


# --- bodies that are not what they seem


BODIES = {
    "nested 100,000 deep": b"[" * 100_000,
    "nested in a field": b'{"name": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
    "a number of a million digits": b'{"name": ' + b"9" * 1_000_000 + b"}",
    "packed": gzip.compress(b'{"name": "' + b"x" * (64 * MB) + b'"}', 1),
}


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_not_plain_json_is_refused(body, ci):
    """Nothing is ever unpacked, whatever its headers say."""
    headers = {"Content-Encoding": "gzip"} if body == "packed" else {}
    with nothing_written():
        answer = ci().post("/api/v1/models", BODIES[body], content_type="application/json", headers=headers)

    assert problem(answer, 422, "unreadable")["problems"]


def test_a_packed_data_period_is_not_unpacked(dataset, ci):
    with nothing_but_noted():
        answer = ci().post(
            f"/api/v1/models/{dataset.model_id}/windows",
            sent_as_a_window(gzip.compress(bytes(64 * MB), 1)) | {"dataset": "Applications"},
        )

    assert problem(answer, 422, "rule-broken")["problems"] == told(
        [told_of(Fault("compressed", 1, offset=0))]
    )
