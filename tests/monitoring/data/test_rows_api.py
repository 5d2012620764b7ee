"""Rows of JSON by REST: the same intake as a file, streamed, with row and column named where they are broken."""

from __future__ import annotations

import io
import json

import pyarrow.parquet as pq
import pytest

from governance import store
from governance.people import services as people
from governance.people.acting import viewing
from monitoring.data import services as data
from monitoring.data.body import spooled
from monitoring.data.models import Dataset, Window
from tests.monitoring.loans import a_model

pytestmark = pytest.mark.django_db
LINES, ARRAY = "application/x-ndjson", "application/json"
GOOD = [{"day": "2026-10-01", "income": 1.5, "sex": "f"}, {"day": "2026-10-31", "income": None, "sex": "m"}]


@pytest.fixture
def dataset(owner) -> Dataset:
    return data.describe(
        by=owner, model=a_model(owner), name="Loans", features=["income"], sensitive=["sex"], time="day"
    )


def token(organisation, administrator, *scopes: str) -> dict[str, str]:
    _row, secret = people.issue_token(
        by=administrator, organisation=organisation, name="CI", scopes=list(scopes), days=1
    )
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def ci(bank, administrator) -> dict[str, str]:
    return token(bank, administrator, "windows:write")


def posted(client, dataset, headers, content: bytes, kind: str = ARRAY):
    address = f"/api/v1/datasets/{dataset.pk}/rows?name=October"
    return client.post(address, content, content_type=kind, headers={**headers, "Accept-Language": "en"})


def lines(rows) -> bytes:
    return "\n".join(map(json.dumps, rows)).encode()


def test_an_array_becomes_a_data_period_with_its_types_and_dates(client, owner, dataset, ci):
    answer = posted(client, dataset, ci, json.dumps(GOOD).encode())

    told = answer.json()
    assert (answer.status_code, told["rows"], told["made_of"]) == (201, 2, "rows")
    assert (told["starts_on"], told["ends_on"]) == ("2026-10-01", "2026-10-31")
    assert [each["type"] for each in told["columns"]] == ["date32[day]", "double", "string"]
    with viewing(owner):
        window = Window.objects.get()
        kept = pq.read_table(store.path(window.organisation_id, window.sha256)).to_pylist()
    assert [row["income"] for row in kept] == [1.5, None]


def test_lines_become_the_same_data_period(client, dataset, ci):
    by_array = posted(client, dataset, ci, json.dumps(GOOD).encode()).json()
    address = f"/api/v1/datasets/{dataset.pk}/rows?name=Again"
    by_lines = client.post(address, lines(GOOD), content_type=LINES, headers=ci).json()
    assert by_lines["sha256"] == by_array["sha256"]


def test_a_broken_row_is_named_with_its_column_and_nothing_is_kept(client, owner, dataset, ci):
    wrong = [*GOOD, {"day": "2026-10-02", "income": "a lot", "sex": "f"}]

    answer = posted(client, dataset, ci, lines(wrong), LINES)

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    [problem] = answer.json()["problems"]
    assert answer.json()["places"] == [{"rule": "not_numeric", "row": 3, "column": "income"}]
    assert problem["where"] == "row 3, column income" and "“a lot” is not a number" in problem["what"]
    assert client.get(answer.json()["report"], headers=ci).status_code == 200
    with viewing(owner):
        assert not Window.objects.exists()


@pytest.mark.parametrize("content", [b'{"rows": 3}', b"5", b"", b"null"])
def test_what_is_no_row_is_no_data_period_and_no_counts_either(client, owner, dataset, ci, content):
    assert posted(client, dataset, ci, content).status_code == 422
    with viewing(owner):
        assert not Window.objects.exists()


def test_lines_may_be_as_large_as_a_file_and_an_array_only_small(client, dataset, ci, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    many = [{"day": "2026-10-01", "income": n, "sex": "f"} for n in range(100)]
    assert posted(client, dataset, ci, json.dumps(many).encode()).status_code == 413
    assert posted(client, dataset, ci, lines(many), LINES).json()["rows"] == 100
    settings.SENIM_LARGEST_UPLOAD = 2000
    assert posted(client, dataset, ci, lines(many), LINES).status_code == 413


def test_a_sender_need_not_know_beforehand_how_much_it_is(client, dataset, ci, rf):
    """As a server for programs that stream (chunked) hands the body on: no length, and an end."""
    request = rf.post("/", content_type=LINES)
    del request.META["CONTENT_LENGTH"]
    request.META |= {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(lines(GOOD))}
    with spooled(request) as body:
        assert body.read() == lines(GOOD)


def test_rights_and_walls(client, bank, broker, administrator, stranger, dataset, ci):
    content = json.dumps(GOOD).encode()
    reader = token(bank, administrator, "models:read")
    theirs = token(broker, stranger, "windows:write")
    assert posted(client, dataset, {}, content).status_code == 401
    assert posted(client, dataset, reader, content).status_code == 403
    missing = client.post(
        "/api/v1/datasets/00000000-0000-4000-8000-000000000000/rows?name=October",
        content,
        content_type=ARRAY,
        headers={**theirs, "Accept-Language": "en"},
    )
    refused = posted(client, dataset, theirs, content)
    assert (refused.status_code, refused.content) == (404, missing.content)


def test_it_is_described(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    described = paths["/api/v1/datasets/{dataset_id}/rows"]["post"]
    assert set(described["requestBody"]["content"]) == {ARRAY, LINES}
    assert {"201", "422"} <= set(described["responses"])
