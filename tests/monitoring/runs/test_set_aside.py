"""A check that cannot be asked is "not run", until the second line says why that is right; it is never green."""

from __future__ import annotations

import pytest

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import services as inventory
from governance.obligations.models import Evidence
from governance.people.acting import viewing
from monitoring.data.models import Dataset
from monitoring.runs import planning, queries
from monitoring.runs import services as runs
from monitoring.runs.models import NotApplicable, Plan
from tests.factories import join, sign_in
from tests.monitoring.loans import a_dataset, a_model, a_version, a_window

pytestmark = pytest.mark.django_db

REASON = "Borrowers are companies: no natural person is decided about."


@pytest.fixture
def borrowers(owner) -> Dataset:
    """Decisions without sensitive columns: the corporate borrowers of a bank."""
    model = a_model(owner)
    a_version(owner, model, bare=True)
    dataset = a_dataset(owner, model, sensitive=[])
    a_window(owner, dataset)
    return dataset


@pytest.fixture
def plan(owner, borrowers) -> Plan:
    planned = {each.check_key: each for each in runs.set_default_plans(by=owner, dataset=borrowers)}
    return planned["fairness"]


def evidence(actor) -> list[tuple[str, str, str]]:
    with viewing(actor):
        return [(each.kind, each.verdict, each.version.label) for each in Evidence.objects.standing()]


def test_the_plan_is_visible_and_asks_nothing(owner, borrowers, plan, client):
    with viewing(owner):
        assert "fairness" not in {each.plan.check_key for each in planning.wanted([borrowers.model])}
    page = sign_in(client, owner).get(f"/models/{borrowers.model_id}/checks/").content.decode()
    assert "It needs sensitive columns, or a reason of the second line." in page
    assert "Say why it does not apply" not in page


def test_a_reason_of_the_second_line_is_evidence_and_no_pass(owner, validator, borrowers, plan, client):
    accepted = runs.accept_not_applicable(by=validator, plan=plan, reason=f" {REASON} ")
    assert (accepted.reason, accepted.approved_by_id) == (REASON, validator.user_id)
    assert evidence(owner) == [("check:fairness", "not_applicable", "1.0")]
    page = sign_in(client, owner).get(f"/models/{borrowers.model_id}/checks/").content.decode()
    card = page[page.index('id="fairness"') :].split("</section>")[0]
    assert REASON in card and "validator" in card and "Not applicable" in card
    assert "state-good" not in card.split("Drift")[0]


def test_it_outlives_a_new_plan_and_reaches_a_new_version(owner, validator, borrowers, plan):
    runs.accept_not_applicable(by=validator, plan=plan, reason=REASON)
    runs.set_plan(by=owner, dataset=borrowers, check_key="fairness", every_days=1, reason="more often")
    a_version(owner, borrowers.model, "2.0", bare=True)
    for _twice in range(2):
        runs.catch_up(owner.organisation_id)
    assert sorted(evidence(owner)) == [
        ("check:fairness", "not_applicable", "1.0"),
        ("check:fairness", "not_applicable", "2.0"),
    ]
    with viewing(owner):
        [fairness] = [each for each in queries.board(borrowers.model).asked if each.check.key == "fairness"]
    assert fairness.set_aside is not None and not fairness.needs_reason


def test_it_is_taken_back_with_its_evidence(owner, validator, borrowers, plan):
    accepted = runs.accept_not_applicable(by=validator, plan=plan, reason=REASON)
    runs.end_not_applicable(by=validator, accepted=accepted, reason="sole traders came in")
    assert evidence(owner) == []
    with pytest.raises(OutOfOrder):
        runs.end_not_applicable(by=validator, accepted=accepted, reason="again")
    runs.catch_up(owner.organisation_id)
    assert evidence(owner) == []
    runs.accept_not_applicable(by=validator, plan=plan, reason=REASON)
    assert len(evidence(owner)) == 1


def test_only_the_second_line_says_so_and_never_of_a_model_of_its_own(owner, bank, stranger, validator, plan):
    both = join(bank, "model_owner", "validator", email="both@bank.example")
    own = a_model(both, number="M-0002")
    theirs = runs.set_plan(by=both, dataset=a_dataset(both, own, sensitive=[]), check_key="fairness")
    for who, what in ((owner, plan), (both, theirs), (stranger, plan)):
        with pytest.raises((NotAllowed, own.DoesNotExist)):
            runs.accept_not_applicable(by=who, plan=what, reason=REASON)
    with viewing(owner):
        assert not NotApplicable.objects.exists() and not Evidence.objects.exists()


def test_a_reason_is_given_once_and_only_where_the_data_lack_groups(owner, validator, plan):
    with pytest.raises(RuleBroken):
        runs.accept_not_applicable(by=validator, plan=plan, reason="  ")
    runs.accept_not_applicable(by=validator, plan=plan, reason=REASON)
    with pytest.raises(OutOfOrder):
        runs.accept_not_applicable(by=validator, plan=plan, reason=REASON)
    model = a_model(owner, number="M-0003")
    fair = runs.set_plan(by=owner, dataset=a_dataset(owner, model), check_key="fairness")
    drift = runs.set_plan(by=owner, dataset=plan.dataset, check_key="drift")
    for each in (fair, drift):
        with pytest.raises(OutOfOrder):
            runs.accept_not_applicable(by=validator, plan=each, reason=REASON)


def test_the_page_takes_a_reason_and_takes_it_back(owner, validator, borrowers, client):
    """Without a plan, too: the validator plans the check with the reason."""
    address = f"/datasets/{borrowers.pk}/checks/fairness/not-applicable/"
    sign_in(client, owner)
    assert client.get(address).status_code == 403
    sign_in(client, validator)
    assert "it never counts as passed" in client.get(address).content.decode()
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "<script>1</script>"}).status_code == 302
    page = client.get(f"/models/{borrowers.model_id}/checks/").content.decode()
    assert "&lt;script&gt;1&lt;/script&gt;" in page and "Ask for this check again" in page
    assert client.post(address, {"reason": "it applies"}).status_code == 302
    with viewing(owner):
        assert NotApplicable.objects.get().ended_reason == "it applies"
    assert client.get(f"/datasets/{borrowers.pk}/checks/drift/not-applicable/").status_code == 404


def test_a_withdrawn_version_has_no_new_evidence(owner, validator, borrowers, plan):
    with viewing(owner):
        version = borrowers.model.versions.get()
    inventory.withdraw_version(by=owner, version=version)
    runs.accept_not_applicable(by=validator, plan=plan, reason=REASON)
    assert evidence(owner) == []
