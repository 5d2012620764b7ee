"""The disk is full when somebody hands in a file: they are told, nothing is kept, and the same step works once there is room."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.test import Client

from governance.config.embedded import roles
from governance.inventory.models import Document
from governance.people import services as people
from governance.people.acting import viewing
from tests.factories import REGISTER, found, join, sign_in
from tests.ground import CHECKOUT
from tests.journeys.refusing import said
from tests.monitoring.loans import a_model

pytestmark = [pytest.mark.slow, pytest.mark.commits]

FULL = "The disk of this installation is full"


@pytest.fixture
def cramped(committing, cluster, home, settings) -> Iterator[subprocess.Popen[str]]:
    """A web process of the bank whose store and temporary files find no room; see cramped_web.py."""
    bank = found(1, name="First Bank")
    owner = join(bank, "model_owner", "administrator", email="owner@bank.example")
    _token, token = people.issue_token(
        by=owner, organisation=bank, name="CI", scopes=["models:write"], days=1
    )
    model = a_model(owner)
    session = sign_in(Client(), owner).cookies["sessionid"].value
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.cramped_web", session, token, str(model.pk)],
        cwd=CHECKOUT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "governance.config.settings",
            "SENIM_HOME": str(home),
            "SENIM_SECRET_KEY": settings.SECRET_KEY,
            "SENIM_DATABASE_URL": cluster.url(roles.RUNTIME, committing),
            "SENIM_BROKER_URL": f"redis+socket://{home}/nobody.sock",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def answers(web: subprocess.Popen[str]) -> list[dict[str, object]]:
    """A small and a large file, each by a person and by CI."""
    assert web.stdout is not None
    return [json.loads(web.stdout.readline()) for _each in range(4)]


def test_a_full_disk_is_told_and_the_same_step_works_once_there_is_room(cramped):
    refused = answers(cramped)
    assert [each["status"] for each in refused] == [507] * 4
    for page in refused[0::2]:
        assert said(FULL, "ru") in str(page["words"]) and '<html lang="ru">' in str(page["words"])
    for problem in refused[1::2]:
        assert problem["type"] == "application/problem+json"
        assert json.loads(str(problem["words"]))["title"] == said(FULL, "kk")
    with viewing(REGISTER):
        assert not Document.objects.exists()

    assert cramped.stdin is not None
    cramped.stdin.write("there is room\n")
    cramped.stdin.flush()
    assert [each["status"] for each in answers(cramped)] == [302, 201, 302, 201]
    with viewing(REGISTER):
        assert Document.objects.count() == 4
