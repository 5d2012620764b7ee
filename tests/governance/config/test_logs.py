"""A line of the log: one JSON object that says who and which request, and nothing that anybody typed."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from governance.config import doorbell, logs
from governance.people import acting
from governance.people.acting import viewing
from governance.people.models import User
from tests.factories import REGISTER, sign_in


def line(record: logging.LogRecord) -> dict[str, Any]:
    written = logs.JsonLines().format(record)
    assert "\n" not in written
    found: dict[str, Any] = json.loads(written)
    return found


def record(
    message: str, *args: object, name: str = "governance.x", level: int = logging.INFO, **extra: Any
) -> logging.LogRecord:
    made = logging.LogRecord(name, level, "x.py", 1, message, args, extra.pop("exc_info", None))
    vars(made).update(extra)
    return made


def test_a_line_has_time_level_logger_and_message():
    told = line(record("run %s was lost\nfor ever", 7))

    assert (told["level"], told["logger"], told["message"]) == (
        "INFO",
        "governance.x",
        "run 7 was lost\nfor ever",
    )
    assert told["time"].endswith("+00:00")


def test_what_is_not_known_is_not_there():
    assert set(line(record("x"))) == {"time", "level", "logger", "message"}


@pytest.mark.django_db
def test_who_acts_is_named_by_kind_and_id(owner):
    with viewing(owner):
        told = line(record("x"))

    assert (told["actor"], told["organisation"]) == (f"person:{owner.user_id}", str(owner.organisation_id))
    assert owner.name not in json.dumps(told)


def trouble() -> Any:
    return sys.exc_info()


@pytest.mark.django_db
def test_an_exception_is_named_with_its_places_and_without_its_words(owner):
    try:
        with acting.acting(REGISTER, "test"):
            User.objects.create(email="owner@bank.example", name="x")
    except IntegrityError:
        told = line(record("broke", exc_info=trouble()))

    assert told["exception"] == "IntegrityError from UniqueViolation"
    assert any("test_logs.py" in place for place in told["places"])
    assert "owner@bank.example" not in json.dumps(told)


def test_a_path_that_django_quotes_is_left_out():
    warning = record("%s: %s", "Not Found", "/welcome/secret/", name="django.request", level=logging.WARNING)
    forbidden = record(
        "Forbidden (%s): %s", "why", "/x/secret/", name="django.security.csrf", level=logging.WARNING
    )

    assert line(warning)["message"] == "Not Found"
    assert line(forbidden)["message"] == "Forbidden (%s): %s"


@pytest.mark.django_db
def test_a_request_is_one_line_with_the_template_of_its_path(owner, caplog):
    client = sign_in(Client(), owner)
    caplog.set_level(logging.INFO, "governance.config.access")

    answer = client.get("/models/6ec1c0de-0000-4000-8000-000000000000/?q=typed")

    [told] = [each.fields for each in caplog.records if each.name == "governance.config.access"]
    assert told["path"] == "/models/<uuid:model_id>/" and told["status"] == answer.status_code == 404
    assert told["actor"] == f"person:{owner.user_id}" and told["organisation"] == str(owner.organisation_id)
    assert told["method"] == "GET" and told["ms"] >= 0


@pytest.mark.django_db
def test_a_line_is_no_reason_to_ask_who_it_was(client, caplog, django_assert_num_queries):
    caplog.set_level(logging.INFO, "governance.config.access")

    with django_assert_num_queries(0):
        client.get("/language/en/")

    [told] = [each.fields for each in caplog.records if each.name == "governance.config.access"]
    assert "actor" not in told


@pytest.mark.django_db
def test_the_id_of_a_request_is_answered_and_kept_by_the_ledger(client, owner):
    answer = client.post(
        "/sign-in/",
        {"username": "owner@bank.example", "password": "a long enough pass phrase"},
        headers={"X-Request-ID": "from-the-proxy-1"},
    )

    assert answer["X-Request-ID"] == "from-the-proxy-1"
    with connection.cursor() as cursor, viewing(REGISTER):
        cursor.execute("SELECT DISTINCT action FROM audits_ledgerentry WHERE request = 'from-the-proxy-1'")
        assert ("person.signed_in",) in cursor.fetchall()


def test_an_id_that_is_none_is_replaced(client, db):
    assert client.get("/language/en/", headers={"X-Request-ID": "x\ty"})["X-Request-ID"].isalnum()


class Rung:
    """A task as Celery's signals hand it over."""

    def __init__(self, name: str, headers: dict[str, Any]) -> None:
        self.name, self.request = name, type("Request", (), headers)()


def test_the_request_that_rang_goes_with_the_task_and_comes_out_in_its_lines():
    token = acting.request_id.set("web-request-1")
    headers: dict[str, Any] = {}
    doorbell.say_who_rang(headers=headers)
    acting.request_id.reset(token)

    task = Rung(doorbell.RUNS, headers)
    doorbell.remember_who_rang(task=task, args=["run-1"])
    told = line(record("x"))
    doorbell.say_how_it_went(task=task, state="SUCCESS")

    assert (told["request"], told["run"]) == ("web-request-1", "run-1")
    assert "run" not in line(record("x")) and "request" not in line(record("x"))


def test_a_task_that_nobody_rang_has_an_id_of_its_own():
    doorbell.remember_who_rang(task=Rung("sweep", {}), args=[])
    told = line(record("x"))
    doorbell.say_how_it_went(task=Rung("sweep", {}), state="SUCCESS")

    assert len(told["request"]) == 32 and "run" not in told
