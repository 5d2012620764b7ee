"""The pages and the API lead to counts first, ask for the grounds of rows, and say what became of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from governance.people import services as people
from governance.people.acting import acting, viewing
from monitoring.data.models import Dataset, Window
from monitoring.shielding import services as shielding
from tests.factories import REGISTER, sign_in
from tests.monitoring.engines import decision_logs
from tests.monitoring.loans import a_model
from tests.monitoring.logs import decision_log
from tests.monitoring.shielding.rows import csv, grounds, hand_in, hashed, protected

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(owner) -> Dataset:
    return protected(owner)


def upload(client, dataset, content: bytes | None = None, **said):
    file = SimpleUploadedFile("rows.csv", content or csv())
    given = {"name": "October", "part": "current", "file": file, **said}
    return client.post(f"/datasets/{dataset.pk}/windows/add/", given)


def test_the_page_leads_to_counts_first(client, owner, dataset):
    page = sign_in(client, owner).get(f"/datasets/{dataset.pk}/windows/add/").content.decode()
    assert page.index("senim-count.pyz count") < page.index('name="file"') < page.index('name="legal_basis"')
    assert f"/datasets/{dataset.pk}/plan-of-counts/" in page and "must be hashed" in page


def a_log(owner) -> Dataset:
    return decision_log(owner, a_model(owner), personal=True, bank_secret=False)


def test_a_log_of_protected_rows_is_not_sent_to_counts_that_it_cannot_have(client, owner):
    log = a_log(owner)
    page = sign_in(client, owner).get(f"/datasets/{log.pk}/windows/add/").content.decode()
    assert "there is nothing to count instead" in page and "must be hashed" in page
    assert 'name="legal_basis"' in page and "counts need none" not in page
    assert "senim count rows" not in page and "plan-of-counts" not in page
    board = client.get(f"/models/{log.model_id}/data/").content.decode()
    assert "Counts first" not in board and "plan-of-counts" not in board

    refused = upload(client, log, decision_logs.as_csv(decision_logs.whole(20)))
    assert refused.status_code == 422 and "The rows of a log need a legal basis." in refused.content.decode()
    assert "hand in counts" not in refused.content.decode()


def test_a_log_of_protected_rows_comes_in_with_its_grounds(client, owner):
    log = a_log(owner)
    rows = [{**row, "decision_id": hashed(n)} for n, row in enumerate(decision_logs.whole(20))]
    assert upload(sign_in(client, owner), log, decision_logs.as_csv(rows), **grounds()).status_code == 302
    with viewing(owner):
        assert Window.objects.get().rows == 20


def test_where_rows_are_not_protected_the_page_asks_what_it_always_asked(client, owner):
    dataset = protected(owner, personal=False)
    page = sign_in(client, owner).get(f"/datasets/{dataset.pk}/windows/add/").content.decode()
    assert "senim count rows" not in page and 'name="legal_basis"' not in page
    assert upload(client, dataset).status_code == 302


def test_rows_without_grounds_are_answered_beside_the_fields(client, owner, dataset):
    refused = upload(sign_in(client, owner), dataset)
    assert refused.status_code == 422
    for words in ("Rows need a legal basis", "Say the basis in words", "on which day the rows are erased"):
        assert words in refused.content.decode()
    with viewing(owner):
        assert not Window.objects.exists()


def test_rows_with_grounds_come_in_and_the_page_shows_them(client, owner, dataset):
    said = {**grounds(), "basis_text": "Form <b>7"}
    assert upload(sign_in(client, owner), dataset, **said).status_code == 302
    page = client.get(f"/models/{dataset.model_id}/data/").content.decode()
    assert "consent of the persons concerned: Form &lt;b&gt;7" in page and "Rows are erased on" in page


def test_the_form_of_a_dataset_proposes_what_the_model_answered(client, owner):
    model = a_model(owner)
    with acting(owner, "model.edited"):
        model.personal_data = None
        model.save(update_fields=["personal_data"])
    page = sign_in(client, owner).get(f"/models/{model.pk}/data/").content.decode()
    ticks = {
        name: "checked" in page.split(f'name="{name}"')[1].split(">")[0]
        for name in ("personal", "bank_secret")
    }
    assert ticks == {"personal": True, "bank_secret": False}
    unticked = client.post(f"/models/{model.pk}/data/", {"name": "x", "features": "a", "favourable": "1"})
    assert (
        unticked.status_code == 422 and "Say why the rows need less protection" in unticked.content.decode()
    )


def test_the_protection_is_said_anew(client, owner, dataset):
    address = f"/datasets/{dataset.pk}/protection/"
    said = {"bank_secret": "on", "looks_personal": "contact: desks\nname: companies"}
    assert sign_in(client, owner).post(address, said).status_code == 302
    with viewing(owner):
        found = Dataset.objects.get(pk=dataset.pk)
    assert (found.personal, found.bank_secret) == (False, True)
    assert found.looks_personal == {"contact": "desks", "name": "companies"}
    assert "contact: desks" in client.get(address).content.decode()
    misread = client.post(address, {"looks_personal": "contact"})
    assert misread.status_code == 422 and "Line 1 is not understood" in misread.content.decode()


def test_the_page_says_where_a_basis_is_missing_and_takes_it(client, owner):
    dataset = protected(owner, personal=False)
    window = hand_in(owner, dataset)
    page = f"/models/{dataset.model_id}/data/"
    address = f"/windows/{window.pk}/basis/"
    missing = "without a legal basis"
    assert missing not in sign_in(client, owner).get(page).content.decode()
    shielding.protect(by=owner, dataset=dataset, personal=True, bank_secret=False)
    shown = client.get(page).content.decode()
    assert missing in shown and address in shown
    refused = client.post(address, {"legal_basis": "consent"})
    assert refused.status_code == 422 and "in words" in refused.content.decode()
    assert client.post(address, grounds()).status_code == 302
    shown = client.get(page).content.decode()
    assert missing not in shown and "Consent to scoring, form 7" in shown and address not in shown


def test_an_erasure_asks_for_a_reason_and_the_page_says_what_stayed(client, bank, owner, dataset):
    window = hand_in(owner, dataset, **grounds())
    sign_in(client, owner)
    assert "cannot be undone" in client.get(f"/windows/{window.pk}/erase/").content.decode()
    assert client.post(f"/windows/{window.pk}/erase/").status_code == 422
    assert client.post(f"/windows/{window.pk}/erase/", {"reason": "taken <b>back"}).status_code == 302
    shielding.catch_up(bank.pk)
    page = client.get(f"/models/{dataset.model_id}/data/").content.decode()
    for words in ("Rows erased on", "Kept: digest, number of rows", "taken &lt;b&gt;back – owner"):
        assert words in page
    assert f"/windows/{window.pk}/erase/" not in page
    assert client.post(f"/windows/{window.pk}/erase/", {"reason": "again"}).status_code == 409


def test_the_second_line_puts_the_day_off_on_its_page(client, owner, validator, dataset):
    window = hand_in(owner, dataset, **grounds())
    later = timezone.localdate() + timedelta(days=60)
    assert sign_in(client, owner).get(f"/windows/{window.pk}/keep/").status_code == 403
    sign_in(client, validator)
    assert f"/windows/{window.pk}/keep/" in client.get(f"/models/{dataset.model_id}/data/").content.decode()
    assert client.post(f"/windows/{window.pk}/keep/", {"keep_until": later}).status_code == 422
    said = {"keep_until": later, "reason": "a dispute"}
    assert client.post(f"/windows/{window.pk}/keep/", said).status_code == 302
    with viewing(owner):
        assert Window.objects.get().keep_until == later


def test_a_stranger_finds_nothing(client, stranger, owner, dataset):
    window = hand_in(owner, dataset, **grounds())
    sign_in(client, stranger)
    nothing = client.get("/models/00000000-0000-4000-8000-000000000000/data/").content
    for page in (
        f"/datasets/{dataset.pk}/protection/",
        f"/windows/{window.pk}/erase/",
        f"/windows/{window.pk}/keep/",
    ):
        response = client.get(page)
        assert (response.status_code, response.content) == (404, nothing)


# --- the API


@pytest.fixture
def ci(client, administrator, bank):
    scopes = ["windows:write", "models:read"]
    _token, secret = people.issue_token(by=administrator, organisation=bank, name="CI", scopes=scopes, days=1)

    def call(method: str, path: str, **said):
        return getattr(client, method)(f"/api/v1{path}", HTTP_AUTHORIZATION=f"Bearer {secret}", **said)

    return call


def posted(ci, dataset, **said):
    file = SimpleUploadedFile("rows.csv", csv())
    given = {"dataset": dataset.name, "name": "October", "part": "current", "file": file, **said}
    return ci("post", f"/models/{dataset.model_id}/windows", data=given)


def test_the_api_says_that_counts_come_first(ci, owner):
    model = a_model(owner)
    body = {"name": "Clients", "features": ["income"], "personal": True}
    answer = ci("post", f"/models/{model.pk}/datasets", data=body, content_type="application/json")
    assert (answer.status_code, answer.json()["hand_in"]) == (201, "counts")
    less = {**body, "name": "Sums", "personal": None}
    assert (
        ci("post", f"/models/{model.pk}/datasets", data=less, content_type="application/json").json()[
            "hand_in"
        ]
        == "rows"
    )


def test_the_api_asks_for_the_rows_of_a_log(ci, owner):
    body = {
        "name": "Decisions",
        "kind": "decisions",
        "time": "at",
        "identifier": "decision_id",
        "log_columns": decision_logs.COLUMNS,
        "log_values": decision_logs.VALUES,
        "personal": True,
    }
    model = a_model(owner)
    answer = ci("post", f"/models/{model.pk}/datasets", data=body, content_type="application/json").json()
    assert (answer["personal"], answer["hand_in"]) == (True, "rows")


def test_the_api_refuses_rows_without_grounds_and_names_the_fields(ci, dataset):
    refused = posted(ci, dataset)
    assert refused.status_code == 422 and "senim count" in str(refused.json())
    assert [each["where"] for each in refused.json()["problems"]] == [
        "legal_basis",
        "basis_text",
        "keep_until",
    ]


def test_the_receipt_stays_when_the_rows_are_erased(ci, bank, owner, dataset):
    handed_in = posted(ci, dataset, **grounds())
    assert handed_in.status_code == 201
    receipt = handed_in.json()
    assert receipt["legal_basis"] == "consent" and receipt["erased_at"] is None
    with acting(REGISTER, "test.arranged"):
        Window.objects.update(keep_until=timezone.localdate())
    shielding.catch_up(bank.pk)
    later = ci("get", f"/windows/{receipt['id']}").json()
    changed = {key for key in receipt if receipt[key] != later[key]}
    assert changed == {"keep_until", "erased_at", "kept_sha256"} and len(later["kept_sha256"]) == 64


def test_the_receipt_of_another_organisation_is_not_there(ci, stranger):
    theirs = hand_in(stranger, protected(stranger, model=a_model(stranger, number="M-0009")), **grounds())
    missing = ci("get", "/windows/00000000-0000-4000-8000-000000000000")
    found = ci("get", f"/windows/{theirs.pk}")
    assert (found.status_code, found.content) == (404, missing.content)
