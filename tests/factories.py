"""The smallest legal things, made through the services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from governance.people import bin as bins
from governance.people import recognition, services
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import Organisation, User

REGISTER = Actor.system("tests")
PASSWORD = "a long enough pass phrase"


def a_bin(n: int) -> str:
    """The n-th valid BIN of a legal entity."""
    while True:
        first = f"2401400{n:04d}"
        digit = bins.check_digit(first)
        if digit is not None:
            return f"{first}{digit}"
        n += 5000


def found(n: int, *, kind: str = "participant", name: str = "") -> Organisation:
    name = name or f"Organisation {n}"
    return services.found(by=REGISTER, kind=kind, bin=a_bin(n), names=dict.fromkeys(("kk", "ru", "en"), name))


def join(organisation: Organisation, *roles: str, email: str) -> Actor:
    """A person with a password and these roles, as the actor they are after signing in."""
    secret = None
    for role in roles:
        membership, new = services.invite(
            by=REGISTER,
            organisation=organisation,
            email=email,
            name=email.split("@")[0],
            role=role,
            language="en",
        )
        secret = new or secret
        user_id = membership.user_id
    if secret:
        services.accept(secret=secret, password=PASSWORD)
    return person(user_id)


def person(user_id: object) -> Actor:
    with viewing(REGISTER):
        user = User.objects.get(pk=user_id)
    return recognition.person(user)


@pytest.fixture
def bank(db) -> Organisation:
    return found(1, name="First Bank")


@pytest.fixture
def broker(db) -> Organisation:
    return found(2, name="Second Broker")


@pytest.fixture
def owner(bank) -> Actor:
    return join(bank, "model_owner", email="owner@bank.example")


@pytest.fixture
def validator(bank) -> Actor:
    return join(bank, "validator", email="validator@bank.example")


@pytest.fixture
def administrator(bank) -> Actor:
    return join(bank, "administrator", email="administrator@bank.example")


@pytest.fixture
def committee(bank) -> list[Actor]:
    return [join(bank, "committee", email=f"member{n}@bank.example") for n in (1, 2, 3)]


@pytest.fixture
def stranger(broker) -> Actor:
    return join(
        broker, "model_owner", "validator", "committee", "administrator", email="owner@broker.example"
    )


@pytest.fixture
def supervisor(db) -> Actor:
    return join(found(3, kind="supervisor", name="Supervisor"), "officer", email="officer@supervisor.example")


@pytest.fixture
def today() -> date:
    return date(2026, 11, 22)


Joined = Callable[..., Actor]


def sign_in(client: Client, actor: Actor) -> Client:
    """A session of this person, without going through the form."""
    with viewing(REGISTER):
        user = User.objects.get(pk=actor.user_id)
    with acting(Actor("person", id=str(user.pk), name=user.name, user_id=user.pk), "person.signed_in"):
        client.force_login(user, backend="governance.people.recognition.Backend")
    client.cookies["django_language"] = "en"
    return client
