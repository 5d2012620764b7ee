"""A person confirms each member of a group once per edition; that changes no status and can be taken back."""

from __future__ import annotations

import re
import uuid

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from governance.errors import NotAllowed, NotFound, OutOfOrder, RuleBroken
from governance.obligations import services as obligations
from governance.obligations.crosswalk import queries, services, themes
from governance.obligations.crosswalk.models import Confirmation
from governance.obligations.models import Duty, Framework
from governance.people.acting import acting, viewing
from governance.people.models import Organisation
from tests.factories import REGISTER, sign_in
from tests.governance.obligations.things import a_model

pytestmark = pytest.mark.django_db

GROUP, MEMBER, OTHER = "fairness", "kz-art6-fairness-equality", "nist-measure-2-11"


@pytest.fixture(autouse=True)
def catalogue(bank, owner):
    a_model(owner, role="owner_or_holder", origin="in_house", trained_model=True, credit_scoring=True)
    obligations.catch_up(bank.pk)


def confirmed(bank, by, *members: str, group: str = GROUP) -> list[Confirmation]:
    return services.confirm(by=by, organisation=bank, group=group, members=members)


def members(bank, reader, group: str = GROUP) -> dict[str, queries.Member]:
    with viewing(reader):
        return {each.key: each for each in queries.members_of(bank.pk, themes.themes()[group])}


def test_every_theme_says_its_one_piece_in_three_languages():
    for theme in themes.themes().values():
        assert set(theme.titles) == set(theme.proposals) == {"kk", "ru", "en"}
        assert len(set(theme.proposals.values())) == 3
        assert re.search(r"[әғқңөұүһі]", theme.proposals["kk"].lower()), theme.id


def test_a_member_is_confirmed_once_for_an_edition(bank, validator):
    [made] = confirmed(bank, validator, MEMBER)

    assert (made.group, made.member, made.confirmed_by_id) == (GROUP, MEMBER, validator.user_id)
    assert made.crosswalk_edition == made.framework_edition == "2026-11-22"
    assert confirmed(bank, validator, MEMBER) == []
    there = members(bank, validator)
    assert there[MEMBER].confirmation == made and there[OTHER].confirmation is None


def test_the_database_keeps_no_second_confirmation(bank, validator):
    [made] = confirmed(bank, validator, MEMBER)
    made.pk, made._state.adding = uuid.uuid4(), True
    with pytest.raises(IntegrityError), acting(validator, "crosswalk.confirmed"):
        made.save()


def test_a_new_edition_of_the_framework_asks_again(bank, validator):
    confirmed(bank, validator, MEMBER)
    with acting(REGISTER, "catalogue.loaded"):
        law = Framework.objects.get(key="kz-ai-law")
        rows = list(law.obligations.all())
        law.pk, law.edition, law._state.adding = None, "2026-11-23", True
        law.save()
        for row in rows:
            row.pk, row.framework, row._state.adding = None, law, True
            row.save()

    assert members(bank, validator)[MEMBER].confirmation is None
    [again] = confirmed(bank, validator, MEMBER)
    assert again.framework_edition == "2026-11-23"


def test_a_new_edition_of_the_crosswalk_asks_again(bank, validator):
    [made] = confirmed(bank, validator, MEMBER)
    with acting(validator, "crosswalk.confirmed"):
        Confirmation.objects.filter(pk=made.pk).update(crosswalk_edition="2026-01-01")

    assert members(bank, validator)[MEMBER].confirmation is None


def test_a_confirmation_changes_no_status(bank, validator):
    def statuses():
        obligations.catch_up(bank.pk)
        with viewing(validator):
            return dict(Duty.objects.values_list("obligation__key", "status"))

    before = statuses()
    confirmed(bank, validator, MEMBER, OTHER)

    assert statuses() == before


def test_only_the_second_line_of_the_organisation_confirms(bank, owner, committee, stranger, supervisor):
    for actor in (owner, committee[0], stranger, supervisor):
        with pytest.raises(NotAllowed):
            confirmed(bank, actor, MEMBER)
    with viewing(REGISTER):
        assert not Confirmation.objects.exists()


def test_a_requirement_of_another_group_is_refused_by_its_name(bank, validator):
    with pytest.raises(RuleBroken) as refusal:
        confirmed(bank, validator, MEMBER, "kz-art5-legality")

    assert [problem.where for problem in refusal.value.problems] == ["kz-art5-legality"]
    with viewing(validator):
        assert not Confirmation.objects.exists()
    with pytest.raises(NotFound):
        confirmed(bank, validator, MEMBER, group="no-such-group")


