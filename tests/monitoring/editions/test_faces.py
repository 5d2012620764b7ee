"""The page of a dataset and the addresses of REST by which a description is corrected and retired."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import MULTIPART_CONTENT

from governance.people.acting import viewing
from monitoring.checks import CHECKS
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from monitoring.declaring.models import Declared
from monitoring.editions import services as editions
from monitoring.editions.forms import CorrectionForm
from monitoring.uploads.models import Upload
from tests.factories import sign_in
from tests.monitoring.data.test_rows_api import token
from tests.monitoring.editions.conftest import WRONG, corrected, fresh
from tests.monitoring.loans import FEATURES, SENSITIVE, a_dataset, a_model, a_window, csv
from tests.monitoring.runs.conftest import a_period

pytestmark = pytest.mark.django_db
OPEN = {"personal": False, "bank_secret": False, "protection_reason": "Rows of a public data set."}


@pytest.fixture
def ci(client, bank, administrator):
    headers = {**token(bank, administrator, "windows:write"), "Accept-Language": "en"}

    def ask(method: str, address: str, body: Any = None, **more: Any) -> Any:
        given = {"content_type": "application/json", "headers": headers, **more}
        return getattr(client, method)(f"/api/v1{address}", body, **given)

    return ask


def shown(form: CorrectionForm) -> dict[str, Any]:
    """What a browser sends of a form that nobody has touched; it ends lines in its own way."""
    there = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {
        name: str(said).replace("\n", "\r\n") for name, said in there.items() if said not in (None, False)
    }


def test_the_form_begins_with_the_present_description_and_keeps_what_is_not_touched(owner, things, client):
    odd = {"white": {"values": ["yes, of course", "no"]}, "hrat": {"low": 0.0, "high": 1 / 3}}
    dataset = corrected(owner, things.dataset, allowed=odd, expected_every_days=30).dataset
    browser = sign_in(client, owner)
    page = browser.get(f"/datasets/{dataset.pk}/correct/").content.decode()
    assert 'name="name"' not in page and "white: yes, of course, no" in page
    with viewing(owner):
        sent = shown(CorrectionForm(dataset=dataset)) | {"reason": WRONG, "favourable": "1"}

    answer = browser.post(f"/datasets/{dataset.pk}/correct/", sent, follow=True)
    assert answer.status_code == 200
    with viewing(owner):
        now = Dataset.objects.get(replaces=dataset)
    assert (now.version, now.favourable, now.allowed) == (3, "1", odd)
    assert (now.features, now.sensitive, now.expected_every_days) == (FEATURES, SENSITIVE, 30)
    assert (now.personal, now.bank_secret) == (dataset.personal, dataset.bank_secret)


def test_the_page_says_what_goes_on_and_what_has_ended(owner, things, client):
    browser = sign_in(client, owner)
    with viewing(owner):
        sent = shown(CorrectionForm(dataset=things.dataset)) | {"reason": WRONG, "prediction": ""}
    page = browser.post(f"/datasets/{things.dataset.pk}/correct/", sent, follow=True).content.decode()
    assert "Version 2 of the dataset Applications is described." in page
    assert f"These checks go on with it: {CHECKS['drift'].title}." in page
    assert "The plans of these checks have ended: Fairness between groups." in page
    [history] = page.split("Versions of this description")[-1:]
    assert WRONG in history and "replaced by version 2" in history and "Fairness between groups" in history


def test_a_former_version_stays_readable_and_offers_nothing(owner, things, client):
    window = a_window(owner, things.dataset, "current", name="October 2026")
    corrected(owner, things.dataset)
    browser = sign_in(client, owner)
    page = browser.get(f"/datasets/{things.dataset.pk}/").content.decode()
    assert "This version does not stand any more" in page and WRONG in page and "October 2026" in page
    for address in ("windows/add/", "correct/", "retire/", "protection/"):
        assert f"/datasets/{things.dataset.pk}/{address}" not in page
    assert f"/windows/{window.pk}/correct/" not in page and f"/windows/{window.pk}/withdraw/" in page

    of_model = browser.get(f"/models/{things.model.pk}/data/").content.decode()
    assert "Applications, version 2" in of_model and "Descriptions that have ended" in of_model
    assert (
        browser.get(f"/models/{things.model.pk}/checks/").content.decode().count("Dataset Applications") == 1
    )


@pytest.mark.parametrize("deed", ["correct", "retire"])
def test_a_page_of_an_ended_description_is_a_conflict(owner, things, client, deed):
    corrected(owner, things.dataset)
    answer = sign_in(client, owner).get(f"/datasets/{things.dataset.pk}/{deed}/")
    assert answer.status_code == 409
    assert "Version 2 of this description has taken its place." in answer.content.decode()


def test_a_dataset_is_retired_with_a_reason(owner, things, client):
    browser, address = sign_in(client, owner), f"/datasets/{things.dataset.pk}/retire/"
    assert browser.post(address, {"reason": " "}).status_code == 422
    page = browser.post(address, {"reason": "The product is sold no more."}, follow=True).content.decode()
    assert "The dataset Applications is retired." in page and "This dataset is retired" in page
    assert "The product is sold no more." in page
    assert fresh(owner, things.dataset).ended_at is not None


def test_others_see_no_way_and_get_none(owner, validator, stranger, things):
    address = f"/datasets/{things.dataset.pk}/"
    reader = sign_in(Client(), validator)
    assert "Correct this description" not in reader.get(address).content.decode()
    assert reader.get(f"{address}correct/").status_code == reader.get(f"{address}retire/").status_code == 403
    elsewhere = sign_in(Client(), stranger)
    assert [elsewhere.get(f"{address}{end}").status_code for end in ("", "correct/", "retire/")] == [404] * 3


def test_a_program_corrects_a_description_and_reads_its_versions(owner, things, ci):
    body = {"features": FEATURES, "prediction": "approve", "favourable": "0", "reason": WRONG}
    answer = ci("post", f"/datasets/{things.dataset.pk}/versions", body)
    told = answer.json()
    assert (answer.status_code, told["version"], told["replaces_id"]) == (201, 2, str(things.dataset.pk))
    assert (set(told["checks_going_on"]), told["checks_ended"]) == ({"drift", "fairness"}, [])
    assert (told["name"], told["feed_ended"], told["ended_at"]) == ("Applications", False, None)

    listed = ci("get", f"/datasets/{told['id']}/versions").json()
    assert [(each["version"], each["ended_reason"]) for each in listed] == [(2, ""), (1, WRONG)]
    assert listed[1]["favourable"] == "1"

    again = ci("post", f"/datasets/{things.dataset.pk}/versions", body)
    assert (again.status_code, again["Content-Type"]) == (409, "application/problem+json")
    assert again.json()["detail"].startswith("Version 2 of this description has taken its place.")


def test_a_program_that_is_wrong_is_told_the_field(things, ci):
    answer = ci("post", f"/datasets/{things.dataset.pk}/versions", {"features": [], "reason": WRONG})
    assert answer.status_code == 422
    assert [each["where"] for each in answer.json()["problems"]] == ["features"]


def test_a_name_leads_to_the_version_that_stands(owner, things, ci):
    edition = corrected(owner, things.dataset, **OPEN)
    file = SimpleUploadedFile("october.csv", csv().read())
    said = {"dataset": "Applications", "name": "October", "file": file}
    taken = ci("post", f"/models/{things.model.pk}/windows", said, content_type=MULTIPART_CONTENT)
    upload = {"dataset": "Applications", "name": "x", "file_name": "x.csv", "size": 9, "digest": "0" * 64}
    begun = ci("post", f"/models/{things.model.pk}/uploads", upload)
    assert (taken.status_code, begun.status_code) == (201, 201)
    with viewing(owner):
        assert Window.objects.get(name="October").dataset_id == edition.dataset.pk
        assert Upload.objects.get().dataset_id == edition.dataset.pk

    rows = ci("post", f"/datasets/{things.dataset.pk}/rows?name=x", [{"hrat": 1}])
    assert (rows.status_code, rows["Content-Type"]) == (409, "application/problem+json")


def test_figures_are_declared_for_the_data_period_of_the_version_that_stands(owner, things, ci):
    a_period(owner, things.dataset, "October")
    edition = corrected(owner, things.dataset)
    again = a_period(owner, edition.dataset, "October")
    figure = {"check": "fairness", "metric": "selection_rate", "subject": "white=1", "value": 0.5, "n": 9}
    body = {"dataset": "Applications", "window": "October", "version": "1.0", "figures": [figure]}
    assert ci("post", f"/models/{things.model.pk}/declared", body).status_code == 201
    with viewing(owner):
        assert Declared.objects.get().window_id == again.pk


def test_a_retired_name_is_a_clear_conflict(owner, things, ci):
    retired = ci("post", f"/datasets/{things.dataset.pk}/retire", {"reason": "Sold."})
    assert (retired.status_code, retired.json()["ended_reason"]) == (200, "Sold.")
    upload = {"dataset": "Applications", "name": "x", "file_name": "x.csv", "size": 9, "digest": "0" * 64}
    refused = ci("post", f"/models/{things.model.pk}/uploads", upload)
    assert (refused.status_code, refused["Content-Type"]) == (409, "application/problem+json")
    assert refused.json()["detail"].startswith("This dataset is retired")
    plan = ci("put", f"/datasets/{things.dataset.pk}/plans/drift", {"every_days": 7})
    assert plan.status_code == 409
    assert ci("post", f"/models/{things.model.pk}/runs").status_code == 409


def test_a_token_without_the_right_corrects_nothing(owner, things, bank, administrator, broker, client):
    reads = token(bank, administrator, "models:read")
    body = {"features": ["income"], "reason": WRONG}
    address = f"/api/v1/datasets/{things.dataset.pk}/versions"
    answer = client.post(address, body, content_type="application/json", headers=reads)
    assert answer.status_code == 403
    assert fresh(owner, things.dataset).ended_at is None


def test_the_plan_of_counts_is_that_of_a_version(owner, ci):
    dataset = a_dataset(owner, a_model(owner))
    edition = corrected(owner, dataset)
    plans = [ci("get", f"/datasets/{each.pk}/plan-of-counts").json() for each in (dataset, edition.dataset)]
    assert [each["favourable"] for each in plans] == ["1", "0"]


def test_a_name_described_again_is_shown_after_the_retired_one(owner, things, client):
    editions.retire(by=owner, dataset=things.dataset, reason="Sold.")
    again = data.describe(by=owner, model=things.model, name="Applications", features=["income"])
    page = sign_in(client, owner).get(f"/datasets/{again.pk}/").content.decode()
    assert "Applications, version 2" in page and "Sold." in page


def test_the_forms_of_data_are_not_even_shown_for_an_ended_description(owner, things, client):
    window = a_window(owner, things.dataset, "current", name="October 2026")
    corrected(owner, things.dataset)
    browser = sign_in(client, owner)
    for address in (f"/datasets/{things.dataset.pk}/windows/add/", f"/windows/{window.pk}/correct/"):
        assert browser.get(address).status_code == 409
    assert browser.get(f"/windows/{window.pk}/withdraw/").status_code == 200
