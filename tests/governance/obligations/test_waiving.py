"""A gap of law is accepted for a time and stays a gap; what is voluntary is waived; both lapse by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.errors import NotAllowed, NotFound, OutOfOrder, RuleBroken
from governance.obligations import services as obligations
from governance.obligations.models import Duty, Evidence
from governance.obligations.waiving import services as waiving
from governance.obligations.waiving.models import Waiver
from governance.obligations.waiving.services import Terms
from governance.people.acting import acting, viewing
from governance.post.models import Message
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
    return waiving.waive(by=by, model=model, obligation_key=key, terms=Terms(**given))


@pytest.fixture
def voluntary(bank, owner, model) -> str:
    """The key of a requirement of a framework that binds nobody, without evidence."""
    duties = caught_up(bank, owner, model)
    with viewing(owner):
        rows = Duty.objects.select_related("obligation__framework").filter(model=model)
        free = [row.obligation.key for row in rows if not row.obligation.framework.binding]
    return next(key for key in free if duties[key].status == "missing")


@pytest.fixture
def control(model):
    """The vendor's own log is read every week: evidence that another control stands in."""
    return a_run(model, None, "human_oversight_log", "on_file", valid_until=in_days(60))


def a_waiver(by, model, key, control, **changed):
    return waive(by, model, key, **{"control_id": control.pk, "review_on": in_days(20)} | changed)


def nothing_waived() -> bool:
    with viewing(REGISTER):
        return not Waiver.objects.exists()


def test_the_gap_of_a_norm_of_law_is_accepted_and_says_until_when(bank, owner, validator, model, gap):
    waive(validator, model)

    duty = caught_up(bank, owner, model)[RISKS]
    assert (gap.status, duty.status) == ("missing", "accepted_gap")
    assert duty.reasons[0]["params"] == {"on": in_days(90).isoformat(), "status": "missing"}
    assert sheet(owner, model).counts["kz-ai-law"]["accepted_gap"] == 1


def test_what_is_voluntary_is_waived_where_another_control_stands_in(
    bank, owner, validator, model, voluntary, control
):
    a_waiver(validator, model, voluntary, control)

    assert caught_up(bank, owner, model)[voluntary].status == "waived"


def test_a_waiver_without_a_control_or_a_review_is_refused(validator, model, voluntary):
    with pytest.raises(RuleBroken) as refusal:
        waive(validator, model, voluntary)

    assert [each.where for each in refusal.value.problems] == ["review_on", "control"]
    assert nothing_waived()


def test_the_control_is_evidence_that_works_today(validator, owner, model, voluntary):
    failed = a_run(model, None, "check:drift", "failed")
    past = a_run(model, None, "human_oversight_log", "on_file", valid_until=in_days(-1))
    other = a_run(a_model(owner, number="M-0002"), None, "human_oversight_log", "on_file")
    for control in (failed, past, other):
        with pytest.raises(RuleBroken) as refusal:
            a_waiver(validator, model, voluntary, control)
        assert [each.where for each in refusal.value.problems] == ["control"]
    assert nothing_waived()


def test_a_waiver_ends_by_itself_with_its_control(bank, owner, validator, model, voluntary, control):
    a_waiver(validator, model, voluntary, control)
    caught_up(bank, owner, model)
    assert sheet(owner, model).stale_after <= in_days(60)

    obligations.revoke(by=validator, evidence=control, reason="Nobody reads that log.")
    assert caught_up(bank, owner, model)[voluntary].status == "missing"


def test_a_waiver_ends_by_itself_when_its_control_runs_out(bank, owner, validator, model, voluntary, control):
    a_waiver(validator, model, voluntary, control)
    assert caught_up(bank, owner, model)[voluntary].status == "waived"
    with acting(REGISTER, "test.time_passes", quiet=True):
        Evidence.objects.filter(pk=control.pk).update(valid_until=in_days(-1))

    assert caught_up(bank, owner, model)[voluntary].status == "missing"


def test_on_the_day_of_review_both_people_are_reminded_once(bank, owner, validator, model, gap):
    waiver = waive(validator, model, review_on=in_days(20))
    caught_up(bank, owner, model)
    with acting(REGISTER, "test.time_passes", quiet=True):
        Waiver.objects.filter(pk=waiver.pk).update(
            starts_on=in_days(-20), review_on=in_days(0), ends_on=in_days(9)
        )

    for _twice in range(2):
        caught_up(bank, owner, model)
    with viewing(REGISTER):
        told = Message.objects.filter(key="waiver_review")
        assert {each.to_id for each in told} == {validator.user_id, owner.user_id} and told.count() == 2


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
    told = {(each["key"], each["status"], each["excused"]) for each in failing}
    assert (FAIRNESS, "failing", "accepted_gap") in told


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
        ({"review_on": in_days(0)}, "review_on"),
        ({"review_on": in_days(91)}, "review_on"),
    ],
    ids=["reason", "plan", "today", "too_long", "review_today", "review_after_its_end"],
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


def test_the_second_line_waives_on_the_page(client, bank, validator, owner, model, voluntary, control):
    sign_in(client, validator)
    form = reverse("obligations:waive", args=[model.pk, voluntary])
    sent = {**WORDS, "responsible": str(model.owner_id), "ends_on": in_days(30).isoformat()}
    refused = client.post(form, sent)
    assert refused.status_code == 422 and "Say when it is looked at again." in refused.content.decode()
    assert nothing_waived()

    sent |= {"control": str(control.pk), "review_on": in_days(15).isoformat()}
    page = reverse("obligations:requirement", args=[model.pk, voluntary])
    assert client.post(form, sent).url == page
    assert control.digest in client.get(page).content.decode()
