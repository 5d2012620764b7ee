"""Once a morning people are told of findings: one letter each, of what is red and new to them and of what is overdue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import User
from governance.post.models import Message
from monitoring.runs import findings, handling, reminding
from monitoring.runs.models import Finding
from tests.factories import join
from tests.monitoring.runs.test_handling import handle, in_days, noted

pytestmark = pytest.mark.django_db


def clerk(owner: Actor) -> Actor:
    return Actor.system("checks clerk", owner.organisation_id)


def as_if(owner: Actor, **said) -> Finding:
    """The one finding, with what time has made of it."""
    with acting(clerk(owner), "findings.kept"):
        Finding.objects.update(**said)
    with viewing(owner):
        found: Finding = Finding.objects.select_related("model").first()
        return found


def found_yesterday(owner: Actor, severity: str = "failed", **said) -> Finding:
    noted(owner, severity)
    return as_if(owner, seen_at=timezone.now() - timedelta(days=1, hours=1), **said)


def another(owner: Actor, like: Finding, key: str) -> None:
    fresh = findings.Noted(
        like.organisation_id, like.model_id, "not_run", key, "red", like.summary,
        {"check_key": like.check_key, "dataset_id": like.dataset_id},
    )  # fmt: skip
    with acting(clerk(owner), "findings.kept"):
        findings.note(fresh)


def letters(owner: Actor, times: int = 1) -> list[Message]:
    for _each in range(times):
        reminding.tell(clerk(owner), owner.organisation_id)
    with viewing(clerk(owner)):
        return list(Message.objects.filter(key="findings_waiting").select_related("to").order_by("to__email"))


def test_a_red_one_is_told_once_to_whoever_deals_with_it(owner, validator):
    finding = found_yesterday(owner)
    (letter,) = letters(owner, times=3)
    assert letter.to_id == owner.user_id, "and the second line reads it in the list"
    assert letter.subject == "Findings: red and new to you 1"
    assert f"– {finding.model}: " in letter.body and "/findings/" in letter.body
    assert "overdue" not in letter.body.lower()


def test_what_is_found_by_day_is_told_in_the_morning(owner):
    noted(owner, "failed")
    as_if(owner, seen_at=reminding.last_morning(timezone.now()) + timedelta(seconds=1))
    assert letters(owner) == []
    as_if(owner, seen_at=reminding.last_morning(timezone.now()) - timedelta(seconds=1))
    assert len(letters(owner)) == 1


@pytest.mark.parametrize(
    ("hour", "day"), [(2, 9), (3, 10), (18, 10)], ids=["before eight", "at eight", "at eleven at night"]
)
def test_the_morning_is_that_of_kazakhstan(hour, day):
    now = datetime(2026, 11, 10, hour, tzinfo=UTC)  # five hours behind
    assert reminding.last_morning(now) == datetime(2026, 11, day, 3, tzinfo=UTC)


def test_an_amber_one_is_told_when_its_day_has_passed_and_the_second_line_hears_of_it(owner, validator):
    found_yesterday(owner, "amber", due_on=in_days(0))
    assert letters(owner) == [], "it may still be dealt with today"
    as_if(owner, due_on=in_days(-2))
    told = letters(owner, times=2)
    assert [each.to_id for each in told] == [owner.user_id, validator.user_id]
    assert {each.subject for each in told} == {"Findings: overdue 1"}
    assert all("?state=overdue" in each.link for each in told)


def test_it_is_told_again_of_another_day_and_to_another_person(owner, validator, bank):
    finding = found_yesterday(owner, due_on=in_days(-2))
    assert len(letters(owner)) == 2
    colleague = join(bank, "model_owner", email="colleague@bank.example")
    handle(owner, finding, owner_id=colleague.user_id, due_on=in_days(3))
    (third,) = [each for each in letters(owner) if each.to_id == colleague.user_id]
    assert third.subject == "Findings: red and new to you 1"
    as_if(owner, due_on=in_days(-2))  # before eight in the morning that of yesterday is not told yet
    assert len(letters(owner, times=2)) == 5, "the colleague and the second line, of the new day"


def test_the_next_owner_of_a_model_is_told_of_what_is_red(owner, bank):
    finding = found_yesterday(owner)
    letters(owner)
    next_owner = join(bank, "model_owner", email="next@bank.example")
    handling.pass_on(by=owner, model=finding.model, to=next_owner.user_id, reason="Another unit.")
    assert [each.to.email for each in letters(owner)] == ["next@bank.example", "owner@bank.example"]


def test_what_nobody_is_left_to_deal_with_is_told_to_the_second_line(owner, validator):
    found_yesterday(owner)
    with acting(Actor.system("people"), "person.deactivated"):
        User.objects.filter(pk=owner.user_id).update(is_active=False)
    (letter,) = letters(owner)
    assert letter.to_id == validator.user_id


def test_one_letter_names_ten_and_says_how_many_more_there_are(owner):
    finding = found_yesterday(owner)
    for n in range(12):
        another(owner, finding, f"another {n}")
    as_if(owner, seen_at=timezone.now() - timedelta(days=1, hours=1))
    (letter,) = letters(owner)
    assert letter.subject == "Findings: red and new to you 13"
    assert letter.body.count("– M-") == 10 and "and 3 more" in letter.body


def test_a_closed_one_is_told_to_nobody(owner):
    found_yesterday(owner, due_on=in_days(-2))
    with acting(clerk(owner), "findings.kept"):
        findings.close(Finding.objects.all(), "model_withdrawn")
    assert letters(owner) == []


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("ru", "Замечания: новых красных – 1, просроченных – 1"),
        ("kk", "Кемшіліктер: жаңа қызыл – 1, мерзімі өткен – 1"),
    ],
)
def test_it_is_written_in_the_language_of_its_reader(owner, language, subject):
    with acting(Actor.system("people"), "person.changed"):
        User.objects.filter(pk=owner.user_id).update(language=language)
    found_yesterday(owner, due_on=in_days(-2))
    (letter,) = letters(owner)
    assert letter.subject == subject


def test_where_there_is_nothing_to_tell_it_asks_one_question(owner, django_assert_num_queries):
    noted(owner, "amber")
    with django_assert_num_queries(5):  # a savepoint and two settings of the walls around it
        reminding.tell(clerk(owner), owner.organisation_id)
    assert letters(owner) == []
