"""Every way in asks protected rows for their grounds and hashed identifiers, and no refusal repeats or keeps a value of them."""

from __future__ import annotations

import csv as table
import hashlib
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance.errors import RuleBroken
from governance.people import services as people
from governance.people.acting import acting, viewing
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from monitoring.refusals.models import RefusedFile
from monitoring.shielding import services as shielding
from monitoring.uploads import services as uploads
from tests.factories import REGISTER, sign_in
from tests.monitoring.shielding.rows import csv, grounds, hand_in, hashed, protected

pytestmark = pytest.mark.django_db

RAW = b"case,income,sex,decision\nAhmetova 880101300123,12,f,1\n"
BROKEN = f"case,income,sex,decision\n{hashed(1)},Ahmetova Aigerim,f,1\n".encode()


@pytest.fixture
def dataset(owner) -> Dataset:
    return protected(owner)


@pytest.fixture
def token(bank, administrator) -> dict[str, str]:
    _row, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["windows:write"], days=1
    )
    return {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}


def nothing_came_in() -> bool:
    with viewing(REGISTER):
        return not Window.objects.exists()


@pytest.mark.parametrize("part", ["reference", "current"])
def test_a_reference_needs_grounds_and_hashed_identifiers_as_a_current_period_does(owner, dataset, part):
    with pytest.raises(RuleBroken, match="personal data or a bank secret"):
        hand_in(owner, dataset, part=part)
    with pytest.raises(RuleBroken) as refused:
        hand_in(owner, dataset, RAW, part=part, **grounds())
    assert "not hashed" in str(refused.value.problems[0].what) and nothing_came_in()


def test_a_correction_of_counts_or_of_unprotected_rows_brings_no_rows_without_grounds(owner):
    dataset = protected(owner, personal=False)
    window = hand_in(owner, dataset)
    shielding.protect(by=owner, dataset=dataset, personal=True, bank_secret=False)
    with viewing(owner):
        window = Window.objects.get(pk=window.pk)
    with pytest.raises(RuleBroken, match="personal data or a bank secret"):
        data.correct_window(
            by=owner, window=window, reason="wrong", file=io.BytesIO(csv(moved=1)), file_name="r.csv"
        )


def test_a_correction_after_an_early_erasure_needs_grounds_of_its_own(bank, owner, dataset):
    window = hand_in(owner, dataset, **grounds())
    shielding.erase(by=owner, window=window, reason="The client took the consent back")
    shielding.catch_up(bank.pk)
    with viewing(owner):
        window = Window.objects.get(pk=window.pk)
    with pytest.raises(RuleBroken) as refused:
        data.correct_window(
            by=owner, window=window, reason="again", file=io.BytesIO(csv()), file_name="r.csv"
        )
    assert [each.where for each in refused.value.problems] == ["keep_until"]


def test_rows_of_json_need_grounds_and_hashed_identifiers(client, dataset, token):
    row = {"case": "880101300123", "income": 12, "sex": "f", "decision": 1}
    said = {"content_type": "application/x-ndjson", "headers": token}
    way = f"/api/v1/datasets/{dataset.pk}/rows?name=one"
    bare = client.post(way, json.dumps(row), **said)
    assert bare.status_code == 422 and "legal_basis" in bare.content.decode()
    given = "&".join(f"{key}={value}" for key, value in grounds("Form 7").items()).replace(" ", "%20")
    raw = client.post(f"{way}&{given}", json.dumps(row), **said)
    assert raw.status_code == 422 and "not hashed" in raw.content.decode()
    assert "880101300123" not in raw.content.decode() and nothing_came_in()


def test_an_upload_in_pieces_that_says_counts_and_brings_rows_needs_grounds(owner, dataset):
    content = json.dumps([{"case": hashed(1), "income": 1, "sex": "f", "decision": 1}]).encode()
    digest = hashlib.sha256(content).hexdigest()
    said = {"name": "one", "part": "current", "file_name": "counts.json", "size": len(content)}
    upload = uploads.begin(by=owner, dataset=dataset, digest=digest, **said)
    uploads.receive(by=owner, upload=upload, offset=0, pieces=[content])
    with pytest.raises(RuleBroken, match="personal data or a bank secret"):
        uploads.finish(by=owner, upload=upload)
    assert nothing_came_in()


def test_a_refused_file_of_protected_rows_keeps_row_and_column_and_no_value(client, owner, dataset, token):
    said = {**grounds(), "name": "one", "part": "current", "file": SimpleUploadedFile("w.csv", BROKEN)}
    page = sign_in(client, owner).post(f"/datasets/{dataset.pk}/windows/add/", said)
    by_api = client.post(
        f"/api/v1/models/{dataset.model_id}/windows",
        {**said, "dataset": "Clients", "file": SimpleUploadedFile("w.csv", BROKEN)},
        headers=token,
    )
    with viewing(owner):
        noted = list(RefusedFile.objects.all())
    assert (page.status_code, by_api.status_code, len(noted)) == (422, 422, 2)
    report = client.get(by_api.json()["report"], headers=token)
    rows = b"".join(report.streaming_content).decode("utf-8-sig")
    for told in (page.content.decode(), by_api.content.decode(), rows, str([each.faults for each in noted])):
        assert "Ahmetova" not in told and "Aigerim" not in told
    assert list(table.reader(io.StringIO(rows)))[1][:4] == ["2", "income", "", "not_numeric"]
    assert by_api.json()["places"] == [{"rule": "not_numeric", "row": 2, "column": "income"}]
    assert "“…” is not a number" in rows


def test_a_file_without_a_header_does_not_tell_its_first_row(owner, dataset):
    with pytest.raises(RuleBroken) as refused:
        hand_in(owner, dataset, f"{hashed(1)},12,f,1\n{hashed(2)},13,m,0\n".encode(), **grounds())
    assert hashed(1) not in str([(each.where, str(each.what)) for each in refused.value.problems])


def test_rows_that_become_protected_later_are_told_without_values_from_then_on(client, owner):
    dataset = protected(owner, personal=False)
    with acting(REGISTER, "test.arranged"):
        noted = RefusedFile.objects.create(
            organisation_id=dataset.organisation_id,
            model_id=dataset.model_id,
            dataset=dataset,
            file_name="w.csv",
            digest="0" * 64,
            faults=[
                {
                    "rule": "not_numeric",
                    "row": 2,
                    "column": "income",
                    "offset": None,
                    "params": {"value": "Ivanov"},
                }
            ],
            counts={"not_numeric": 1},
            sent_by_id=owner.user_id,
        )
    way = f"/refused/{noted.pk}/broken-rows.csv"
    assert b"Ivanov" in b"".join(sign_in(client, owner).get(way).streaming_content)
    shielding.protect(by=owner, dataset=dataset, personal=True, bank_secret=False)
    assert b"Ivanov" not in b"".join(client.get(way).streaming_content)
