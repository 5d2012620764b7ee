"""Whoever sends a broken file gets every broken row of it as a file, on the page and from the API; nothing else is kept."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audits.ledger.models import LedgerPayload
from governance.people import services as people
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from monitoring.refusals import services
from monitoring.refusals.models import RefusedFile
from tests.factories import sign_in
from tests.monitoring.loans import a_model

pytestmark = pytest.mark.django_db
BROKEN = b"income,sex\n1,f\n=cmd|' /C calc'!A0,m\n2,f,3\n"


@pytest.fixture
def dataset(owner) -> Dataset:
    return data.describe(by=owner, model=a_model(owner), name="Loans", features=["income"], sensitive=["sex"])


@pytest.fixture
def token(bank, administrator) -> dict[str, str]:
    _row, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["windows:write"], days=1
    )
    return {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}


def sent(client, dataset, content: bytes):
    said = {"name": "one", "part": "current", "file": SimpleUploadedFile("w.csv", content)}
    return client.post(f"/datasets/{dataset.pk}/windows/add/", said)


def by_api(client, dataset, token, content: bytes):
    said = {"dataset": "Loans", "name": "one", "file": SimpleUploadedFile("w.csv", content)}
    return client.post(f"/api/v1/models/{dataset.model_id}/windows", said, headers=token)


def read(answer) -> list[list[str]]:
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv")
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def noted(actor) -> RefusedFile:
    with viewing(actor):
        return RefusedFile.objects.get()


def test_the_page_leads_to_all_broken_rows(client, owner, dataset):
    page = sent(sign_in(client, owner), dataset, BROKEN)

    way = f"/refused/{noted(owner).pk}/broken-rows.csv"
    assert page.status_code == 422 and way in page.content.decode()
    assert "2 places of the file are broken" in page.content.decode()
    assert read(client.get(way)) == [
        ["Row", "Column", "Byte", "Kind", "What is wrong"],
        [
            *("3", "income", "", "not_numeric"),
            "“=cmd|' /C calc'!A0” is not a number. The dataset says that this column holds numbers.",
        ],
        ["4", "", "", "wrong_field_count", "The row has 3 values; the header names 2 columns."],
        ["", "", "", "not_numeric", "1 in all, of which 1 are named above."],
        ["", "", "", "wrong_field_count", "1 in all, of which 1 are named above."],
    ]
    with viewing(owner):
        assert not Window.objects.exists()


def test_no_cell_is_a_formula(client, owner, dataset):
    with acting(owner, "test.arranged"):
        refused = RefusedFile.objects.create(
            organisation_id=dataset.organisation_id,
            model_id=dataset.model_id,
            dataset=dataset,
            file_name="w.csv",
            digest="0" * 64,
            faults=[{"rule": "missing_column", "row": None, "column": "=1+1", "offset": None, "params": {}}],
            counts={"missing_column": 1},
            sent_by_id=owner.user_id,
        )
    cells = read(sign_in(client, owner).get(f"/refused/{refused.pk}/broken-rows.csv"))[1]
    assert cells[1] == "'=1+1"


def test_the_api_names_twenty_and_leads_to_a_thousand_and_the_counts(client, dataset, token):
    answer = by_api(client, dataset, token, b"income,sex\n" + b"x,f\n" * 1500)

    problem = answer.json()
    assert (answer.status_code, len(problem["problems"])) == (422, 20)
    assert (problem["counts"], problem["is_whole"]) == ({"not_numeric": 1500}, True)
    rows = read(client.get(problem["report"], headers=token))
    assert [row[0] for row in rows[1:-1]] == [str(n) for n in range(2, 1002)]
    assert rows[-1] == ["", "", "", "not_numeric", "1500 in all, of which 1000 are named above."]


def test_the_ledger_says_that_a_file_was_refused_and_repeats_no_value_of_it(client, owner, dataset):
    sent(sign_in(client, owner), dataset, b"income,sex\n1,f\nIvanov,m\n")

    with viewing(owner):
        content = json.dumps([each.content for each in LedgerPayload.objects.all()])
    assert "w.csv" in content and "Ivanov" not in content


def test_the_data_page_lists_refused_files_to_those_who_can_mend_them(client, owner, validator, dataset):
    sent(sign_in(client, owner), dataset, BROKEN)
    page = f"/models/{dataset.model_id}/data/"
    assert "Refused files" in client.get(page).content.decode()
    sign_in(client, validator)
    assert "Refused files" not in client.get(page).content.decode()
    assert client.get(f"/refused/{noted(owner).pk}/broken-rows.csv").status_code == 403


def test_a_correction_that_is_refused_leads_to_its_rows_too(client, owner, dataset):
    sign_in(client, owner)
    sent(client, dataset, b"income,sex\n1,f\n")
    with viewing(owner):
        window = Window.objects.get()

    said = {"reason": "wrong month", "file": SimpleUploadedFile("w.csv", BROKEN)}
    page = client.post(f"/windows/{window.pk}/correct/", said).content.decode()

    assert f"/refused/{noted(owner).pk}/broken-rows.csv" in page


def test_another_organisation_gets_the_answer_of_a_missing_one(client, owner, stranger, broker, dataset):
    sent(sign_in(client, owner), dataset, BROKEN)
    way = f"/refused/{noted(owner).pk}/broken-rows.csv"
    theirs = sign_in(Client(), stranger)
    missing = theirs.get("/refused/00000000-0000-4000-8000-000000000000/broken-rows.csv")
    assert (theirs.get(way).status_code, theirs.get(way).content) == (404, missing.content)


def test_after_a_month_the_rows_are_forgotten_and_the_counts_stay(client, owner, dataset):
    sent(sign_in(client, owner), dataset, BROKEN)
    services.catch_up(dataset.organisation_id)
    assert noted(owner).faults != []
    with acting(Actor.system("tests"), "test.arranged"):
        RefusedFile.objects.update(sent_at=timezone.now() - timedelta(days=31))

    services.catch_up(dataset.organisation_id)

    after = noted(owner)
    assert (after.faults, after.counts) == ([], {"not_numeric": 1, "wrong_field_count": 1})
    assert "Refused files" not in client.get(f"/models/{dataset.model_id}/data/").content.decode()


def test_one_refused_file_costs_as_many_queries_as_three(client, owner, dataset):
    sign_in(client, owner)
    counts = []
    for times in (1, 2):
        for _ in range(times):
            sent(client, dataset, BROKEN)
        client.get(f"/models/{dataset.model_id}/data/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/models/{dataset.model_id}/data/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
