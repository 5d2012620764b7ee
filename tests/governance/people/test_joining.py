"""Organisations, invitations, passwords and tokens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from governance.desk import welcome
from governance.errors import NotAllowed, NotFound, OutOfOrder, RuleBroken
from governance.people import recognition, services
from governance.people.acting import acting, viewing
from governance.people.models import ApiToken, Invitation, Membership, Organisation, User
from governance.post import services as post
from governance.post.models import Message
from tests import factories
from tests.factories import PASSWORD, REGISTER, a_bin

pytestmark = pytest.mark.django_db
NAMES = {"kk": "Банк", "ru": "Банк", "en": "Bank"}


def count(model) -> int:
    with viewing(REGISTER):
        return model.objects.count()


def test_a_wrong_bin_is_refused_and_nothing_is_written():
    with pytest.raises(RuleBroken) as refused:
        services.found(by=REGISTER, kind="participant", bin="240140000012", names=NAMES)
    assert "check digit" in str(refused.value.problems[0].what)
    assert count(Organisation) == 0


def test_an_organisation_is_entered_once(bank):
    with pytest.raises(OutOfOrder):
        services.found(by=REGISTER, kind="participant", bin=a_bin(1), names=NAMES)
    assert count(Organisation) == 1


def test_only_senim_itself_enters_organisations(administrator):
    with pytest.raises(NotAllowed):
        services.found(by=administrator, kind="participant", bin=a_bin(9), names=NAMES)
    assert count(Organisation) == 1


def test_an_invitation_opens_once_and_only_its_hash_is_kept(bank, administrator):
    membership, secret = services.invite(
        by=administrator, organisation=bank, email="New@Bank.example", name="New", role="validator"
    )
    with viewing(REGISTER):
        kept = Invitation.objects.get(user_id=membership.user_id)
    assert secret not in kept.secret_sha256 and kept.secret_sha256 == recognition.sha256(secret)
    user = services.accept(secret=secret, password=PASSWORD)
    assert user.email == "new@bank.example" and user.check_password(PASSWORD)
    with pytest.raises(NotFound):
        services.accept(secret=secret, password=PASSWORD)


def test_a_weak_password_is_refused_and_the_invitation_stays_open(bank, administrator):
    membership, secret = services.invite(
        by=administrator, organisation=bank, email="new@bank.example", name="New", role="validator"
    )
    with pytest.raises(RuleBroken):
        services.accept(secret=secret, password="short")
    with viewing(REGISTER):
        assert User.objects.get(pk=membership.user_id).password == ""
    services.accept(secret=secret, password=PASSWORD)


def test_a_late_invitation_opens_nothing(bank, administrator):
    _membership, secret = services.invite(
        by=administrator, organisation=bank, email="new@bank.example", name="New", role="validator"
    )
    with acting(REGISTER, "time.passed"):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotFound):
        services.accept(secret=secret, password=PASSWORD)


def test_a_person_known_to_another_organisation_is_invited_without_being_told_apart(
    bank, administrator, stranger
):
    membership, secret = services.invite(
        by=administrator, organisation=bank, email="owner@broker.example", name="Whoever", role="auditor"
    )
    assert membership.user_id == stranger.user_id and secret is None


@pytest.mark.parametrize("who", ["owner", "validator", "stranger"])
def test_who_is_no_administrator_here_invites_nobody(who, request, bank):
    actor = request.getfixturevalue(who)
    before = count(Membership)
    with pytest.raises(NotAllowed):
        services.invite(by=actor, organisation=bank, email="x@bank.example", name="X", role="committee")
    assert count(Membership) == before


def test_a_token_is_kept_as_a_hash_and_opens_its_own_organisation_only(bank, administrator):
    token, secret = services.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["gate:read"], days=1
    )
    assert secret not in str(ApiToken.__dict__) and token.secret_sha256 == recognition.sha256(secret)
    actor = recognition.token(secret)
    assert actor is not None
    assert (actor.reads, actor.writes, actor.scopes) == ({bank.pk}, {bank.pk}, {"gate:read"})


def test_a_revoked_and_an_expired_token_open_nothing(bank, administrator):
    token, secret = services.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["gate:read"], days=1
    )
    services.revoke_token(by=administrator, token=token)
    assert recognition.token(secret) is None
    token, secret = services.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["gate:read"], days=1
    )
    with acting(REGISTER, "time.passed"):
        now = timezone.now()
        ApiToken.objects.filter(pk=token.pk).update(
            issued_at=now - timedelta(days=2), expires_at=now - timedelta(days=1)
        )
    assert recognition.token(secret) is None


@pytest.mark.parametrize(
    ("scopes", "days"), [([], 10), (["everything"], 10), (["gate:read"], 0), (["gate:read"], 400)]
)
def test_a_token_without_sense_is_refused(bank, administrator, scopes, days):
    with pytest.raises(RuleBroken):
        services.issue_token(by=administrator, organisation=bank, name="CI", scopes=scopes, days=days)
    assert count(ApiToken) == 0


def test_signing_in_by_the_form(bank, owner, client):
    answer = client.post("/sign-in/", {"username": "OWNER@bank.example", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(bank, owner, client):
    texts = set()
    for email in ("owner@bank.example", "nobody@bank.example"):
        answer = client.post("/sign-in/", {"username": email, "password": "wrong"})
        assert answer.status_code == 200
        texts.add(
            answer.content.decode().split("<main")[1].replace(email, "").split("csrfmiddlewaretoken")[0]
        )
    assert len(texts) == 1


def test_a_forgotten_password_is_set_by_the_link_in_the_mail(bank, owner, client, settings):
    assert client.post("/password/", {"email": "owner@bank.example"})["Location"] == "/password/sent/"
    post.catch_up(bank.pk)
    [letter] = mail.outbox
    link = next(line for line in letter.body.splitlines() if line.startswith("http")).removeprefix(
        settings.SENIM_URL
    )
    new = "another long pass phrase"
    assert client.post(link, {"new_password1": new, "new_password2": new})["Location"] == "/password/set/"
    assert recognition.Backend().authenticate(None, "owner@bank.example", new) is not None
    assert client.get(link).status_code == 200 and b'name="new_password1"' not in client.get(link).content
    with viewing(REGISTER):
        assert {message.body for message in Message.objects.all()} == {""}  # the secret is kept nowhere


def test_an_unknown_address_gets_no_mail_and_the_same_answer(bank, client):
    assert client.post("/password/", {"email": "nobody@bank.example"})["Location"] == "/password/sent/"
    assert count(Message) == 0


def test_a_person_who_belongs_to_two_organisations_works_for_one_at_a_time(bank, broker, owner, client):
    services.invite(by=REGISTER, organisation=broker, email="owner@bank.example", name="", role="auditor")
    factories.sign_in(client, owner)
    client.post(reverse("switch-organisation"), {"organisation": str(broker.pk)})
    assert "Second Broker" in client.get("/").content.decode()
    with viewing(REGISTER):
        user = User.objects.get(pk=owner.user_id)
    assert recognition.person(user, broker.pk).reads == {broker.pk}


def test_nobody_switches_to_an_organisation_that_is_not_theirs(bank, broker, owner, client):
    factories.sign_in(client, owner)
    client.post(reverse("switch-organisation"), {"organisation": str(broker.pk)})
    assert "Second Broker" not in client.get("/").content.decode()


FOUND = [
    "--bin",
    a_bin(7),
    "--name-kk",
    "Б",
    "--name-ru",
    "Б",
    "--name-en",
    "B",
    "--email",
    "a@b.example",
    "--person",
    "A",
    "--language",
    "en",
]


def test_an_empty_register_is_founded_by_one_command(capsys):
    call_command("found", *FOUND)
    link = capsys.readouterr().out.split()[-1]
    assert (
        services.accept(secret=link.rstrip("/").rpartition("/")[2], password=PASSWORD).email == "a@b.example"
    )


def test_a_register_is_founded_once(bank):
    with pytest.raises(CommandError, match="not empty"):
        call_command("found", *FOUND)
    assert count(Organisation) == 1


def test_a_register_is_not_founded_with_a_wrong_bin():
    with pytest.raises(CommandError, match="BIN"):
        call_command("found", *["--bin", "123456789012", *FOUND[2:]])
    assert count(Organisation) == 0


def test_the_invitation_page_lets_a_new_person_in(bank, administrator, client):
    with acting(administrator, "member.invited"):
        membership, secret = services.invite(
            by=administrator, organisation=bank, email="new@bank.example", name="New", role="validator"
        )
        welcome.send_invitation(organisation=bank, to=membership.user, secret=secret)
    answer = client.post(f"/welcome/{secret}/", {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert answer["Location"] == "/"
    assert client.get("/").status_code == 200
    assert client.get(f"/welcome/{secret}/").status_code == 404
