"""A stranger gets the same answer as for a missing id, on every address with an id, whatever their role."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests import factories
from tests.furnished import Furnished

ROLES = ["model_owner", "validator", "committee", "auditor", "administrator"]
OPEN_TO_ALL = {"password-reset-confirm", "invitation", "language"}
"""Addresses whose parameter is a secret or a language, not an id of somebody's row."""


def addresses(resolver=None, prefix=""):
    """Every (name, route) with a parameter, read from the resolver: a new address is tested without being listed."""
    for each in (resolver or get_resolver()).url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each, route)
        elif isinstance(each, URLPattern) and "<" in route and each.name not in OPEN_TO_ALL:
            yield each.name or route, route


ADDRESSES = sorted(set(addresses()))
METHODS = ("get", "post")


def filled(route: str, ids: dict[str, object], otherwise: object) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda m: str(ids.get(m.group(1), otherwise)), route)


def test_there_are_addresses_to_test():
    assert len(ADDRESSES) > 15


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.django_db
def test_a_stranger_learns_nothing(role, furnished: Furnished, broker):
    stranger = factories.join(broker, role, email=f"{role}@broker.example")
    client = factories.sign_in(Client(raise_request_exception=True), stranger)
    bearer = {"headers": {"Authorization": f"Bearer {furnished.token_of(broker)}"}}
    for name, route in ADDRESSES:
        kwargs = bearer if route.startswith("api/") else {}
        for method in METHODS:
            ask = getattr(client, method)
            theirs = ask(filled(route, furnished.ids, furnished.model_id), **kwargs)
            missing = ask(filled(route, {"section": "what", "key": furnished.key}, uuid.uuid4()), **kwargs)
            assert theirs.status_code == missing.status_code, (name, method)
            if theirs.status_code != 405:
                assert theirs.status_code == 404, (name, method, theirs.content[:300])
            assert theirs.content == missing.content, (name, method)
            text = theirs.content.decode()
            assert "<form" not in text and str(furnished.model_id) not in text, (name, method)


@pytest.mark.django_db
def test_somebody_not_signed_in_is_sent_to_the_door_without_an_echo(furnished: Furnished, client):
    for _name, route in ADDRESSES:
        if not route.startswith("api/"):
            answer = client.get(filled(route, furnished.ids, furnished.model_id))
            if answer.status_code != 405:
                assert (answer.status_code, answer["Location"]) == (302, "/sign-in/"), route


@pytest.mark.django_db
def test_its_own_people_do_get_an_answer(furnished: Furnished, owner):
    """Otherwise the tests above would pass on a product that shows nobody anything."""
    client = factories.sign_in(Client(), owner)
    shown = [
        name
        for name, route in ADDRESSES
        if not route.startswith("api/")
        and client.get(filled(route, furnished.ids, furnished.model_id)).status_code == 200
    ]
    assert {"model"} <= set(shown) and len(shown) > 10, shown
