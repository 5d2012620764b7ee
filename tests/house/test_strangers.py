"""A stranger gets the same answer as for a missing id, on every address with an id, whatever their role."""

from __future__ import annotations

import re
import uuid
from contextlib import contextmanager

import pytest
from django.db import connections
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from audits.ledger.models import LedgerQuerySet
from governance.config.env import database_settings
from governance.inventory.models import AIModel
from governance.people.isolated import IsolatedQuerySet
from governance.people.models import OrganisationQuerySet
from tests import factories
from tests.furnished import Furnished, furnish

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
            # 405: this method exists for nobody; 422: a body that is no body is refused before anything is looked up
            refused = {404, 405, 422} if route.startswith("api/") and method == "post" else {404, 405}
            assert theirs.status_code in refused, (name, method, theirs.content[:300])
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


@pytest.mark.django_db
def test_without_the_filters_row_level_security_still_hides_the_row(
    furnished: Furnished, broker, monkeypatch
):
    """The first wall is taken away: every queryset shows all that it can get."""
    stranger = factories.join(broker, *ROLES, email="stranger@broker.example")
    client = factories.sign_in(Client(), stranger)
    for queryset in (IsolatedQuerySet, OrganisationQuerySet, LedgerQuerySet):
        monkeypatch.setattr(queryset, "visible_to", lambda self, actor: self.all())
    for name, route in ADDRESSES:
        if not route.startswith("api/"):
            answer = client.get(filled(route, furnished.ids, furnished.model_id))
            assert answer.status_code in {404, 405}, (name, answer.content[:300])


def test_without_row_level_security_the_filters_still_hide_the_row(committing, cluster):
    """The second wall is taken away: the owner role, whose policy shows every row, serves the pages."""
    with as_role(cluster, "senim_owner", committing):
        bank, broker = factories.found(1), factories.found(2)
        furnished = furnish(bank, factories.join(bank, "model_owner", email="owner@bank.example"))
        stranger = factories.join(broker, *ROLES, email="stranger@broker.example")
        client = factories.sign_in(Client(), stranger)
        assert AIModel.objects.count() == 1  # nothing but the filters stands between
        for name, route in ADDRESSES:
            if not route.startswith("api/"):
                answer = client.get(filled(route, furnished.ids, furnished.model_id))
                assert answer.status_code in {404, 405}, (name, answer.content[:300])


@contextmanager
def as_role(cluster, role: str, database: str):
    """The connection of the product, under another role."""
    settings = connections["default"].settings_dict
    before = dict(settings)
    connections["default"].close()
    settings.update(
        {
            key: value
            for key, value in database_settings(cluster.url(role, database)).items()
            if key != "OPTIONS"
        }
    )
    try:
        yield
    finally:
        connections["default"].close()
        settings.update(before)
