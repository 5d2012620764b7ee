"""The pages of a model's data."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.people.acting import viewing
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from tests.factories import sign_in
from tests.monitoring.loans import a_model

pytestmark = pytest.mark.django_db

GOOD = b"income,sex\n1,f\n2,m\n"


@pytest.fixture
def dataset(owner) -> Dataset:
    return data.describe(by=owner, model=a_model(owner), name="Loans", features=["income"], sensitive=["sex"])


def handed_in(owner, dataset, name="one") -> Window:
    return data.add_window(
        by=owner, dataset=dataset, name=name, part="current", file=BytesIO(GOOD), file_name="w.csv"
    )


def test_the_page_names_columns_periods_and_digests(client, owner, dataset):
    window = handed_in(owner, dataset)
    page = sign_in(client, owner).get(f"/models/{dataset.model_id}/data/").content.decode()
    for words in ("Loans", "income", "sex", "used by the checks", window.sha256[:16], "w.csv"):
        assert words in page


def test_a_stranger_finds_nothing(client, stranger, owner, dataset):
    window = handed_in(owner, dataset)
    sign_in(client, stranger)
    pages = [
        f"/models/{dataset.model_id}/data/",
        f"/datasets/{dataset.pk}/windows/add/",
        f"/windows/{window.pk}/withdraw/",
        f"/windows/{window.pk}/correct/",
    ]
    nothing = client.get("/models/00000000-0000-4000-8000-000000000000/data/").content
    for page in pages:
        response = client.get(page)
        assert (response.status_code, response.content) == (404, nothing)


def test_somebody_who_is_not_signed_in_is_asked_who_they_are(client, dataset):
    assert client.get(f"/models/{dataset.model_id}/data/").status_code == 302


def test_a_dataset_is_described_by_form(client, owner):
    model = a_model(owner)
    said = {"name": "Loans", "features": "income, age\nregion", "categorical": "region", "favourable": "1"}
    response = sign_in(client, owner).post(f"/models/{model.pk}/data/", said)
    assert response.status_code == 302
    with viewing(owner):
        assert Dataset.objects.get().features == ["income", "age", "region"]


def test_what_is_declared_is_said_by_form_and_shown(client, owner):
    model = a_model(owner)
    said = {"name": "Loans", "features": "income", "sensitive": "sex", "favourable": "1"}
    declared = {"allowed": "income: 0 .. 5000000\nsex: f, m", "population": "sex: f 0.51, m 0.49"}
    page = f"/models/{model.pk}/data/"
    assert sign_in(client, owner).post(page, said | declared).status_code == 302
    shown = client.get(page).content.decode()
    assert "income: 0 .. 5000000; sex: f, m" in shown and "sex: f 0.51, m 0.49" in shown


def test_a_declared_line_that_is_not_understood_is_named_beside_its_field(client, owner):
    model = a_model(owner)
    said = {"name": "Loans", "features": "income", "favourable": "1", "allowed": "income: 0 .. 9\nincome"}
    refused = sign_in(client, owner).post(f"/models/{model.pk}/data/", said)
    assert refused.status_code == 422
    assert "Line 2 is not understood" in refused.content.decode()
    with viewing(owner):
        assert not Dataset.objects.exists()


def test_a_contradiction_stands_beside_its_field(client, owner):
    model = a_model(owner)
    said = {"name": "Loans", "features": "income", "categorical": "region", "favourable": "1"}
    response = sign_in(client, owner).post(f"/models/{model.pk}/data/", said)
    assert response.status_code == 422
    assert "not among the features: region" in response.content.decode()
    with viewing(owner):
        assert not Dataset.objects.exists()


def upload(client, dataset, content: bytes):
    said = {"name": "one", "part": "current", "file": SimpleUploadedFile("w.csv", content)}
    return client.post(f"/datasets/{dataset.pk}/windows/add/", said)


def test_a_period_is_uploaded(client, owner, dataset):
    assert upload(sign_in(client, owner), dataset, GOOD).status_code == 302
    with viewing(owner):
        assert Window.objects.get().rows == 2


def test_a_broken_file_is_answered_with_its_rows_and_columns(client, owner, dataset):
    response = upload(sign_in(client, owner), dataset, b"income,sex\n1,f\n<b>,m\n")
    page = response.content.decode()
    assert response.status_code == 422
    assert "row 3, column income" in page and "&lt;b&gt;" in page and "<b>”" not in page
    with viewing(owner):
        assert not Window.objects.exists()


def test_others_are_offered_no_forms_and_refused(client, owner, validator, dataset):
    sign_in(client, validator)
    assert "Describe the dataset" not in client.get(f"/models/{dataset.model_id}/data/").content.decode()
    assert upload(client, dataset, GOOD).status_code == 403


def test_withdrawing_asks_first(client, owner, dataset):
    window = handed_in(owner, dataset)
    sign_in(client, owner)
    assert "cannot be undone" in client.get(f"/windows/{window.pk}/withdraw/").content.decode()
    assert client.post(f"/windows/{window.pk}/withdraw/").status_code == 422
    assert client.post(f"/windows/{window.pk}/withdraw/", {"reason": "wrong <b>month"}).status_code == 302
    with viewing(owner):
        assert not Window.objects.standing().exists()
    page = client.get(f"/models/{dataset.model_id}/data/").content.decode()
    assert "wrong &lt;b&gt;month – owner" in page


def test_the_right_file_takes_the_place_of_the_wrong_one_and_both_digests_are_shown(client, owner, dataset):
    wrong = handed_in(owner, dataset)
    sign_in(client, owner)
    said = {"reason": "February in place of January", "file": SimpleUploadedFile("w.csv", GOOD + b"3,f\n")}
    assert client.post(f"/windows/{wrong.pk}/correct/", said).status_code == 302
    page = client.get(f"/models/{dataset.model_id}/data/").content.decode()
    with viewing(owner):
        right = Window.objects.standing().get()
    for words in (wrong.sha256[:16], right.sha256[:16], "in place of the data period", "February in place"):
        assert words in page


def test_a_correction_that_is_refused_names_the_row(client, owner, dataset):
    wrong = handed_in(owner, dataset)
    said = {"reason": "wrong month", "file": SimpleUploadedFile("w.csv", b"income,sex\nx,f\n")}
    response = sign_in(client, owner).post(f"/windows/{wrong.pk}/correct/", said)
    assert response.status_code == 422 and "row 2, column income" in response.content.decode()
    with viewing(owner):
        assert Window.objects.standing().get() == wrong


def test_one_period_costs_as_many_queries_as_three(client, owner, dataset):
    sign_in(client, owner)
    counts = []
    for names in (["one"], ["two", "three"]):
        for name in names:
            handed_in(owner, dataset, name)
        client.get(f"/models/{dataset.model_id}/data/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/models/{dataset.model_id}/data/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
