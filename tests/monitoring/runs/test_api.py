"""What CI does: describe, hand in, start, and read the answer."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance.people import services as people
from governance.people.acting import viewing
from monitoring.data.models import Window
from monitoring.runs import services as runs
from monitoring.runs.models import Run
from tests.monitoring.loans import FEATURES, SENSITIVE, a_model, a_version, csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]


@pytest.fixture
def ci(client, administrator, bank):
    """A call with a token of these scopes."""

    def call(method: str, path: str, *scopes: str, **said):
        _token, secret = people.issue_token(
            by=administrator, organisation=bank, name="CI", scopes=list(scopes or ("windows:write",)), days=1
        )
        return getattr(client, method)(f"/api/v1{path}", HTTP_AUTHORIZATION=f"Bearer {secret}", **said)

    return call


DATASET = {"name": "Applications", "features": FEATURES, "sensitive": SENSITIVE, "favourable": "1"}


def hand_in(ci, model, part: str, content: bytes | None = None):
    said = {"dataset": "Applications", "name": part, "part": part}
    file = SimpleUploadedFile(f"{part}.csv", content or csv(part).read())
    return ci("post", f"/models/{model.pk}/windows", data={**said, "file": file})


def test_from_description_to_answer(ci, owner):
    model = a_model(owner)
    a_version(owner, model)
    described = ci("post", f"/models/{model.pk}/datasets", data=DATASET, content_type="application/json")
    assert (described.status_code, described.json()["features"]) == (201, FEATURES)
    window = hand_in(ci, model, "current")
    assert (window.status_code, window.json()["rows"]) == (201, 307)

    started = ci("post", f"/models/{model.pk}/runs")
    assert started.status_code == 202
    [run] = [each for each in started.json() if each["check"] == "fairness"]
    assert (run["status"], run["verdict"], run["progress"], run["reasons"]) == ("due", None, 0, [])
    runs.work(run["id"])
    answer = ci("get", f"/runs/{run['id']}").json()
    assert (answer["status"], answer["progress"], answer["attempts"]) == ("done", 100, 1)
    assert answer["verdict"] in ("passed", "uncertain", "failed")
    assert "demographic_parity_ratio" in {each["metric"] for each in answer["measurements"]}
    assert len(answer["reasons"]) == 1 and len(answer["result_sha256"]) == 64


def test_a_broken_file_is_a_problem_with_row_and_column(ci, owner):
    model = a_model(owner)
    ci(
        "post",
        f"/models/{model.pk}/datasets",
        data={**DATASET, "features": ["a"], "sensitive": []},
        content_type="application/json",
    )
    refused = hand_in(ci, model, "current", b"a\n1\nx\n")
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    [problem] = refused.json()["problems"]
    assert "3" in problem["where"] and "a" in problem["where"]
    with viewing(owner):
        assert not Window.objects.exists()


def test_a_token_of_another_scope_is_refused(ci, owner):
    model = a_model(owner)
    refused = ci(
        "post", f"/models/{model.pk}/datasets", "gate:read", data=DATASET, content_type="application/json"
    )
    assert refused.status_code == 403
    assert ci("post", f"/models/{model.pk}/runs", "gate:read").status_code == 403
    with viewing(owner):
        assert not Run.objects.exists()


def test_nobody_and_strangers_get_nothing(client, ci, owner, stranger):
    model = a_model(owner)
    assert client.get(f"/api/v1/runs/{model.pk}").status_code == 401
    theirs = a_model(stranger)
    assert ci("post", f"/models/{theirs.pk}/runs").status_code == 404
    assert ci("get", f"/runs/{theirs.pk}").status_code == 404
