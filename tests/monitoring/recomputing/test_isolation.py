"""How far apart a model's file was run is a fact of that run: the digest of its result is the same on another machine."""

from __future__ import annotations

import json

import pytest

from governance import store
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.engines.results import canonical_json
from monitoring.runs import isolation
from monitoring.runs import services as runs
from monitoring.runs.isolation import Standing
from monitoring.runs.models import Result, Run
from monitoring.runs.words import isolation as isolation_in_words
from monitoring.sandbox.levels import PROCESS
from monitoring.sandbox.proof import Proof
from tests.factories import sign_in
from tests.monitoring.recomputing.conftest import its_run, recomputed
from tests.monitoring.runs.conftest import due_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]


@pytest.fixture
def on_a_mere_process(monkeypatch) -> None:
    """A machine whose kernel holds nothing apart, where the operator allows that."""
    monkeypatch.setattr(isolation, "standing", lambda: Standing(PROCESS, Proof(PROCESS)))


@pytest.fixture
def done(owner) -> Run:
    """Made by the best sandbox of this machine."""
    _things, run = due_run(owner, "explanation")
    runs.work(run.pk)
    return its_run(owner)


def of_before(owner: Actor, run: Run) -> bytes:
    """The result as it was stored before: how far apart it was made stands inside, under the digest. The former bytes."""
    apart = {"level": "namespaces", "layers": ["user", "seccomp"]}
    told = json.loads(store.read(run.organisation_id, run.result.sha256))
    content = canonical_json({**told, "isolation": apart})
    with acting(Actor.system("tests", owner.organisation_id), "test.arranged"):
        summary = {**run.result.summary, "isolation": "namespaces"}
        sha256 = store.put(run.organisation_id, content).sha256
        Result.objects.filter(pk=run.result.pk).update(sha256=sha256, summary=summary, isolation=None)
    return content


def test_another_level_on_another_machine_gives_the_same_digest(owner, validator, done, on_a_mere_process):
    assert done.result.isolation["layers"] != [] and done.result.isolation_level
    found = recomputed(owner, validator, done)
    assert (found.outcome, found.digest) == ("equal", done.result.sha256)


def test_two_runs_at_two_levels_have_one_digest_and_say_each_its_own(owner, done, monkeypatch):
    monkeypatch.setattr(isolation, "standing", lambda: Standing(PROCESS, Proof(PROCESS)))
    [second] = runs.start(by=owner, model=done.model)
    runs.work(second.pk)
    with viewing(owner):
        one, other = Result.objects.order_by("at")
    assert one.sha256 == other.sha256
    assert other.isolation["level"] == PROCESS and other.isolation != one.isolation


def test_a_result_of_before_keeps_its_digest_and_still_comes_out_the_same(
    owner, validator, done, on_a_mere_process, client
):
    content = of_before(owner, done)
    former = its_run(owner)
    assert former.result.sha256 != done.result.sha256
    found = recomputed(owner, validator, former)
    assert (found.status, found.error) == ("done", "")
    assert (found.outcome, found.digest) == ("equal", former.result.sha256)
    assert store.read(former.organisation_id, former.result.sha256) == content
    page = sign_in(client, owner).get(f"/runs/{former.pk}/").content.decode()
    assert str(isolation_in_words("namespaces")) in page


def test_a_result_of_before_that_comes_out_otherwise_is_not_called_equal(owner, validator, done):
    of_before(owner, done)
    with viewing(owner):
        told = json.loads(store.read(done.organisation_id, Result.objects.get().sha256))
    told["libraries"] = {**told["libraries"], "xgboost": "0.9"}
    with acting(Actor.system("tests", owner.organisation_id), "test.arranged"):
        stored = store.put(done.organisation_id, canonical_json(told))
        Result.objects.update(sha256=stored.sha256, libraries=told["libraries"])
    assert recomputed(owner, validator, its_run(owner)).outcome == "figures_equal"


def test_a_result_of_before_whose_file_is_damaged_is_said_so(owner, validator, done):
    of_before(owner, done)
    with acting(Actor.system("tests", owner.organisation_id), "test.arranged"):
        Result.objects.update(sha256="0" * 64)
    found = recomputed(owner, validator, its_run(owner))
    assert (found.status, found.error, found.outcome) == ("due", "damaged", "")
