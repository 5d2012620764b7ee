"""A gap of law is accepted for a time and stays a gap; what is voluntary is waived; both lapse by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.errors import NotAllowed, NotFound, OutOfOrder, RuleBroken
from governance.obligations import waiving
from governance.obligations.models import Duty, Waiver
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, join, sign_in
from tests.governance.obligations.things import a_model, a_paper, a_run, a_version, caught_up, sheet

pytestmark = pytest.mark.django_db

RISKS = "kz-art18-1-1-identify-risks"
FAIRNESS = "kz-art6-fairness-equality"
WORDS = {"reason": "The vendor sends it in March.", "plan": "A person reads each answer until then."}


@pytest.fixture
def model(owner):
    return a_model(owner, role="owner_or_holder", origin="in_house")


@pytest.fixture
def gap(bank, owner, model):
    return caught_up(bank, owner, model)[RISKS]


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


def waive(by, model, key=RISKS, **changed):
    given = {**WORDS, "responsible_id": model.owner_id, "ends_on": in_days(90)} | changed
    return waiving.waive(by=by, model=model, obligation_key=key, **given)


def nothing_waived() -> bool:
    with viewing(REGISTER):
        return not Waiver.objects.exists()


def test_the_gap_of_a_norm_of_law_is_accepted_and_says_until_when(bank, owner, validator, model, gap):
    waive(validator, model)

    duty = caught_up(bank, owner, model)[RISKS]
    assert (gap.status, duty.status) == ("missing", "accepted_gap")
    assert duty.reasons[0]["params"] == {"on": in_days(90).isoformat(), "status": "missing"}
    assert sheet(owner, model).counts["kz-ai-law"]["accepted_gap"] == 1


def test_what_is_voluntary_is_waived(bank, owner, validator, model):
    duties = caught_up(bank, owner, model)
    with viewing(REGISTER):
        voluntary = next(
            duty.obligation.key
            for duty in Duty.objects.select_related("obligation__framework").filter(model=model)
            if not duty.obligation.framework.binding and duties[duty.obligation.key].status == "missing"
        )
    waive(validator, model, voluntary)

    assert caught_up(bank, owner, model)[voluntary].status == "waived"


def test_evidence_takes_the_place_of_the_excuse(bank, owner, validator, model, gap):
    waive(validator, model)
    a_paper(owner, model, "risk_register")

    assert caught_up(bank, owner, model)[RISKS].status == "on_file"


def test_the_gate_is_told_of_a_failure_all_the_same(bank, owner, validator):
    model = a_model(owner, role="owner_or_holder", origin="in_house", natural_persons=True)
    version = a_version(owner, model, "1")
    a_run(model, version, "check:fairness", "failed")
    caught_up(bank, owner, model)
    waive(validator, model, FAIRNESS)

    assert caught_up(bank, owner, model)[FAIRNESS].status == "accepted_gap"
    [failing] = sheet(owner, model).failing.values()
    assert (FAIRNESS, "failing") in {(each["key"], each["status"]) for each in failing}


def test_it_lapses_by_itself(bank, owner, validator, model, gap):
    waiver = waive(validator, model)
    assert caught_up(bank, owner, model)[RISKS].status == "accepted_gap"
    with acting(REGISTER, "test.time_passes", quiet=True):
        days = {"starts_on": in_days(-100), "ends_on": in_days(-1)}
        Waiver.objects.filter(pk=waiver.pk).update(**days)

    assert caught_up(bank, owner, model)[RISKS].status == "missing"


def test_the_sheet_is_stale_the_day_after_the_last(bank, owner, validator, model, gap):
    waive(validator, model, ends_on=in_days(3))
    caught_up(bank, owner, model)
    assert sheet(owner, model).stale_after == in_days(3)


def test_it_is_ended_with_a_reason(bank, owner, validator, model, gap):
    waiver = waive(validator, model)
    with pytest.raises(RuleBroken):
        waiving.end_waiver(by=validator, waiver=waiver, reason=" ")
    waiving.end_waiver(by=validator, waiver=waiver, reason="The vendor answered.")
    with pytest.raises(OutOfOrder):
        waiving.end_waiver(by=validator, waiver=waiver, reason="Again.")

    assert caught_up(bank, owner, model)[RISKS].status == "missing"


def test_a_second_one_takes_the_place_of_the_first(validator, model, gap):
    former, latest = waive(validator, model), waive(validator, model, ends_on=in_days(10))
    with viewing(validator):
        assert Waiver.objects.get(ended_at=None) == latest
        assert Waiver.objects.get(pk=former.pk).ended_at is not None


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"reason": " "}, "reason"),
        ({"plan": ""}, "plan"),
        ({"ends_on": in_days(0)}, "ends_on"),
        ({"ends_on": in_days(367)}, "ends_on"),
    ],
    ids=["reason", "plan", "today", "too_long"],
)
def test_what_is_not_in_order_is_refused(validator, model, gap, changed, where):
    with pytest.raises(RuleBroken) as refusal:
        waive(validator, model, **changed)
    assert [each.where for each in refusal.value.problems] == [where]
    assert nothing_waived()


def test_the_responsible_person_works_there(validator, stranger, model, gap):
    with pytest.raises(RuleBroken) as refusal:
        waive(validator, model, responsible_id=stranger.user_id)
    assert [each.where for each in refusal.value.problems] == ["responsible"]
    assert nothing_waived()


def test_the_owner_accepts_no_gap_of_their_own(owner, bank, model, gap):
    both = join(bank, "validator", "model_owner", email="both@bank.example")
    own = a_model(both, number="M-0002", role="owner_or_holder", origin="in_house")
    for by, which in ((owner, model), (both, own)):
        with pytest.raises(NotAllowed):
            waive(by, which)
    assert nothing_waived()


def test_there_must_be_a_gap(bank, owner, validator, model, gap):
    a_paper(owner, model, "risk_register")
    with pytest.raises(NotFound):
        waive(validator, model, "no-such-requirement")
    caught_up(bank, owner, model)
    with pytest.raises(OutOfOrder):
        waive(validator, model)
    assert nothing_waived()


def test_a_stranger_cannot_tell_that_there_is_one(stranger, validator, model, gap):
    waiver = waive(validator, model)
    with pytest.raises(NotAllowed):
        waiving.end_waiver(by=stranger, waiver=waiver, reason="Mine now.")


def test_the_second_line_accepts_it_on_the_page(client, bank, validator, owner, model, gap):
    sign_in(client, validator)
    page = reverse("obligations:requirement", args=[model.pk, RISKS])
    form = reverse("obligations:waive", args=[model.pk, RISKS])
    assert form in client.get(page).content.decode()
    told = client.get(form).content.decode()
    assert "Nobody can waive a norm of law" in told

    refused = client.post(form, {**WORDS, "responsible": str(model.owner_id), "ends_on": "2020-01-01"})
    assert refused.status_code == 422 and nothing_waived()
    sent = {**WORDS, "responsible": str(model.owner_id), "ends_on": in_days(30).isoformat()}
    assert client.post(form, sent).url == page

    with viewing(validator):
        waiver = Waiver.objects.get()
    assert WORDS["plan"] in client.get(page).content.decode()
    ended = client.post(reverse("obligations:end-waiver", args=[waiver.pk]), {"reason": "It came."})
    assert ended.url == page
