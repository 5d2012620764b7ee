"""Servers are connected and models linked by administrators; the sign-in is sealed and nobody else sees anything."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from audits.ledger.models import LedgerPayload
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.mlflow_link import sealing, services
from monitoring.mlflow_link.models import Connector, Link
from tests import factories
from tests.governance.inventory import made
from tests.monitoring.mlflow_link.faulty import faulty, says

pytestmark = pytest.mark.django_db
SECRET = "dapi-0123456789abcdef"


@pytest.fixture
def mlflow() -> str:
    """Nobody answers here; what is tested needs no server."""
    return "http://127.0.0.1:9"


@pytest.fixture
def sealed(bank, administrator, mlflow) -> Connector:
    return services.register(
        by=administrator, organisation=bank, name="Scoring", url=mlflow, sign_in="token", token=SECRET
    )


def test_the_sign_in_is_sealed_and_opens_for_this_connector_alone(sealed, bank, administrator):
    other = services.register(by=administrator, organisation=bank, name="Other", url="http://127.0.0.1:10")

    assert SECRET not in sealed.secret
    assert sealing.opened(sealed.pk, sealed.secret) == {"token": SECRET}
    with pytest.raises(sealing.KeyLost):
        sealing.opened(other.pk, sealed.secret)


def test_the_ledger_never_holds_the_sign_in_not_even_sealed(sealed, administrator):
    with viewing(administrator):
        content = json.dumps([each.content for each in LedgerPayload.objects.all()])
    assert "monitoring_connector" not in content and '"(withheld)"' in content
    assert SECRET not in content and sealed.secret not in content


def test_no_page_shows_it_again(sealed, administrator, client):
    factories.sign_in(client, administrator)
    for page in ("/mlflow/", f"/mlflow/{sealed.pk}/"):
        shown = client.get(page).content.decode()
        assert sealed.name in shown and SECRET not in shown and sealed.secret not in shown

    said = {"name": "", "url": "x", "sign_in": "token", "token": SECRET, "password": "p4ss"}
    shown = client.post("/mlflow/add/", said).content.decode()
    assert SECRET not in shown and "p4ss" not in shown


def test_ending_a_connection_forgets_the_sign_in(sealed, administrator):
    ended = services.end(by=administrator, connector=sealed)

    assert (ended.secret, ended.sign_in) == ("", "none")
    with pytest.raises(OutOfOrder):
        services.end(by=administrator, connector=sealed)


def test_a_lost_key_is_said_and_nothing_breaks(sealed, administrator, home):
    for key in (home / "keys").iterdir():
        key.unlink()

    assert services.test(by=administrator, connector=sealed).trouble == "key_lost"
    services.poll(sealed.organisation_id, sealed.pk)

    with viewing(administrator):
        assert Connector.objects.get(pk=sealed.pk).last_error == "key_lost"


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"name": " "}, "name"),
        ({"url": "http://user:pass@mlflow.bank.kz"}, "url"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"sign_in": "token"}, "token"),
        ({"sign_in": "password", "user": "x"}, "password"),
        ({"sign_in": "kerberos"}, "sign_in"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(bank, administrator, said, where):
    fields = {"name": "Scoring", "url": "https://mlflow.bank.kz", **said}

    with pytest.raises(RuleBroken) as refused:
        services.register(by=administrator, organisation=bank, **fields)

    assert [each.where for each in refused.value.problems] == [where]
    with viewing(administrator):
        assert not Connector.objects.exists()


def test_only_an_administrator_connects_and_links(bank, owner, validator, sealed):
    model = made.registered(owner)
    for actor in (owner, validator):
        with pytest.raises(NotAllowed):
            services.register(by=actor, organisation=bank, name="x", url="http://127.0.0.1:11")
        with pytest.raises(NotAllowed):
            services.link(by=actor, connector=sealed, model=model, registered_name="scoring")
        with pytest.raises(NotAllowed):
            services.test(by=actor, connector=sealed)
        with pytest.raises(NotAllowed):
            services.end(by=actor, connector=sealed)
    with viewing(owner):
        assert not Link.objects.exists()


def test_a_server_and_a_registered_model_are_connected_once(bank, administrator, sealed, owner):
    model = made.registered(owner)
    link = services.link(by=administrator, connector=sealed, model=model, registered_name="scoring")
    with pytest.raises(OutOfOrder):
        services.register(by=administrator, organisation=bank, name="Again", url=f"{sealed.url}/")
    with pytest.raises(OutOfOrder):
        services.link(by=administrator, connector=sealed, model=model, registered_name="scoring")

    services.unlink(by=administrator, link=link)
    again = services.link(by=administrator, connector=sealed, model=model, registered_name="scoring")

    assert again.pk == link.pk  # so that no version is copied twice


def test_another_organisation_sees_nothing_of_it(sealed, stranger, owner, administrator):
    link = services.link(
        by=administrator, connector=sealed, model=made.registered(owner), registered_name="scoring"
    )
    client = factories.sign_in(Client(), stranger)

    assert sealed.name not in client.get("/mlflow/").content.decode()
    assert client.get(f"/mlflow/{sealed.pk}/").status_code == 404
    for path in (f"/mlflow/{sealed.pk}/read/", f"/mlflow/{sealed.pk}/end/", f"/mlflow/links/{link.pk}/end/"):
        assert client.post(path).status_code == 404
    with viewing(stranger):
        assert not Connector.objects.exists() and not Link.objects.exists()


def test_a_dead_server_is_asked_more_and_more_seldom_and_says_why(sealed, administrator):
    pauses = []
    for _ in range(3):
        _make_due(sealed)
        services.poll(sealed.organisation_id, sealed.pk)
        with viewing(administrator):
            now = Connector.objects.get(pk=sealed.pk)
        pauses.append((now.due_at - now.tried_at).total_seconds())
        assert now.last_error == "no_answer" and now.held_until is None

    assert now.failures == 3
    assert [round(each / 60) for each in pauses] == [2, 4, 8]


def test_a_server_that_is_being_read_is_not_read_twice(sealed, administrator, django_assert_num_queries):
    _make_due(sealed, held_until="2099-01-01T00:00Z")

    services.poll(sealed.organisation_id, sealed.pk)

    with viewing(administrator):
        assert Connector.objects.get(pk=sealed.pk).tried_at is None


def test_of_one_organisation_one_server_is_read_at_a_time(bank, sealed, administrator):
    other = services.register(by=administrator, organisation=bank, name="Other", url="http://127.0.0.2:9/")
    _make_due(sealed)
    _make_due(other)
    reader = Actor.system("mlflow reader", bank.pk)
    held = services._claimed(reader, sealed.pk)
    assert held and services._claimed(reader, other.pk) is None
    services.catch_up(bank.pk)
    with viewing(administrator):
        assert Connector.objects.get(pk=other.pk).rung_at is None, "it is rung for when the first one is done"
    services._finish(reader, held, "")
    services.catch_up(bank.pk)
    with viewing(administrator):
        assert Connector.objects.get(pk=other.pk).rung_at is not None


def test_who_asks_while_it_is_being_read_is_not_forgotten(sealed, administrator):
    _make_due(sealed)
    reader = Actor.system("mlflow reader", sealed.organisation_id)
    claimed = services._claimed(reader, sealed.pk)
    services.read_now(by=administrator, connector=sealed)

    services._finish(reader, claimed, "")

    with viewing(administrator):
        assert Connector.objects.due(timezone.now()).filter(pk=sealed.pk).exists()


def test_a_test_of_the_connection_says_plainly_what_is_wrong(bank, administrator, client):
    factories.sign_in(client, administrator)
    with faulty(says(401)) as (url, _came):
        connector = services.register(by=administrator, organisation=bank, name="Shut", url=url)
        shown = client.post(f"/mlflow/{connector.pk}/test/", follow=True).content.decode()
    assert "The server does not accept the sign-in." in shown
    assert "Register the server again with a token or password that is valid." in shown


def test_the_form_connects_links_and_ends(administrator, owner, client, mlflow):
    model = made.registered(owner)
    factories.sign_in(client, administrator)
    said = {"name": "Scoring", "url": mlflow, "sign_in": "none"}
    landed = client.post("/mlflow/add/", said)
    page = landed["Location"]

    linked = client.post(
        page, {"registered_name": "scoring", "model": model.pk, "alias": "champion"}, follow=True
    )
    assert "scoring" in linked.content.decode()
    shown = client.get(f"/models/{model.pk}/").content.decode()
    assert "In MLflow: scoring" in shown and "Not read yet." in shown
    assert client.post(f"{page}end/").status_code == 302
    assert "In MLflow" not in client.get(f"/models/{model.pk}/").content.decode()


def _make_due(connector: Connector, **values: object) -> None:
    with acting(Actor.system("tests", connector.organisation_id), "connector.due"):
        Connector.objects.filter(pk=connector.pk).update(due_at="2026-01-01T00:00Z", **values)
