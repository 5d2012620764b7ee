"""A run whose check has another version by now: both versions are told, and which figures differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from governance.people import services as people
from governance.people.acting import viewing
from governance.people.actor import Actor
from monitoring.checks import CHECKS
from monitoring.checks.check import Inputs
from monitoring.recomputing.queries import Again, recomputations
from monitoring.runs import services as runs
from monitoring.runs.models import Run
from tests.factories import sign_in
from tests.monitoring.recomputing.conftest import its_run, recomputed
from tests.monitoring.runs.conftest import due_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]
NEWER = "99"


@pytest.fixture
def done(owner) -> Run:
    _things, run = due_run(owner, "drift")
    runs.work(run.pk)
    return its_run(owner)


def again(owner: Actor, validator: Actor, run: Run) -> Again:
    recomputed(owner, validator, run)
    with viewing(owner):
        return recomputations(owner, its_run(owner))[0]


def by_another_distance(inputs: Inputs) -> dict[str, Any]:
    """What a newer version of the check might do: measure the same by other means."""
    given: dict[str, Any] = CHECKS["drift"].limits_of({**inputs.limits, "numeric_method": "wasserstein"})
    return dict(OF_TODAY.measure(replace(inputs, limits=given)))


OF_TODAY = CHECKS["drift"]


def test_figures_that_another_version_measures_otherwise_are_told_with_both(
    owner, validator, done, client, monkeypatch
):
    monkeypatch.setitem(CHECKS, "drift", replace(OF_TODAY, version=int(NEWER), measure=by_another_distance))
    found = again(owner, validator, done)
    assert (found.asked.outcome, found.asked.check_version) == ("different", NEWER)
    assert found.other_check == (done.check_version, NEWER) and found.differing
    assert f"the version of the check was {done.check_version} and is {NEWER}" in found.sentence
    page = sign_in(client, owner).get(f"/runs/{done.pk}/").content.decode()
    assert f"{done.check_version} → {NEWER}" in page and "Figures that differ" in page


def test_the_same_figures_by_another_version_are_not_called_equal(owner, validator, done, monkeypatch):
    monkeypatch.setitem(CHECKS, "drift", replace(OF_TODAY, version=int(NEWER)))
    found = again(owner, validator, done)
    assert (found.asked.outcome, found.status, found.differing) == ("figures_equal", "uncertain", [])
    assert f"because the version of the check was {done.check_version} and is {NEWER}" in found.sentence


def test_the_same_version_is_told_once(owner, validator, done, client):
    found = again(owner, validator, done)
    assert (found.asked.outcome, found.other_check) == ("equal", None)
    assert found.asked.check_version == done.check_version == str(OF_TODAY.version)
    page = sign_in(client, owner).get(f"/runs/{done.pk}/recomputations/").content.decode()
    assert f"<dt>Version of the check</dt><dd>{done.check_version}</dd>" in page


def test_programs_read_both_versions_and_which_figures_differ(
    owner, administrator, bank, validator, done, client, monkeypatch
):
    monkeypatch.setitem(CHECKS, "drift", replace(OF_TODAY, version=int(NEWER), measure=by_another_distance))
    again(owner, validator, done)
    _token, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["models:read"], days=1
    )
    said = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    [told] = client.get(f"/api/v1/runs/{done.pk}/recomputations", **said).json()
    assert (told["check_version_was"], told["check_version_now"]) == (done.check_version, NEWER)
    differing = [each["metric"] for each in told["figures"] if each["differs"]]
    assert differing and len(differing) < len(told["figures"])
    assert all(
        each["differs"] == ((each["was"], each["n_was"]) != (each["now"], each["n_now"]))
        for each in told["figures"]
    )


@pytest.fixture
def done_by_what_is_gone(done: Run) -> Iterator[Run]:
    """The register without its check; afterwards in its old order, which a key put back alone would have lost."""
    kept = dict(CHECKS)
    del CHECKS["drift"]
    yield done
    CHECKS.clear()
    CHECKS.update(kept)


def test_a_check_whose_package_is_gone_ends_it_with_the_reason(owner, validator, done_by_what_is_gone):
    found = again(owner, validator, done_by_what_is_gone)
    assert (found.asked.status, found.asked.error) == ("failed", "check_is_gone")
    assert "not installed here any more" in found.sentence
