"""When PostgreSQL is away: plain pages, honest probes, and a log without its address."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.ground import CHECKOUT

pytestmark = pytest.mark.slow

ASK = """
import django; django.setup()
from django.test import Client
client = Client(raise_request_exception=False)
client.cookies["sessionid"] = "s" * 32
for path in ("/", "/sign-in/", "/healthz", "/healthz/live", "/metrics"):
    answer = client.get(path)
    print("ANSWER", answer.status_code, path, len(answer.content), b"Traceback" in answer.content)
    if path == "/":
        print("PAGE", answer.content.decode().replace(chr(10), " "))
    if path == "/metrics":
        print("UP", b"senim_up 0.0" in answer.content)
"""


@pytest.fixture(scope="module")
def said() -> subprocess.CompletedProcess[str]:
    surroundings = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "governance.config.settings",
        "SENIM_DATABASE_URL": "postgresql://somebody:topsecret@127.0.0.1:1/nothing",
        "SENIM_BROKER_URL": "redis://:topsecret@127.0.0.1:1/0",
        "SENIM_ALLOWED_HOSTS": "testserver",
    }
    return subprocess.run(
        [sys.executable, "-c", ASK], cwd=CHECKOUT, env=surroundings, capture_output=True, text=True
    )


def test_people_get_a_plain_page_in_three_languages(said):
    page = next(line for line in said.stdout.splitlines() if line.startswith("PAGE"))

    assert "ANSWER 500 / " in said.stdout
    assert all(f'<section lang="{language}">' in page for language in ("kk", "ru", "en"))


def test_probes_tell_it(said):
    assert "ANSWER 503 /healthz " in said.stdout
    assert "ANSWER 200 /healthz/live " in said.stdout
    assert "ANSWER 200 /metrics " in said.stdout and "UP True" in said.stdout


def test_the_log_names_what_broke_and_no_password(said):
    lines = [json.loads(line) for line in said.stderr.splitlines() if line.startswith("{")]
    broken = [line for line in lines if line["logger"] == "django.request" and "exception" in line]

    assert broken and all("OperationalError" in line["exception"] and line["places"] for line in broken)
    assert "topsecret" not in said.stderr + said.stdout
    assert "True" not in " ".join(line for line in said.stdout.splitlines() if line.startswith("ANSWER"))
