"""A message is part of the change that it reports; delivering it twice sends it once."""

from __future__ import annotations

import pytest
from django.core import mail

from governance.people.acting import acting, viewing
from governance.people.models import User
from governance.post import services as post
from governance.post.models import Message
from tests.factories import REGISTER

pytestmark = pytest.mark.django_db


def write(bank, owner, language="en"):
    with acting(REGISTER, "something.happened"):
        User.objects.filter(pk=owner.user_id).update(language=language)
        to = User.objects.get(pk=owner.user_id)
        return post.send(organisation_id=bank.pk, to=to, key="password_link", context={}, link="/x/")


def test_it_goes_out_once_however_often_it_is_delivered(bank, owner):
    message = write(bank, owner)
    post.deliver(message.pk, bank.pk)
    post.deliver(message.pk, bank.pk)
    post.catch_up(bank.pk)
    [letter] = mail.outbox
    assert letter.to == ["owner@bank.example"] and "/x/" in letter.body


def test_a_change_that_is_taken_back_takes_its_message_along(bank, owner):
    with pytest.raises(ValueError), acting(REGISTER, "something.happened"):
        write(bank, owner)
        raise ValueError
    with viewing(REGISTER):
        assert not Message.objects.exists()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_it_is_written_in_the_language_of_its_reader(bank, owner, language):
    subjects = {"kk": "Senim: жаңа құпиясөз", "ru": "Senim: новый пароль", "en": "Senim: a new password"}
    assert write(bank, owner, language).subject == subjects[language]


def test_a_mail_server_that_is_away_loses_nothing(bank, owner, settings):
    message = write(bank, owner)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    post.catch_up(bank.pk)
    with viewing(REGISTER):
        assert Message.objects.get(pk=message.pk).attempts == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    post.catch_up(bank.pk)
    assert len(mail.outbox) == 1


def test_nobody_else_reads_it_not_even_inside_the_organisation(bank, owner, validator):
    write(bank, owner)
    with viewing(owner):
        assert Message.objects.of(owner.user_id).count() == 1
    with viewing(validator):
        assert Message.objects.count() == 0
