"""Messages are read in the register by their person alone; the account is their own to change."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from governance.people.acting import acting, viewing
from governance.people.models import User
from governance.post import services as post
from governance.post.models import Message
from tests.factories import PASSWORD, REGISTER, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(owner) -> Client:
    return sign_in(Client(), owner)


def user(actor) -> User:
    with viewing(REGISTER):
        return User.objects.get(pk=actor.user_id)


def write(bank, actor, **said) -> Message:
    with acting(REGISTER, "something.happened"):
        return post.send(
            organisation_id=bank.pk, to=user(actor), key="password_link", context={}, link="/models/", **said
        )


def test_the_bell_counts_what_is_unread_and_opening_a_message_reads_it(web, bank, owner):
    message = write(bank, owner)
    assert web.get(reverse("inbox")).context["unread"] == 1

    page = web.get(reverse("message", args=[message.pk])).content.decode()

    assert "Senim: a new password" in page and 'href="/models/"' in page
    assert "http://" not in page.split('class="card letter"')[1].split("</div>")[0]
    inbox = web.get(reverse("inbox"))
    assert inbox.context["unread"] == 0 and "Mark all as read" not in inbox.content.decode()


def test_all_are_marked_as_read_at_once(web, bank, owner, validator):
    write(bank, owner), write(bank, owner), write(bank, validator)

    assert web.post(reverse("read-all")).url == reverse("inbox")

    with viewing(REGISTER):
        assert [message.to_id for message in Message.objects.unread()] == [validator.user_id]


def test_nobody_else_opens_it_and_a_letter_with_a_secret_is_not_shown(bank, owner, validator, stranger, web):
    message = write(bank, owner)
    for other in (validator, stranger):
        answer = sign_in(Client(), other).get(reverse("message", args=[message.pk]))
        assert answer.status_code == 404
    secret = write(bank, owner, shown=False)
    assert web.get(reverse("message", args=[secret.pk])).status_code == 404


def test_an_empty_inbox_says_what_will_come(web):
    assert "No message yet" in web.get(reverse("inbox")).content.decode()


def test_who_wants_no_mail_gets_none_but_the_letters_with_a_secret(web, bank, owner):
    said = {"name": "Owner", "language": "en"}
    assert web.post(reverse("profile"), said).status_code == 302
    quiet, secret = write(bank, owner), write(bank, owner, shown=False)

    for message in (quiet, secret):
        post.deliver(message.pk, bank.pk)
    post.catch_up(bank.pk)

    assert len(mail.outbox) == 1
    with viewing(REGISTER):
        assert Message.objects.get(pk=quiet.pk).delivered_at is None


def test_a_person_changes_their_name_and_language(web, owner):
    answer = web.post(reverse("profile"), {"name": " Aigerim ", "language": "kk", "wants_mail": "on"})

    assert answer.cookies["django_language"].value == "kk"
    after = user(owner)
    assert (after.name, after.language, after.wants_mail) == ("Aigerim", "kk", True)
    assert web.post(reverse("profile"), {"name": "", "language": "kk"}).status_code == 422


def test_a_password_is_changed_by_who_knows_it(web, owner):
    page, new = reverse("change-password"), "quite another pass phrase"
    wrong = web.post(page, {"old": "guess", "new": new, "again": new})
    assert wrong.status_code == 422 and 'id="id_old_error"' in wrong.content.decode()
    assert web.post(page, {"old": PASSWORD, "new": "short", "again": "short"}).status_code == 422
    assert web.post(page, {"old": PASSWORD, "new": new, "again": new + "x"}).status_code == 422
    assert user(owner).check_password(PASSWORD)

    assert web.post(page, {"old": PASSWORD, "new": new, "again": new}).status_code == 302

    assert user(owner).check_password(new)
    assert web.get(reverse("profile")).status_code == 200  # this session goes on
