"""A plan by the frozen baseline: the reference is frozen once, each current data period is read once, results name both."""

from __future__ import annotations

import hashlib
import json

import pytest

from governance import store
from governance.errors import RuleBroken
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.baselines import services as baselines
from monitoring.baselines.models import Baseline, Scan
from monitoring.checks import CHECKS, measure
from monitoring.data.models import Window
from monitoring.recomputing import services as recomputing
from monitoring.recomputing.models import Recomputation
from monitoring.runs import services as runs
from monitoring.runs.inputs import inputs_of
from monitoring.runs.models import Plan, Result
from tests.factories import sign_in
from tests.monitoring.baselines.conftest import FROZEN
from tests.monitoring.loans import Loans, a_version, a_window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]


def answered(owner: Actor, things: Loans) -> list[Result]:
    """Every planned question has been asked and answered; the results, the oldest first."""
    for run in runs.start(by=owner, model=things.model):
        runs.work(run.pk)
    with viewing(owner):
        there = Result.objects.select_related(
            "run__version", "run__reference", "run__window", "run__plan__dataset"
        )
        return list(there.order_by("at"))


def told(result: Result) -> dict:
    return json.loads(store.read(result.organisation_id, result.sha256))


def kept(owner: Actor) -> tuple[list[Baseline], list[Scan]]:
    with viewing(owner):
        return list(Baseline.objects.all()), list(Scan.objects.all())


def test_the_first_run_freezes_the_reference_and_its_result_names_the_baseline(owner, things):
    [result] = answered(owner, things)
    [baseline], [scan] = kept(owner)
    said = told(result)

    assert said["method"]["name"] == "frozen_baseline" and said["baseline"] == baseline.sha256
    assert said["inputs"]["baseline"] == baseline.sha256
    assert said["inputs"]["reference"] == things.windows["reference"].sha256
    assert "kept" not in said and "evidently" not in said["libraries"]
    assert (result.summary["method"], result.summary["baseline"]) == ("frozen_baseline", baseline.sha256)
    assert (baseline.window_id, scan.window_id) == (
        things.windows["reference"].pk,
        things.windows["current"].pk,
    )
    content = store.read(owner.organisation_id, baseline.sha256)
    assert hashlib.sha256(content).hexdigest() == baseline.sha256 and len(content) == baseline.size
    document = json.loads(content)
    assert document["window"] == things.windows["reference"].sha256 and document["rows"] == 1682


def test_a_run_of_another_version_reads_what_the_first_one_found(owner, things):
    [first] = answered(owner, things)
    before = kept(owner)
    a_version(owner, things.model, "2.0", bare=True)
    with viewing(owner):
        second = Result.objects.exclude(pk=first.pk)
        assert not second.exists()
    results = answered(owner, things)

    assert {each.run.version.label for each in results} == {"1.0", "2.0"}
    assert [each.pk for those in kept(owner) for each in those] == [
        each.pk for those in before for each in those
    ]
    assert len({json.dumps(told(each)["features"]) for each in results}) == 1


def test_once_frozen_the_reference_is_not_opened_again(owner, things, home):
    """Its file is gone, and a run of another version answers all the same."""
    [first] = answered(owner, things)
    for path in home.rglob(things.windows["reference"].sha256):
        path.unlink()
    a_version(owner, things.model, "2.0", bare=True)
    results = answered(owner, things)

    assert [each.run.status for each in results] == ["done"] * len(results) and len(results) >= 2
    assert {told(each)["baseline"] for each in results} == {told(first)["baseline"]}


def test_once_scanned_the_current_data_period_is_not_passed_over_again(owner, things):
    """What the next run tells is what was kept: here of a window that is twice as long."""
    [first] = answered(owner, things)
    [_baseline], [scan] = kept(owner)
    document = json.loads(store.read(owner.organisation_id, scan.sha256))
    stored = store.put(owner.organisation_id, json.dumps({**document, "rows": 2 * document["rows"]}).encode())
    with acting(Actor.system("tests", owner.organisation_id), "test.arranged"):
        Scan.objects.update(sha256=stored.sha256)
    a_version(owner, things.model, "2.0", bare=True)
    second = next(each for each in answered(owner, things) if each.run.version.label == "2.0")

    assert told(second)["rows"]["current"] == 2 * told(first)["rows"]["current"]


def test_what_is_kept_stands_for_the_rows(owner, things, tmp_path):
    """Neither file of rows is opened any more: the same answer comes without them."""
    [result] = answered(owner, things)
    with viewing(owner):
        inputs = inputs_of(result.run)
        [scan] = Scan.objects.all()
    assert inputs.reference is None
    gone = tmp_path / "gone.parquet"
    gone.write_bytes(b"PAR1 and no row")
    from dataclasses import replace

    found = measure(
        "drift", replace(inputs, current=gone, scan=store.path(scan.organisation_id, scan.sha256))
    )
    assert [each["score"] for each in found["features"]] == pytest.approx(
        [each["score"] for each in told(result)["features"]], rel=1e-11
    )


