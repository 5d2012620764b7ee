"""Whichever way a data period comes, its sender gets a receipt that a program without us can check."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audits.ledger import services as ledger
from governance.people.acting import viewing
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from tests.factories import sign_in
from tests.monitoring.loans import a_model
from tests.monitoring.uploads.conftest import a_sender

pytestmark = pytest.mark.django_db
ROWS = b"income,sex\n1,f\n2,m\n"


@pytest.fixture
def dataset(owner) -> Dataset:
    return data.describe(by=owner, model=a_model(owner), name="Loans", features=["income"], sensitive=["sex"])


@pytest.fixture
def ci(bank, administrator):
    return a_sender(bank, administrator, "windows:write")


@pytest.fixture
def window(owner, dataset) -> Window:
    return data.add_window(
        by=owner, dataset=dataset, name="October", part="current", file=io.BytesIO(ROWS), file_name="w.csv"
    )


@pytest.fixture
def receipt(client, owner, bank, dataset, window) -> dict[str, Any]:
    data.describe(by=owner, model=dataset.model, name="Others write, too", features=["income"])
    ledger.catch_up(bank.pk)
    said: dict[str, Any] = sign_in(client, owner).get(f"/windows/{window.pk}/receipt/").json()
    return said


def checked(client, folder: Path, said: dict[str, Any], *beside: Path) -> subprocess.CompletedProcess[str]:
    """By the program as it is downloaded, with nothing but Python."""
    program, place = folder / "verify.py", folder / "receipt.json"
    program.write_bytes(client.get("/verify.py").content)
    place.write_text(json.dumps(said))
    asked = [sys.executable, "-I", str(program), str(place), *map(str, beside)]
    return subprocess.run(asked, capture_output=True, text=True, check=False, cwd=folder)


def test_it_says_what_was_taken_in_when_and_where_it_stands(receipt, window, owner):
    assert receipt["facts"] == {
        "name": "October",
        "part": "current",
        "made_of": "rows",
        "rows": 2,
        "starts_on": None,
        "ends_on": None,
        "sha256": window.sha256,
        "size": window.size,
        "source_name": "w.csv",
        "source_sha256": window.source_sha256,
    }
    [entry] = [json.loads(each["entry"]) for each in receipt["entries"]]
    assert (entry[5], entry[6], entry[9]) == (f"person:{owner.user_id}", "window.added", str(window.pk))
    assert receipt["checkpoint"].startswith(f"senim.register/{window.organisation_id}\n")


def test_the_downloaded_program_checks_it_and_the_file(client, receipt, tmp_path: Path):
    (tmp_path / "w.csv").write_bytes(ROWS)
    ran = checked(client, tmp_path, receipt, tmp_path / "w.csv")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for words in ("2 rows were taken in at", "w.csv is the file of this receipt", "ALL RIGHT"):
        assert words in ran.stdout


def test_another_file_is_noticed(client, receipt, tmp_path: Path):
    (tmp_path / "w.csv").write_bytes(ROWS + b"3,f\n")
    ran = checked(client, tmp_path, receipt, tmp_path / "w.csv")
    assert ran.returncode == 1 and "not the one that was handed in" in ran.stdout


def other_content(said: dict[str, Any]) -> None:
    said["entries"][0]["content"] = said["entries"][0]["content"].replace('"rows": 2', '"rows": 3')
    said["facts"]["rows"] = 3


def other_facts(said: dict[str, Any]) -> None:
    said["facts"]["sha256"] = "0" * 64


def other_head(said: dict[str, Any]) -> None:
    origin, size, _root, *rest = said["checkpoint"].split("\n")
    said["checkpoint"] = "\n".join([origin, size, base64.b64encode(b"x" * 32).decode(), *rest])


def other_place(said: dict[str, Any]) -> None:
    said["entries"][0]["position"] -= 1


def other_organisation(said: dict[str, Any]) -> None:
    said["organisation"] = "00000000-0000-4000-8000-000000000000"


def no_entries(said: dict[str, Any]) -> None:
    said["entries"] = []


@pytest.mark.parametrize(
    "change", [other_content, other_facts, other_head, other_place, other_organisation, no_entries]
)
def test_a_changed_receipt_does_not_hold(client, receipt, tmp_path: Path, change):
    change(receipt)
    ran = checked(client, tmp_path, receipt)
    assert ran.returncode == 1 and "NOT ALL RIGHT" in ran.stdout and "Traceback" not in ran.stderr


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff"])
def test_what_is_no_receipt_is_said_to_be_none(client, owner, tmp_path: Path, content):
    (tmp_path / "receipt.json").write_bytes(content)
    program = tmp_path / "verify.py"
    program.write_bytes(sign_in(client, owner).get("/verify.py").content)
    asked = [sys.executable, "-I", str(program), str(tmp_path / "receipt.json")]
    ran = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert ran.returncode == 1 and "NOT ALL RIGHT" in ran.stdout and "Traceback" not in ran.stderr


def by_form(client, ci, dataset) -> str:
    said = {"name": "w", "part": "current", "file": SimpleUploadedFile("w.csv", ROWS)}
    assert client.post(f"/datasets/{dataset.pk}/windows/add/", said).status_code == 302
    return ""


def by_file(client, ci, dataset) -> str:
    said = {"dataset": "Loans", "name": "w", "file": SimpleUploadedFile("w.csv", ROWS)}
    address = f"/api/v1/models/{dataset.model_id}/windows"
    return ci.client.post(address, said, headers=ci.headers).json()["receipt"]


def by_rows(client, ci, dataset) -> str:
    address = f"/api/v1/datasets/{dataset.pk}/rows?name=w"
    rows = json.dumps([{"income": 1, "sex": "f"}, {"income": 2, "sex": "m"}])
    return ci.client.post(address, rows, content_type="application/json", headers=ci.headers).json()[
        "receipt"
    ]


def in_pieces(client, ci, dataset) -> str:
    place = ci.begins(dataset, ROWS)["Location"]
    ci.sends(place, ROWS, 0)
    return ci.finishes(place).json()["receipt"]


@pytest.mark.parametrize("way", [by_form, by_file, by_rows, in_pieces])
def test_every_way_in_ends_with_the_same_receipt(client, ci, bank, owner, dataset, tmp_path: Path, way):
    sign_in(client, owner)
    address = way(client, ci, dataset)
    with viewing(owner):
        window = Window.objects.get()
    ledger.catch_up(bank.pk)

    by_page = client.get(f"/windows/{window.pk}/receipt/").json()
    by_api = ci.client.get(address or f"/api/v1/windows/{window.pk}/receipt", headers=ci.headers).json()

    assert by_page == by_api and by_page["facts"]["sha256"] == window.sha256
    assert checked(client, tmp_path, by_page).returncode == 0
    assert (
        f"/windows/{window.pk}/receipt/" in client.get(f"/models/{dataset.model_id}/data/").content.decode()
    )


def test_until_the_head_is_signed_there_is_no_receipt(client, owner, bank, dataset, window):
    ledger.catch_up(bank.pk)
    other = data.add_window(
        by=owner, dataset=dataset, name="w", part="current", file=io.BytesIO(ROWS), file_name="w.csv"
    )
    sign_in(client, owner)
    assert client.get(f"/windows/{window.pk}/receipt/").status_code == 200
    refused = client.get(f"/windows/{other.pk}/receipt/")
    assert refused.status_code == 409 and "not sealed yet" in refused.content.decode()


def test_a_withdrawn_data_period_keeps_the_receipt_of_its_arrival(client, owner, receipt, window, bank):
    data.withdraw_window(by=owner, window=window, reason="Wrong month.")
    ledger.catch_up(bank.pk)
    later = client.get(f"/windows/{window.pk}/receipt/").json()
    assert (later["facts"], later["entries"]) == (receipt["facts"], receipt["entries"])


def test_a_stranger_gets_the_answer_of_a_missing_one(receipt, window, stranger, broker):
    theirs = sign_in(Client(), stranger)
    missing = theirs.get("/windows/00000000-0000-4000-8000-000000000000/receipt/")
    answer = theirs.get(f"/windows/{window.pk}/receipt/")
    assert (answer.status_code, answer.content) == (404, missing.content)
    ci = a_sender(broker, stranger, "windows:write")
    assert ci.client.get(f"/api/v1/windows/{window.pk}/receipt", headers=ci.headers).status_code == 404


def test_a_token_for_something_else_gets_none(receipt, window, bank, administrator):
    ci = a_sender(bank, administrator, "gate:read")
    assert ci.client.get(f"/api/v1/windows/{window.pk}/receipt", headers=ci.headers).status_code == 403
