"""A notice or a label tells clients nothing in a language that they do not read: it counts once it is there in each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.utils.translation import override

from governance.inventory import services as inventory
from governance.obligations import services as obligations
from governance.obligations.models import Duty
from governance.obligations.rules import Reason, answer
from governance.obligations.words import sentence
from governance.people.acting import viewing
from tests.factories import REGISTER
from tests.governance.inventory.made import accepted, draft
from tests.governance.obligations.judging import SUBJECT, TODAY, duty, fact, keys, status

KINDS = ("notification_text", "label_text")
BOTH = replace(SUBJECT, languages=("kk", "ru"))


def text(kind: str, language: str, **more: object):
    return fact(kind, in_use=True, language=language, series=language, **more)


@pytest.mark.parametrize("kind", KINDS)
def test_each_language_in_which_clients_are_addressed_needs_its_text(kind):
    kazakh, russian = text(kind, "kk"), text(kind, "ru")

    assert status(duty(kind), kazakh, subject=BOTH) == "missing"
    assert status(duty(kind), russian, subject=BOTH) == "missing"
    assert status(duty(kind), kazakh, russian, subject=BOTH) == "on_file"


def test_the_reason_names_the_language_that_is_missing():
    answered = answer(duty("label_text"), {}, [text("label_text", "en")], TODAY, BOTH)

    assert keys(answered) == ["text_lacks_language", "text_lacks_language", "nothing_on_file"]
    reasons = [dict(reason.params) for reason in answered.reasons if reason.key == "text_lacks_language"]
    assert [each["language"] for each in reasons] == ["kk", "ru"]


def test_where_nobody_has_said_the_languages_any_text_counts():
    assert status(duty("label_text"), text("label_text", "en")) == "on_file"


def test_a_text_in_a_language_that_is_not_asked_neither_helps_nor_hurts():
    texts = [text("label_text", language) for language in ("kk", "ru", "en")]

    assert status(duty("label_text"), *texts, subject=BOTH) == "on_file"


def test_the_language_whose_text_ends_first_says_until_when():
    soon, later = date(2026, 11, 30), date(2027, 11, 30)
    texts = [text("label_text", "kk", valid_until=later), text("label_text", "ru", valid_until=soon)]
    answered = answer(duty("label_text"), {}, texts, TODAY, BOTH)

    assert (answered.status, answered.due_on) == ("due_soon", soon)
    assert answer(duty("label_text"), {}, texts, date(2026, 12, 1), BOTH).status == "missing"
    longer = [*texts, fact("label_text", in_use=True, language="ru", series="other")]
    assert answer(duty("label_text"), {}, longer, TODAY, BOTH).due_on == later


@pytest.mark.parametrize(
    ("language", "words"), [("en", "in Kazakh"), ("ru", "на казахском"), ("kk", "қазақ тілінде")]
)
def test_the_sentence_names_it_in_the_readers_language(language, words):
    with override(language):
        assert words in sentence(Reason.of("text_lacks_language", kind="label_text", language="kk"))


def test_in_the_register_the_languages_come_from_the_profile_and_from_each_paper(bank, owner):
    model = draft(owner, client_facing=True)
    for language in ("kk", "ru"):
        accepted(owner, model, title=f"Notice {language}", kinds=["notification_text"], language=language)
    inventory.edit(by=owner, model=model, fields={"client_languages": ["kk", "ru", "en"]})
    obligations.catch_up(bank.pk)
    asked = [duty for duty in duties(model) if told(duty)]
    assert asked and {reason["params"]["language"] for duty in asked for reason in told(duty)} == {"en"}
    assert {duty.status for duty in asked}.isdisjoint({"on_file", "due_soon"})

    accepted(owner, model, title="Notice en", kinds=["notification_text"], language="en")
    obligations.catch_up(bank.pk)

    assert not [duty for duty in duties(model) if told(duty)]


def duties(model) -> list[Duty]:
    with viewing(REGISTER):
        return list(Duty.objects.filter(model=model))


def told(duty: Duty) -> list[dict]:
    return [reason for reason in duty.reasons if reason["key"] == "text_lacks_language"]