def test_it_is_taken_back_with_a_reason_and_can_be_given_again(bank, validator, owner):
    [made] = confirmed(bank, validator, MEMBER)
    with pytest.raises(RuleBroken):
        services.revoke(by=validator, confirmation=made, reason=" ")
    with pytest.raises(NotAllowed):
        services.revoke(by=owner, confirmation=made, reason="Wrong")

    taken = services.revoke(by=validator, confirmation=made, reason="It asks for more.")

    assert (taken.reason, taken.revoked_by_id) == ("It asks for more.", validator.user_id)
    with pytest.raises(OutOfOrder):
        services.revoke(by=validator, confirmation=made, reason="Again")
    assert len(confirmed(bank, validator, MEMBER)) == 1


def test_only_frameworks_that_the_organisation_follows_are_asked_about(bank, validator):
    assert "eu-art10-2f-bias" not in members(bank, validator)
    obligations.adopt(by=validator, organisation=bank, framework_key="eu-ai-act")
    assert "eu-art10-2f-bias" in members(bank, validator)


def test_the_list_costs_the_same_for_no_confirmation_and_for_three(bank, validator):
    def asked() -> int:
        with viewing(validator), CaptureQueriesContext(connection) as caught:
            assert len(queries.progress(bank.pk)) > 20
        return len(caught)

    before = asked()
    confirmed(bank, validator, MEMBER, OTHER, "iosco-m6-1-data-quality-against-bias")
    assert asked() == before == 5


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Fairness and non-discrimination"),
        ("ru", "Справедливость и недискриминация"),
        ("kk", "Әділеттілік және кемсітпеу"),
    ],
)
def test_the_page_lists_every_group_with_its_progress(client, bank, validator, language, words):
    confirmed(bank, validator, MEMBER)
    sign_in(client, validator).cookies["django_language"] = language

    page = client.get(reverse("obligations:crosswalk"))
    group = client.get(reverse("obligations:crosswalk-group", args=[GROUP]))

    assert page.status_code == group.status_code == 200
    assert words in page.content.decode() and words in group.content.decode()
    [line] = [each for each in page.context["groups"] if each.theme.id == GROUP]
    assert (line.confirmed, line.members, line.is_done) == (1, 3, False)


def test_a_reviewer_ticks_and_takes_back_on_the_pages(client, bank, validator):
    url = reverse("obligations:crosswalk-group", args=[GROUP])
    shown = sign_in(client, validator).get(url)
    assert {each.key for each in shown.context["waiting"]} >= {MEMBER, OTHER}

    assert client.post(url, {"members": [MEMBER]}).status_code == 302
    [made] = client.get(url).context["confirmed"]
    assert made.key == MEMBER

    back = reverse("obligations:revoke-confirmation", args=[made.confirmation.pk])
    assert client.post(back, {"reason": ""}).status_code == 422
    assert client.post(back, {"reason": "It asks for more."}).url == url
    assert client.get(url).context["confirmed"] == []
    assert client.get(back).status_code == 404


def test_nothing_ticked_is_said_and_nothing_is_written(client, validator):
    url = reverse("obligations:crosswalk-group", args=[GROUP])
    answer = sign_in(client, validator).post(url, {})

    assert answer.status_code == 422 and "Tick the requirements" in answer.content.decode()
    assert client.post(url, {"members": ["kz-art5-legality"]}).status_code == 422
    with viewing(validator):
        assert not Confirmation.objects.exists()


def test_the_owner_reads_and_has_no_box_to_tick(client, owner):
    url = reverse("obligations:crosswalk-group", args=[GROUP])
    shown = sign_in(client, owner).get(url)

    assert shown.status_code == 200 and 'type="checkbox"' not in shown.content.decode()
    assert client.post(url, {"members": [MEMBER]}).status_code == 403


def test_another_organisation_sees_none_of_it(client, bank, validator, stranger, broker):
    [made] = confirmed(bank, validator, MEMBER)
    sign_in(client, stranger)

    assert client.get(reverse("obligations:revoke-confirmation", args=[made.pk])).status_code == 404
    assert client.get(reverse("obligations:crosswalk-group", args=["no-such-group"])).status_code == 404
    assert client.get(reverse("obligations:crosswalk-group", args=[GROUP])).context["confirmed"] == []
    with viewing(stranger):
        assert not Confirmation.objects.exists() and Organisation.objects.count() == 1


def test_a_reviewer_finds_the_page_from_every_page(client, validator, owner):
    assert reverse("obligations:crosswalk") in sign_in(client, validator).get("/").content.decode()
    assert reverse("obligations:crosswalk") not in sign_in(client, owner).get("/").content.decode()
