"""A past run is computed again from its recorded inputs; what was accepted stays, whatever comes out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from governance.errors import NotAllowed, OutOfOrder
from governance.people import services as people
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.recomputing import services as recomputing
from monitoring.recomputing.models import Recomputation
from monitoring.recomputing.queries import recomputations
from monitoring.runs import compute
from monitoring.runs import services as runs
from monitoring.runs.claims import MOST_ATTEMPTS
from monitoring.runs.inputs import inputs_of
from monitoring.runs.models import Finding, Measurement, Result, Run
from tests.factories import join, sign_in
from tests.monitoring.runs.conftest import due_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]


@pytest.fixture
def done(owner) -> Run:
    """The quickest check has answered."""
    _things, run = due_run(owner, "explanation")
    runs.work(run.pk)
    with viewing(owner):
        return Run.objects.select_related("result", "model").get()


def accepted(owner: Actor) -> list[object]:
    """All that a run has left behind."""
    with viewing(owner):
        return [list(table.objects.order_by("pk").values()) for table in (Run, Result, Measurement, Finding)]


def only(owner: Actor) -> Recomputation:
    with viewing(owner):
        return Recomputation.objects.get()


def as_if_measured_otherwise(owner: Actor, *, libraries: dict[str, str] | None = None) -> None:
    """The accepted result stands as another release of the libraries would have left it."""
    with acting(Actor.system("tests", owner.organisation_id), "test.arranged"):
        told = {"libraries": libraries} if libraries else {}
        Result.objects.update(sha256="0" * 64, **told)


def test_the_same_inputs_libraries_and_seed_give_the_same_digest(owner, validator, done):
    before = accepted(owner)
    asked = recomputing.recompute(by=validator, run=done)
    recomputing.work(asked.organisation_id, asked.pk)
    again = only(owner)
    assert (again.status, again.outcome, again.digest) == ("done", "equal", done.result.sha256)
    assert (again.requested_by_id, again.attempts) == (validator.user_id, 1)
    assert again.libraries == done.result.libraries != {}
    assert len(again.figures) == len(before[2]) > 0
    assert accepted(owner) == before


def test_another_answer_is_shown_beside_the_accepted_one(owner, validator, done, client):
    libraries = {**done.result.libraries, "xgboost": "0.9"}
    as_if_measured_otherwise(owner, libraries=libraries)
    with acting(Actor.system("tests", owner.organisation_id), "test.arranged"):
        one = Measurement.objects.exclude(value=None).order_by("pk")[0]
        Measurement.objects.filter(pk=one.pk).update(value=F("value") + 0.25)
    before = accepted(owner)
    asked = recomputing.recompute(by=validator, run=done)
    recomputing.work(asked.organisation_id, asked.pk)
    assert only(owner).outcome == "different" and accepted(owner) == before
    with viewing(owner):
        [again] = recomputations(owner, Run.objects.select_related("result").get())
    [differing] = again.differing
    assert (differing.was, round(differing.difference, 9)) == (one.value + 0.25, -0.25)
    assert ("xgboost", "0.9", done.result.libraries["xgboost"]) in again.other_libraries
    page = sign_in(client, owner).get(f"/runs/{done.pk}/").content.decode()
    for words in ("Another answer", "xgboost 0.9 →", "Figures that differ", "-0.250000", validator.name):
        assert words in page


def test_equal_figures_under_another_digest_are_not_green(owner, validator, done):
    as_if_measured_otherwise(owner)
    asked = recomputing.recompute(by=validator, run=done)
    recomputing.work(asked.organisation_id, asked.pk)
    with viewing(owner):
        [again] = recomputations(owner, Run.objects.select_related("result").get())
    assert (again.asked.outcome, again.status) == ("figures_equal", "uncertain")
    assert "although the library versions are the same" in again.sentence


def test_the_second_line_an_auditor_and_the_supervisor_ask(owner, bank, supervisor, validator, done):
    auditor = join(bank, "auditor", email="auditor@audit.example")
    for who in (validator, auditor, supervisor):
        asked = recomputing.recompute(by=who, run=done)
        assert asked.requested_by_id == who.user_id
        recomputing.work(asked.organisation_id, asked.pk)
    with viewing(owner):
        assert [each.outcome for each in Recomputation.objects.all()] == ["equal"] * 3


def test_nobody_else_does(owner, stranger, administrator, committee, done):
    for who in (owner, administrator, committee[0], stranger):
        with pytest.raises(NotAllowed):
            recomputing.recompute(by=who, run=done)
    with viewing(owner):
        assert not Recomputation.objects.exists()


def test_what_is_underway_is_not_asked_twice(owner, validator, done):
    first = recomputing.recompute(by=validator, run=done)
    assert recomputing.recompute(by=validator, run=done) == first
    recomputing.work(first.organisation_id, first.pk)
    assert recomputing.recompute(by=validator, run=done) != first


def test_a_run_that_has_measured_nothing_cannot_be_computed_again(owner, validator):
    _things, run = due_run(owner, "explanation")
    with pytest.raises(OutOfOrder):
        recomputing.recompute(by=validator, run=run)
    with viewing(owner):
        assert not Recomputation.objects.exists()


def end_lease(owner: Actor) -> None:
    with acting(Actor.system("tests", owner.organisation_id), "test.time_passed"):
        Recomputation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_a_second_delivery_changes_nothing_and_a_zombie_is_refused(owner, validator, done):
    asked = recomputing.recompute(by=validator, run=done)
    worker = Actor.system("checks worker", owner.organisation_id)
    errands, compared = recomputing.errands, recomputing.compared
    zombie = errands.take(worker, asked.pk)
    assert errands.take(worker, asked.pk) is None
    end_lease(owner)
    heir = errands.take(worker, asked.pk)
    assert heir.fence == zombie.fence + 1
    answer = compute.measured(done.check_key, inputs_of(heir.run), lambda percent, phase: True)
    assert errands.finish(worker, zombie, answer, compared) is False
    assert errands.renew(worker, zombie, 50, "drift") is False
    errands.give_back(worker, zombie, "late")
    assert errands.finish(worker, heir, answer, compared) is True
    ended = only(owner)
    assert (ended.outcome, ended.attempts, ended.error) == ("equal", 2, "")
    recomputing.work(asked.organisation_id, asked.pk)
    assert only(owner) == ended and only(owner).attempts == 2


def test_one_whose_workers_always_vanish_ends_and_says_so(owner, validator, done):
    asked = recomputing.recompute(by=validator, run=done)
    worker = Actor.system("checks worker", owner.organisation_id)
    for _attempt in range(MOST_ATTEMPTS):
        assert recomputing.errands.take(worker, asked.pk)
        end_lease(owner)
    assert recomputing.errands.take(worker, asked.pk) is None
    assert (only(owner).status, only(owner).error) == ("failed", "died")
    with viewing(owner):
        [again] = recomputations(owner, done)
    assert again.status == "not_run" and "stopped answering" in again.sentence


def test_a_damaged_file_is_said_after_the_last_attempt(owner, validator, done, home):
    with viewing(owner):
        digest = done.window.sha256
    [stored] = [each for each in home.rglob(f"*{digest[4:]}*") if each.is_file()]
    stored.chmod(0o600)
    stored.write_bytes(b"not what was handed in")
    asked = recomputing.recompute(by=validator, run=done)
    for _attempt in range(MOST_ATTEMPTS):
        recomputing.work(asked.organisation_id, asked.pk)
    assert (only(owner).status, only(owner).error) == ("failed", "damaged")


def test_the_button_is_for_those_who_may_and_the_page_asks_until_it_has_ended(owner, validator, done, client):
    address = f"/runs/{done.pk}/recompute/"
    sign_in(client, owner)
    assert "Compute it again" not in client.get(f"/runs/{done.pk}/").content.decode()
    assert client.post(address).status_code == 403
    sign_in(client, validator)
    assert "Compute it again" in client.get(f"/runs/{done.pk}/").content.decode()
    assert client.post(address).status_code == 302
    part = f"/runs/{done.pk}/recomputations/"
    assert "every 2s" in client.get(part).content.decode()
    recomputing.work(owner.organisation_id, only(owner).pk)
    ended = client.get(part).content.decode()
    assert "every 2s" not in ended and "The same to the last digit" in ended


def test_programs_ask_and_read(owner, administrator, bank, stranger, client, done):
    def call(method: str, path: str, *scopes: str):
        _token, secret = people.issue_token(
            by=administrator, organisation=bank, name="CI", scopes=list(scopes), days=1
        )
        return getattr(client, method)(f"/api/v1/runs/{path}", HTTP_AUTHORIZATION=f"Bearer {secret}")

    assert call("post", f"{done.pk}/recompute", "models:read").status_code == 403
    asked = call("post", f"{done.pk}/recompute", "windows:write")
    assert (asked.status_code, asked.json()["status"], asked.json()["outcome"]) == (202, "due", "")
    recomputing.work(owner.organisation_id, only(owner).pk)
    [again] = call("get", f"{done.pk}/recomputations", "models:read").json()
    assert (again["outcome"], again["sha256_now"]) == ("equal", again["sha256_was"])
    assert again["verdict_now"] == again["verdict_was"] and again["libraries_now"] == again["libraries_was"]
    assert {"metric", "was", "now"} <= set(again["figures"][0])
    _things, theirs = due_run(stranger, "explanation", number="M-0009")
    assert call("post", f"{theirs.pk}/recompute", "windows:write").status_code == 404
    assert call("get", f"{theirs.pk}/recomputations", "models:read").status_code == 404


@pytest.mark.parametrize("times", [1, 3])
def test_three_cost_as_many_queries_as_one(
    owner, validator, done, client, times, django_assert_max_num_queries
):
    for _again in range(times):
        asked = recomputing.recompute(by=validator, run=done)
        recomputing.work(asked.organisation_id, asked.pk)
    sign_in(client, owner)
    with django_assert_max_num_queries(16):
        client.get(f"/runs/{done.pk}/recomputations/")