def test_other_limits_and_another_method_need_no_further_pass(owner, things):
    answered(owner, things)
    other = {**FROZEN, "numeric_method": "wasserstein", "feature_score": 0.2}
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift", limits=other, reason="distance")
    results = answered(owner, things)

    assert {each["method"] for each in told(results[-1])["features"]} == {"wasserstein"}
    assert [len(each) for each in kept(owner)] == [1, 1]


def test_the_next_data_period_is_read_once_over_the_same_baseline(owner, things):
    answered(owner, things)
    a_window(owner, things.dataset, name="later", file=_some_rows(), file_name="later.csv")
    results = answered(owner, things)

    [baseline], scans = kept(owner)
    assert len(scans) == 2 and {each.baseline_id for each in scans} == {baseline.pk}
    assert {told(each)["baseline"] for each in results} == {baseline.sha256}


def test_computed_again_it_has_the_same_digest(owner, validator, things):
    [result] = answered(owner, things)
    before = kept(owner)
    asked = recomputing.recompute(by=validator, run=result.run)
    recomputing.work(asked.organisation_id, asked.pk)
    with viewing(owner):
        again = Recomputation.objects.get()

    assert (again.status, again.outcome, again.digest) == ("done", "equal", result.sha256)
    assert [len(each) for each in kept(owner)] == [len(each) for each in before] == [1, 1]


def test_of_two_that_freeze_at_once_the_first_one_counts(owner, things):
    worker = Actor.system("checks worker", owner.organisation_id)
    windows = {"reference": things.windows["reference"], "current": things.windows["current"]}
    assert baselines.keep(by=worker, **windows, made={"baseline": "{}", "scan": "[]"})
    assert not baselines.keep(by=worker, **windows, made={"baseline": "{ }", "scan": "[1]"})
    assert baselines.keep(by=worker, **windows, made={"baseline": "{}", "scan": "[2]"})
    [baseline], [scan] = kept(owner)
    assert store.read(owner.organisation_id, baseline.sha256) == b"{}"
    assert store.read(owner.organisation_id, scan.sha256) == b"[]"


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        ({"limits_from": "own_periods"}, "frozen_has_no_periods"),
        ({"numeric_method": "evidently"}, "frozen_names_its_method"),
    ],
)
def test_a_plan_that_needs_the_rows_of_the_reference_is_refused(owner, things, limits, rule):
    chosen = {**FROZEN, **limits}
    with pytest.raises(RuleBroken) as refused:
        runs.set_plan(by=owner, dataset=things.dataset, check_key="drift", limits=chosen, reason="x")
    assert ["frozen baseline keeps none" in str(each.what) for each in refused.value.problems] == [True]
    assert refused.value.problems[0].where == "cells"
    with acting(owner, "test.arranged"):  # as it could be set before
        Plan.objects.filter(ended_at=None).update(limits=CHECKS["drift"].limits_of(chosen))
    [result] = answered(owner, things)

    assert (result.verdict, result.summary["refused"]) == ("not_run", rule)
    assert kept(owner) == ([], [])


def test_a_plan_as_evidently_keeps_nothing_and_is_named(owner, things):
    runs.set_plan(by=owner, dataset=things.dataset, check_key="drift")
    [result] = answered(owner, things)

    assert told(result)["method"]["name"] == result.summary["method"] == "evidently_equal"
    assert kept(owner) == ([], [])


def _some_rows():
    from tests.monitoring.loans import csv

    return csv("current", rows=200)


def test_the_page_says_the_method_and_offers_the_baseline(owner, stranger, things, client):
    [result] = answered(owner, things)
    [baseline], _scans = kept(owner)
    page = sign_in(client, owner).get(f"/runs/{result.run_id}/").content.decode()
    assert "frozen baseline: cells, categories and counts of the reference" in page
    address = f"/windows/{things.windows['reference'].pk}/baseline/"
    assert address in page and baseline.sha256[:12] in page

    file = client.get(address)
    assert file.content == store.read(owner.organisation_id, baseline.sha256)
    assert "attachment" in file["Content-Disposition"]
    sign_in(client, stranger)
    assert client.get(address).status_code == 404


def test_a_data_period_without_a_baseline_has_none_to_download(owner, things, client):
    with viewing(owner):
        current = Window.objects.get(part="current")
    sign_in(client, owner)
    assert client.get(f"/windows/{current.pk}/baseline/").status_code == 404


def test_the_plan_s_page_offers_both(owner, things, client):
    page = sign_in(client, owner).get(f"/datasets/{things.dataset.pk}/checks/drift/").content.decode()
    assert '<option value="frozen_baseline" selected>' in page and '<option value="evidently_equal">' in page
