"""The log files of a running product: lines of JSON with who and which request, and nothing that anybody typed."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from audits.models import LedgerEntry
from governance.demo.cast import BANK, FIRMS, REGISTER
from governance.people.acting import viewing
from governance.people.models import User

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journey")]
ID = "journey-request-0001"


@pytest.fixture(scope="module")
def written(senim) -> dict[str, str]:
    """The logs of web, workers and clock after the story and after what goes wrong."""
    story = senim.tell("others see nothing")
    with senim.database():
        bearer = story.ci.client.headers["Authorization"]
        ids = {"X-Request-ID": ID}
        answered = httpx.post(
            f"{senim.url}/api/v1/models/{story.model_id}/documents?note=query-secret",
            data={"title": "title-secret", "kinds": ["model_card"], "language": "en"},
            files={"file": ("file-name-secret.md", b"# body-secret\n", "text/markdown")},
            headers={"Authorization": bearer, **ids},
        )
        assert (answered.status_code, answered.headers["X-Request-ID"]) == (201, ID)
        httpx.get(f"{senim.url}/welcome/invitation-secret/?q=query-secret")
        httpx.get(f"{senim.url}/api/v1/models", headers={"Authorization": "Bearer senim_wrong-token-secret"})
        httpx.post(
            f"{senim.url}/sign-in/", data={"username": "typed@secret.example", "password": "pw-secret"}
        )
        story.settled()
        # A log begins anew with each start, and another test may have started Senim again.
        story.owner.read(f"{story.page}/")
        story.runs_checks("2")
    return {path.stem: path.read_text() for path in (senim.home / "log").glob("*.log")}


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_nothing_that_anybody_typed_or_sent_is_in_a_log(senim, written):
    everything = "\n".join(written.values())
    token = senim.story.ci.client.headers["Authorization"].removeprefix("Bearer ")
    people = [part for firm in FIRMS for part in firm.people]
    with senim.database(), viewing(REGISTER):
        hashes = [user.password for user in User.objects.all()]

    typed = ["query-secret", "invitation-secret", "pw-secret", "body-secret", "wrong-token-secret"]
    typed += ["title-secret", "file-name-secret"]
    private = [
        senim.cast.password,
        token,
        "typed@secret.example",
        "csrfmiddlewaretoken",
        "sessionid",
        *hashes,
    ]
    private += [each for part in people for each in (part.email, part.name)]
    assert [each for each in (*typed, *private) if each in everything] == []


def test_every_line_is_json_with_time_level_and_logger(written):
    """From the first on: before its logs are set up, Celery may warn somebody who runs it as root."""
    assert set(written) == {"web", "default", "checks", "outside", "beat"}
    for name, text in written.items():
        told = text.splitlines()
        first = next((n for n, line in enumerate(told) if line.startswith("{")), len(told))
        odd = [line for line in told[first:] if not line.startswith("{")]
        assert odd == [], name
        assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines(text)), name


def test_one_id_leads_from_the_answer_to_the_log_and_to_the_ledger(senim, written):
    with senim.database(), viewing(REGISTER):
        in_the_ledger = LedgerEntry.objects.filter(request=ID)
        actions = set(in_the_ledger.values_list("action", flat=True))
        actors = {actor.partition(":")[0] for actor in in_the_ledger.values_list("actor", flat=True)}
    [line] = [line for line in lines(written["web"]) if line.get("request") == ID and "path" in line]

    assert "document.added" in actions and "token" in actors
    assert (line["path"], line["method"], line["status"]) == (
        "/api/v1/models/{uuid:model_id}/documents",
        "POST",
        201,
    ) or line["path"].startswith("/api/v1/models/")
    assert senim.story.model_id not in json.dumps(line)
    assert line["actor"].startswith("token:") and line["ms"] >= 0
    assert line["organisation"] == senim.cast.organisations[BANK.bin]


def test_a_line_names_its_person_by_id(senim, written):
    with senim.database(), viewing(REGISTER):
        owner = User.objects.get(email=BANK.people[0].email).pk

    theirs = [line for line in lines(written["web"]) if line.get("actor") == f"person:{owner}"]
    assert theirs and all(line["path"].startswith("/") for line in theirs if "path" in line)


def test_the_worker_names_the_run_and_the_request_that_rang(senim, written):
    told = [line for line in lines(written["checks"]) if line.get("run")]
    runs = {run["id"] for run in senim.story.verdicts["2"].values()}

    assert runs <= {line["run"] for line in told}
    assert all(line.get("request") for line in told)
