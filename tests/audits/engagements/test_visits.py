"""An auditor sees the models in scope, from a day to a day, changes nothing, and afterwards the door is closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.engagements import services as engagements
from audits.engagements.models import Engagement, Visit
from audits.engagements.services import Auditor
from audits.ledger.models import LedgerEntry, LedgerPayload
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import services as inventory
from governance.inventory.models import AIModel
from governance.people import recognition
from governance.people import services as people
from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.people.models import Membership, Organisation, User
from governance.post.models import Message
from tests import factories
from tests.factories import REGISTER

ADDRESS = "auditor@adal.example"
ONE = (Auditor(ADDRESS),)


@pytest.fixture
def firm(db):
    return factories.found(7, kind="audit_firm", name="Adal Audit")


@pytest.fixture
def auditor(firm) -> Actor:
    """With an account at the audit firm."""
    return factories.join(firm, "auditor", email=ADDRESS)


@pytest.fixture
def models(bank, owner) -> list[AIModel]:
    return [inventory.register(by=owner, organisation=bank, fields={"name": f"Model {n}"}) for n in (1, 2)]


def opened(administrator, bank, models=None, *, starts=0, ends=10, auditors=ONE) -> Engagement:
    today = timezone.localdate()
    return engagements.open_engagement(
        by=administrator,
        organisation=bank,
        auditors=auditors,
        starts_on=today + timedelta(days=starts),
        ends_on=today + timedelta(days=ends),
        purpose="A yearly audit of the credit models.",
        models=models,
    )


def at(bank, auditor: Actor) -> Actor:
    """The auditor as they are when they work for the bank, if its door is open."""
    with viewing(REGISTER):
        user = User.objects.get(pk=auditor.user_id)
    return recognition.person(user, bank.pk)


def moved(days: int) -> None:
    """As if so many days had passed: every visit lies that much further back."""
    from django.db import connection

    with viewing(REGISTER), connection.cursor() as cursor:
        cursor.execute("SET LOCAL senim.actor = 'system:tests'; SET LOCAL senim.action = 'tests.moved'")
        cursor.execute("SET LOCAL senim.writes = '*'")
        for table in ("governance_membership", "audits_engagement"):
            cursor.execute(
                f"UPDATE {table} SET starts_on = starts_on - %s, ends_on = ends_on - %s WHERE ends_on IS NOT NULL",
                [days, days],
            )


def test_an_auditor_keeps_the_account_of_the_firm_and_sees_the_models_in_scope_alone(
    administrator, bank, firm, auditor, models
):
    opened(administrator, bank, models[:1])
    visiting = at(bank, auditor)

    assert visiting.organisation_id == bank.pk
    assert visiting.user_id == auditor.user_id
    with viewing(visiting):
        assert [each.name for each in AIModel.objects.visible_to(visiting)] == ["Model 1"]
    assert {each.organisation_id for each in recognition.belongings(auditor.user_id)} == {bank.pk, firm.pk}


def test_the_second_wall_shows_no_other_model_either(administrator, bank, auditor, models, owner):
    inventory.add_version(by=owner, model=models[1], label="1")
    opened(administrator, bank, models[:1])
    visiting = at(bank, auditor)

    with viewing(visiting):  # no filter of ours
        assert [each.name for each in AIModel.objects.all()] == ["Model 1"]
        assert not models[1].versions.exists()
        assert set(LedgerEntry.objects.values_list("model", flat=True)) == {models[0].pk}
        assert LedgerPayload.objects.count() == LedgerEntry.objects.count()


def test_an_audit_of_all_models_shows_those_of_tomorrow(administrator, bank, auditor, models, owner):
    opened(administrator, bank, None)
    inventory.register(by=owner, organisation=bank, fields={"name": "Model 3"})
    visiting = at(bank, auditor)
    with viewing(visiting):
        assert AIModel.objects.visible_to(visiting).count() == 3


def test_two_visits_together_show_the_models_of_both(administrator, bank, auditor, models):
    opened(administrator, bank, models[:1])
    opened(administrator, bank, models[1:])
    visiting = at(bank, auditor)
    with viewing(visiting):
        assert AIModel.objects.visible_to(visiting).count() == 2


@pytest.mark.parametrize(
    ("passed", "open_"),
    [(-1, False), (0, True), (10, True), (11, False)],
    ids=["before", "first", "last", "after"],
)
def test_the_door_is_open_from_the_first_day_to_the_last(
    administrator, bank, auditor, models, client, passed, open_
):
    opened(administrator, bank, models, starts=0)
    moved(passed)
    client = factories.sign_in(client, auditor)
    session = client.session
    session["organisation"] = str(bank.pk)
    session.save()

    answer = client.get(reverse("model", args=[models[0].pk]))

    assert answer.status_code == (200 if open_ else 404)
    assert (at(bank, auditor).organisation_id == bank.pk) is open_


def test_ending_it_early_closes_a_session_that_is_open(administrator, bank, auditor, models):
    engagement = opened(administrator, bank, models)
    client = factories.sign_in(Client(), auditor)
    client.post(reverse("switch-organisation"), {"organisation": str(bank.pk)})
    page = reverse("model", args=[models[0].pk])
    assert client.get(page).status_code == 200

    engagements.end_now(by=administrator, engagement=engagement, reason="The report is handed over.")

    assert client.get(page).status_code == 404
    assert client.get(reverse("models")).status_code == 200  # of their own firm
    with viewing(auditor):
        assert Message.objects.filter(key="visit_ended").exists()
    with pytest.raises(OutOfOrder):
        engagements.end_now(by=administrator, engagement=engagement, reason="Again.")


def test_an_auditor_changes_nothing_and_gets_no_token(administrator, bank, auditor, models):
    opened(administrator, bank, models)
    visiting = at(bank, auditor)
    with pytest.raises(NotAllowed):
        inventory.edit(by=visiting, model=models[0], fields={"name": "Mine"})
    with pytest.raises(NotAllowed):
        people.issue_token(by=visiting, organisation=bank, name="x", scopes=["models:read"], days=1)
    with pytest.raises(NotAllowed):
        opened(visiting, bank, models, auditors=[Auditor("friend@adal.example")])


def test_somebody_new_gets_a_letter_with_a_link(administrator, bank, models):
    opened(administrator, bank, models, auditors=[Auditor("new@adal.example", "New Auditor")])
    with viewing(REGISTER):
        user = User.objects.get(email="new@adal.example")
        letters = set(Message.objects.filter(to=user).values_list("key", "shown"))
    assert user.name == "New Auditor"
    assert letters == {("invitation", False), ("visit_opened", True)}


def test_nobody_audits_their_own_house(administrator, bank, owner, models):
    with pytest.raises(RuleBroken):
        opened(administrator, bank, models, auditors=[Auditor("owner@bank.example")])
    assert nothing_was_written()


def nothing_was_written() -> bool:
    with viewing(REGISTER):
        visits = Membership.objects.exclude(ends_on=None)
        return not (Engagement.objects.exists() or Visit.objects.exists() or visits.exists())


@pytest.mark.parametrize(
    "wrong",
    [{"ends": -1}, {"ends": 400}, {"auditors": []}, {"auditors": [Auditor(ADDRESS), Auditor(ADDRESS)]}],
    ids=["past", "long", "nobody", "twice"],
)
def test_an_audit_that_makes_no_sense_is_not_opened(administrator, bank, models, wrong):
    with pytest.raises(RuleBroken):
        opened(administrator, bank, models, **wrong)
    assert nothing_was_written()


def test_owner_committee_and_stranger_open_nothing(bank, owner, committee, stranger, models):
    for who in (owner, committee[0], stranger):
        with pytest.raises((NotAllowed, Organisation.DoesNotExist)):
            opened(who, bank, models)
    assert nothing_was_written()
