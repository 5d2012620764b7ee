"""A paper of the organisation is handed in once, accepted by a second person, and answers for every model."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from governance import store
from governance.config import sweep
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory.papers import LARGEST
from governance.obligations import services as obligations
from governance.obligations.facts import DOCUMENT
from governance.obligations.house import services
from governance.obligations.house.models import HousePaper, HouseRevision
from governance.obligations.models import Duty, Evidence
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, join
from tests.governance.inventory.made import PDF, document, registered
from tests.governance.obligations.house.made import accepted, day, handed_in, paper_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(bank):
    return join(bank, "validator", email="second@bank.example")


@pytest.fixture
def member(bank):
    return join(bank, "committee", email="member@bank.example")


def counting(bank) -> set[tuple[str, object]]:
    """Kinds and revisions that answer for the whole organisation now."""
    with viewing(REGISTER):
        rows = Evidence.objects.standing().filter(organisation=bank, model=None, source=DOCUMENT)
        return set(rows.values_list("kind", "source_id"))


def standings(bank, kind: str) -> dict[object, set[str]]:
    """Model → how the groups of organisation-level duties stand that nothing but this kind answers, after a sweep."""
    sweep.catch_up(bank.pk)
    found: dict[object, set[str]] = {}
    with viewing(REGISTER):
        duties = Duty.objects.filter(organisation=bank, obligation__level="organisation")
        for duty in duties.select_related("obligation"):
            stated = dict(enumerate(duty.obligation.facts["answered_by"], start=1))
            for group in duty.groups:
                if stated[group["number"]]["any_of"] == [kind]:
                    found.setdefault(duty.model_id, set()).add(_standing(group))
    return found


def _standing(group) -> str:
    if group["satisfied"]:
        return f"on file until {group['until']}" if group["until"] else "on file"
    return "lapsed" if group["lapsed"] else "missing"


def test_an_accepted_paper_answers_for_every_model_of_the_organisation(bank, owner, second):
    models = {registered(owner).pk, registered(owner).pk, registered(owner).pk}
    kind = "document:ai_policy"
    assert standings(bank, kind) == {key: {"missing"} for key in models}

    revision = handed_in(owner)
    assert standings(bank, kind) == {key: {"missing"} for key in models}
    services.review(by=second, revision=revision, verdict="accepted")

    assert standings(bank, kind) == {key: {"on file"} for key in models}


def test_a_paper_of_a_model_does_not_answer_for_the_organisation(bank, owner):
    model = registered(owner)
    document(owner, model, title="AI policy", kinds=["ai_policy"])

    assert standings(bank, "document:ai_policy") == {model.pk: {"missing"}}


def test_a_withdrawn_paper_takes_its_answer_back(bank, owner, second):
    model = registered(owner)
    revision = accepted(owner, second)
    assert standings(bank, "document:ai_policy") == {model.pk: {"on file"}}

    services.withdraw(by=owner, revision=revision, reason="The wrong file")

    assert standings(bank, "document:ai_policy") == {model.pk: {"missing"}}
    assert store.read(bank.pk, revision.sha256) == PDF


def test_a_paper_that_has_run_out_takes_its_answer_back(bank, owner, second):
    model = registered(owner)
    revision = accepted(owner, second, valid_until=day(0))
    assert standings(bank, "document:ai_policy") == {model.pk: {f"on file until {day(0)}"}}
    with acting(REGISTER, "test.arranged"):  # as it stands on the morning after its last day
        HouseRevision.objects.filter(pk=revision.pk).update(valid_until=day(-1))
        Evidence.objects.filter(source_id=revision.pk).update(valid_until=day(-1))

    assert standings(bank, "document:ai_policy") == {model.pk: {"lapsed"}}


def test_a_paper_counts_from_its_own_day_on_whenever_it_was_handed_in(bank, owner, second):
    old = accepted(owner, second, effective_on=date(2025, 1, 15))
    with viewing(owner):
        evidence = Evidence.objects.get(source_id=old.pk)
    assert evidence.taken_at.astimezone().date() <= date(2025, 1, 15) < old.uploaded_at.date()


def test_until_its_day_the_former_revision_counts_and_then_the_sweep_turns_to_it(bank, owner, second):
    first = accepted(owner, second)
    later = accepted(owner, second, paper=paper_of(first), content=PDF + b"2", effective_on=day(5))
    services.catch_up(bank.pk)
    assert counting(bank) == {("document:ai_policy", first.pk)}
    with acting(REGISTER, "test.arranged"):  # as it stands five days later
        HouseRevision.objects.filter(pk=later.pk).update(effective_on=day(0))

    services.catch_up(bank.pk)

    assert counting(bank) == {("document:ai_policy", later.pk)}


def test_a_sweep_with_nothing_behind_writes_nothing(bank, owner, second):
    accepted(owner, second)
    with viewing(REGISTER):
        before = list(Evidence.objects.values_list("pk", "recorded_at", "revoked_at"))

    services.catch_up(bank.pk)

    with viewing(REGISTER):
        assert list(Evidence.objects.values_list("pk", "recorded_at", "revoked_at")) == before


def test_an_accepted_revision_takes_the_place_of_the_former_and_gives_it_back(bank, owner, second):
    first = accepted(owner, second)
    later = accepted(owner, second, "governance_charter", paper=paper_of(first), content=PDF + b"2")
    assert counting(bank) == {("document:governance_charter", later.pk)}

    services.withdraw(by=owner, revision=later, reason="The wrong file")

    assert counting(bank) == {("document:ai_policy", first.pk)}


def test_what_a_person_revoked_does_not_come_back(bank, owner, second):
    revision = accepted(owner, second)
    with viewing(second):
        piece = Evidence.objects.get(source_id=revision.pk)
    obligations.revoke(by=second, evidence=piece, reason="It is a draft")

    services.catch_up(bank.pk)

    assert counting(bank) == set()


def test_nobody_reviews_what_they_handed_in_themselves(bank, validator, second):
    revision = handed_in(validator)

    with pytest.raises(NotAllowed):
        services.review(by=validator, revision=revision, verdict="accepted")
    assert counting(bank) == set()
    services.review(by=second, revision=revision, verdict="accepted")
    assert counting(bank) == {("document:ai_policy", revision.pk)}


def test_first_line_administrators_and_strangers_do_not_review(bank, owner, administrator, stranger):
    revision = handed_in(administrator)

    for actor in (owner, stranger):
        with pytest.raises(NotAllowed):
            services.review(by=actor, revision=revision, verdict="accepted")
    assert counting(bank) == set()


def test_a_returned_paper_never_counts_and_may_be_handed_in_again(bank, owner, second):
    revision = handed_in(owner)
    with pytest.raises(RuleBroken):
        services.review(by=second, revision=revision, verdict="returned", note=" ")
    services.review(by=second, revision=revision, verdict="returned", note="Page 2 is missing")
    assert counting(bank) == set()
    with pytest.raises(OutOfOrder):
        services.review(by=second, revision=revision, verdict="accepted")

    again = handed_in(owner, paper=paper_of(revision))

    assert (again.number, again.review) == (2, "waiting")


def test_the_same_file_twice_is_one_revision_and_other_days_make_another(owner):
    first = handed_in(owner)

    assert handed_in(owner, paper=paper_of(first)).pk == first.pk
    assert handed_in(owner, paper=paper_of(first), valid_until=day(300)).number == 2


def test_the_committee_signs_governing_papers_and_the_approval_is_inherited(bank, owner, second, member):
    model = registered(owner)
    charter = accepted(owner, second, "governance_charter")
    assert standings(bank, "approval") == {model.pk: {"missing"}}

    services.sign(by=member, revision=charter)

    assert standings(bank, "approval") == {model.pk: {"on file"}}
    services.withdraw(by=second, revision=charter, reason="Superseded by the group's")
    assert standings(bank, "approval") == {model.pk: {"missing"}}


def test_what_governs_nothing_or_was_not_accepted_is_not_signed(bank, owner, second, member):
    for revision in (accepted(owner, second, "insurance_policy"), handed_in(owner, "ai_policy")):
        with pytest.raises(OutOfOrder):
            services.sign(by=member, revision=revision)
    for actor in (owner, second):
        with pytest.raises(NotAllowed):
            services.sign(by=actor, revision=accepted(owner, second, title=f"Policy {actor.name}"))
    assert not {kind for kind, _key in counting(bank)} & {"approval"}


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"title": " "}, "title"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["approval"]}, "kinds"),
        ({"language": "de"}, "language"),
        ({"file_name": "policy.html"}, "file"),
        ({"content": b"MZ"}, "file"),
        ({"content": PDF + b" " * LARGEST}, "file"),
        ({"valid_until": day(-11)}, "valid_until"),
        ({"valid_until": day(-1)}, "valid_until"),
    ],
)
def test_a_paper_that_is_not_in_order_is_refused(owner, home, said, where):
    with pytest.raises(RuleBroken) as caught:
        handed_in(owner, **said)

    assert [problem.where for problem in caught.value.problems] == [where]
    with viewing(owner):
        assert not HousePaper.objects.exists()
    assert not list(home.rglob("store/*/*/*"))


def test_a_stranger_neither_hands_in_nor_takes_back(bank, owner, stranger):
    revision = handed_in(owner)

    with pytest.raises(NotAllowed):
        services.withdraw(by=stranger, revision=revision, reason="Not mine")
    with pytest.raises(NotAllowed):
        services.hand_in(
            by=stranger,
            organisation=bank,
            said=services.HandedIn("AI policy", ["ai_policy"], None, "a.pdf", "ru", day(0)),
        )
    with viewing(stranger):
        assert not HouseRevision.objects.exists()


def test_withdrawing_needs_a_reason_and_happens_once(owner):
    revision = handed_in(owner)
    with pytest.raises(RuleBroken):
        services.withdraw(by=owner, revision=revision, reason=" ")
    services.withdraw(by=owner, revision=revision, reason="The wrong file")
    with pytest.raises(OutOfOrder):
        services.withdraw(by=owner, revision=revision, reason="Again")


@pytest.mark.parametrize(
    ("sentence", "changed"),
    [
        (
            "house_revision_is_reviewed_by_a_second_person",
            {"review": "accepted", "reviewed_by_id": "uploader"},
        ),
        ("house_revision_names_its_reviewer", {"review": "accepted"}),
        ("house_revision_is_signed_once_accepted_and_by_another_person", {"signed_by_id": "uploader"}),
        ("house_revision_is_valid_from_its_day_on", {"valid_until": date(2020, 1, 1)}),
        ("house_revision_is_withdrawn_with_a_reason", {"withdrawn_at": timezone.now()}),
    ],
)
def test_the_database_itself_refuses_nonsense(owner, sentence, changed):
    revision = handed_in(owner)
    told = {name: owner.user_id if value == "uploader" else value for name, value in changed.items()}
    if "reviewed_by_id" in told:
        told["reviewed_at"] = timezone.now()

    with (
        pytest.raises(IntegrityError, match=sentence),
        acting(REGISTER, "test.arranged"),
        transaction.atomic(),
    ):
        HouseRevision.objects.filter(pk=revision.pk).update(**told)
