"""What machines ask: a stranger learns one word, a scraper with the right token learns the figures, and no name of anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from governance.config import readiness
from governance.people import pulse
from governance.people.pulse import Pulse
from tests.brokers import talking_to
from tests.furnished import Furnished

pytestmark = pytest.mark.django_db
PROXIED = {"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Proto": "https"}


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch):
    monkeypatch.setattr(readiness, "_kept", None)


@pytest.fixture
def unreachable():
    """The database of this process is gone for as long as the test lasts."""
    settings = connections["default"].settings_dict
    before = dict(settings)
    connections["default"].close()
    settings.update({"HOST": "/nowhere", "PORT": "1"})
    yield
    settings.update(before)


@pytest.fixture
def no_broker():
    with talking_to("redis://127.0.0.1:1/0"):
        yield


def test_a_stranger_learns_one_word(client: Client):
    answer = client.get("/healthz", headers=PROXIED)

    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"ok\n", "no-store")


def test_from_this_machine_past_no_proxy_the_parts_are_told(client):
    assert client.get("/healthz").json() == {"status": "ok", "database": True, "walls": True, "broker": True}


def test_it_answers_whatever_host_was_asked_for_and_is_not_redirected(client, settings):
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["senim.example.kz"]

    assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


def test_a_silent_broker_is_told_and_does_not_take_the_web_away(client, no_broker):
    assert client.get("/healthz", headers=PROXIED).content == b"degraded\n"
    told = client.get("/healthz")
    assert (told.status_code, told.json()["broker"]) == (200, False)


@pytest.mark.parametrize(
    ("name", "found"), [("X-Forwarded-For", 403), ("Forwarded", 403), ("Via", 403), ("X-Other", 200)]
)
def test_figures_are_for_this_machine_past_no_proxy(client, name, found):
    assert client.get("/metrics", headers={name: "198.51.100.1"}).status_code == found


def test_where_a_token_is_set_only_the_token_opens(client, settings):
    settings.SENIM_METRICS_TOKEN = "t" * 32

    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer " + "x" * 32}).status_code == 403
    assert (
        client.get("/metrics", headers={"Authorization": "Bearer " + "t" * 32, **PROXIED}).status_code == 200
    )
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 403


def figures(client: Client) -> dict[str, float]:
    lines = client.get("/metrics").content.decode().splitlines()
    return {
        line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line[:1] not in ("#", "")
    }


def test_figures_say_what_waits_and_what_was_answered(client, furnished: Furnished):
    pulse.felt("checks")
    Pulse.objects.filter(part="checks").update(at=timezone.now() - timedelta(seconds=100))
    client.get(f"/models/{furnished.model_id}/")

    told = figures(client)

    assert told['senim_runs{status="due"}'] > 0 and told['senim_runs{status="running"}'] == 0
    assert told["senim_oldest_due_run_seconds"] > 0
    assert told["senim_duties_behind"] >= 0 and told["senim_messages_undelivered"] >= 0
    assert told["senim_store_free_bytes"] > 0
    assert (told["senim_up"], told["senim_broker_up"], told["senim_walls_up"]) == (1, 1, 1)
    assert 99 < told['senim_last_heard_seconds{part="checks"}'] < 130
    assert told['senim_last_heard_seconds{part="default"}'] == float("inf")
    route = 'method="GET",route="/models/<uuid:model_id>/",status="302"'
    assert told[f"senim_http_requests_total{{{route}}}"] >= 1
    assert told['senim_http_request_seconds_count{route="/models/<uuid:model_id>/"}'] >= 1


def test_no_label_holds_what_somebody_typed(client, furnished: Furnished):
    client.get("/no/such/page/my-secret/?q=my-secret")
    client.generic("BREW", "/")

    page = client.get("/metrics").content.decode()

    assert "my-secret" not in page and "BREW" not in page and str(furnished.model_id) not in page


REPORT = (
    '{"csp-report": {"document-uri": "https://senim.kz/welcome/secret/", "effective-directive": "script-src-elem",'
    ' "blocked-uri": "inline", "script-sample": "alert(document.cookie)"}}'
)


def test_a_violation_is_counted_and_nothing_of_it_is_kept(client, caplog):
    before = figures(client).get('senim_csp_violations_total{directive="script-src"}', 0)

    for body in (
        REPORT,
        "no json",
        '{"csp-report": {"effective-directive": "made-up"}}',
        "[1]",
        '{"csp-report": 1}',
    ):
        assert client.post("/csp-report/", body, content_type="application/csp-report").status_code == 204

    assert figures(client)['senim_csp_violations_total{directive="script-src"}'] == before + 1
    told = [record.fields for record in caplog.records if record.name == "governance.config.reports"]
    assert told == [{"directive": "script-src", "stopped": "inline"}]


def test_pages_name_the_address_for_reports(client):
    assert "report-uri /csp-report/" in client.get("/sign-in/")["Content-Security-Policy"]
