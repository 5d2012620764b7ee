"""Whoever guesses is made to wait, and learns nothing by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from django.utils.translation import ngettext

from governance.people import attempts
from governance.people.attempts import Attempt
from tests.factories import PASSWORD
from tests.furnished import Furnished

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]
OWNER = "owner@bank.example"


@pytest.fixture
def quick(settings):
    """A hash that takes no time: some tests try dozens of passwords."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def knocks(client: Client, email: str, password: str = "wrong", **extra):
    return client.post("/sign-in/", {"username": email, "password": password}, **extra)


def test_the_sixth_failure_from_one_place_is_told_to_wait(owner, client):
    statuses = [knocks(client, OWNER).status_code for _ in range(6)]

    assert statuses == [200, 200, 200, 200, 200, 429]


def test_the_right_password_does_not_help_before_the_wait_is_over(owner, client):
    for _ in range(5):
        knocks(client, OWNER)

    assert knocks(client, OWNER, PASSWORD).status_code == 429
    Attempt.objects.update(since=timezone.now() - attempts.WINDOW)
    assert knocks(client, OWNER, PASSWORD).status_code == 302


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_how_long_is_said_in_the_readers_language(owner, client, language):
    client.cookies["django_language"] = language
    for _ in range(5):
        knocks(client, OWNER)

    refused = knocks(client, OWNER)

    with translation.override(language):
        words = ngettext(
            "Wait %(minutes)s minute and try again.", "Wait %(minutes)s minutes and try again.", 15
        )
    assert words % {"minutes": 15} in refused.content.decode()
    assert f'<html lang="{language}">' in refused.content.decode()
    assert 0 < int(refused["Retry-After"]) <= 900


def test_an_account_that_nobody_has_gets_the_same_answers(owner, client):
    def answers(email: str) -> list[tuple[int, int]]:
        told = (knocks(client, email) for _ in range(7))
        return [(each.status_code, len(each.content.replace(email.encode(), b""))) for each in told]

    assert answers("nobody@bank.example") == answers(OWNER)


def test_somebody_elsewhere_does_not_lock_the_person_out(owner, client):
    for _ in range(6):
        knocks(client, OWNER, REMOTE_ADDR="203.0.113.9")

    assert knocks(client, OWNER, PASSWORD).status_code == 302


def test_guessing_one_account_from_many_places_ends_too(owner, client):
    told = [knocks(client, OWNER, REMOTE_ADDR=f"203.0.113.{n // 5}").status_code for n in range(26)]

    assert set(told[:25]) == {200} and told[25] == 429


def test_coming_in_forgets_the_failures_before(owner, client):
    for _ in range(4):
        knocks(client, OWNER)
    assert knocks(client, OWNER, PASSWORD).status_code == 302
    client.logout()

    assert [knocks(client, OWNER).status_code for _ in range(5)] == [200] * 5


def test_neither_account_nor_address_is_kept(owner, client):
    knocks(client, OWNER, REMOTE_ADDR="203.0.113.9")

    with connection.cursor() as cursor:
        cursor.execute("SELECT a::text FROM governance_attempt a")
        kept = " ".join(row for (row,) in cursor.fetchall())
    assert kept and OWNER not in kept and "203.0.113.9" not in kept


def test_old_counts_are_removed(owner, client):
    knocks(client, OWNER)
    Attempt.objects.update(since=timezone.now() - attempts.WINDOW - timedelta(seconds=1))

    attempts.clean()

    assert not Attempt.objects.exists()


def test_a_client_with_wrong_tokens_is_told_to_wait_and_one_with_a_right_one_is_served(
    furnished: Furnished, bank, client
):
    token = furnished.token_of(bank)

    def call(secret: str):
        return client.get(
            f"/api/v1/models/{furnished.model_id}", headers={"Authorization": f"Bearer {secret}"}
        )

    told = [call(f"senim_wrong_{n}").status_code for n in range(31)]
    refused = call("senim_wrong")

    assert told == [401] * 30 + [429]
    assert (refused["Content-Type"], refused.json()["type"]) == (
        "application/problem+json",
        "urn:senim:problem:too-many",
    )
    assert int(refused["Retry-After"]) > 0
    assert call(token).status_code == 200


def test_letters_with_a_link_are_limited_as_well(owner, client, mailoutbox):
    told = [client.post("/password/", {"email": OWNER}).status_code for _ in range(4)]

    assert told == [302, 302, 302, 429]


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "198.51.100.1", "127.0.0.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.1.1.1, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 192.0.2.1", "198.51.100.1"),
        (2, "198.51.100.1", "127.0.0.1"),
    ],
)
def test_only_what_our_own_proxies_saw_is_believed(settings, proxies, told, address):
    settings.SENIM_PROXIES = proxies

    assert attempts.address_of(RequestFactory().get("/", headers={"X-Forwarded-For": told})) == address
