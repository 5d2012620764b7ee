"""Nothing is expected of a description that has ended or taken in under it; what was found by it is settled."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pandas as pd
import pytest
from django.db.models import F
from django.utils import timezone

from governance.errors import OutOfOrder
from governance.obligations.models import Evidence
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from monitoring.declaring import services as declaring
from monitoring.declaring.rules import Said
from monitoring.editions import services as editions
from monitoring.labels import services as labels
from monitoring.runs import services as runs
from monitoring.runs import telling
from monitoring.runs.models import Finding, Run
from monitoring.shielding import services as shielding
from monitoring.sources import services as sources
from monitoring.uploads import services as uploads
from tests.monitoring.arrivals.conftest import applications, hand_in, look_through, told
from tests.monitoring.editions.conftest import WRONG, corrected
from tests.monitoring.loans import FEATURES, Loans, a_model, a_window, csv, loans
from tests.monitoring.runs.conftest import a_period, answer, run_of
from tests.on_the_way import PLACE

pytestmark = pytest.mark.django_db
DATED = {"features": FEATURES, "prediction": "approve", "identifier": "case", "time": "day"}


def closed(owner) -> dict[str, str]:
    with viewing(owner):
        return {each.kind: each.closing.get("cause", "") for each in Finding.objects.all()}


@pytest.fixture
def dated(owner) -> Dataset:
    return data.describe(by=owner, model=a_model(owner), name="Applications", **DATED)


def test_what_was_found_by_a_wrong_description_is_settled(owner, things):
    a_period(owner, things.dataset, "current")
    runs.catch_up(owner.organisation_id)
    answer(run_of(owner, "fairness", "current"), "failed")
    edition = corrected(owner, things.dataset)
    runs.catch_up(owner.organisation_id)
    runs.catch_up(owner.organisation_id)

    with viewing(owner):
        [finding] = Finding.objects.filter(kind="check")
    assert (finding.closing, telling.closed(finding.closing)) == (
        {"cause": "dataset_replaced", "version": edition.dataset.version},
        "The description of the data was corrected: version 2 took its place.",
    )
    assert closed(owner) == {"check": "dataset_replaced"}


def test_nothing_is_late_of_a_dataset_that_has_ended(owner, things):
    """A data period is overdue and a check that waits is late, until the dataset is retired."""
    ago = timedelta(days=60)
    a_period(owner, things.dataset, "current")
    runs.catch_up(owner.organisation_id)
    with acting(Actor.system("tests", owner.organisation_id), "test.time_passed"):
        Dataset.objects.update(expected_every_days=7)
        Window.objects.update(uploaded_at=F("uploaded_at") - ago)
        Run.objects.update(scheduled_at=F("scheduled_at") - ago)
    runs.catch_up(owner.organisation_id)
    assert closed(owner) == {"window_missing": "", "tick_missed": ""}

    editions.retire(by=owner, dataset=things.dataset, reason="Sold.")
    for _sweep in range(2):
        runs.catch_up(owner.organisation_id)
    assert closed(owner) == {"window_missing": "dataset_retired", "tick_missed": "dataset_retired"}


def test_the_next_data_period_is_expected_from_the_new_version_on(owner, things):
    with acting(Actor.system("tests", owner.organisation_id), "test.time_passed"):
        Dataset.objects.update(expected_every_days=7, created_at=timezone.now() - timedelta(days=60))
    edition = corrected(owner, things.dataset, expected_every_days=7)
    runs.catch_up(owner.organisation_id)
    assert closed(owner) == {}
    assert edition.dataset.created_at.date() == timezone.now().date()


@pytest.fixture
def measured(owner, preloaded) -> tuple[Loans, Run]:
    """Fairness was measured over real applications."""
    things = loans(owner, bare=True)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="fairness")
    [run] = runs.start(by=owner, model=things.model)
    runs.work(run.pk)
    return things, run


def test_a_contradiction_that_was_declared_is_settled_for_good(owner, measured):
    things, _run = measured
    said = {"version": things.version, "window": things.windows["current"]}
    figures = [Said("fairness", "selection_rate", 0.01, 200, "male=1")]
    declaring.declare(by=owner, figures=figures, **said)
    declaring.catch_up(owner.organisation_id)
    assert closed(owner)["declared"] == ""

    editions.retire(by=owner, dataset=things.dataset, reason="Sold.")
    for _sweep in range(2):
        runs.catch_up(owner.organisation_id)
        declaring.catch_up(owner.organisation_id)
    assert set(closed(owner).values()) == {"dataset_retired"}
    with pytest.raises(OutOfOrder, match="is retired"):
        declaring.declare(by=owner, figures=figures, **said)


def test_evidence_that_rests_on_a_wrong_description_is_taken_back(owner, measured):
    things, run = measured
    with viewing(owner):
        assert Evidence.objects.standing().filter(source_id=run.pk).count() == 1
    corrected(owner, things.dataset)
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        assert not Evidence.objects.standing().filter(source_id=run.pk).exists()
        assert Run.objects.get(pk=run.pk).result.verdict == "failed"  # what was measured stays readable


def test_the_same_data_under_the_new_version_are_measured_by_it(owner, measured):
    """The other outcome is the favourable one: the rates of the groups are those that are left of one."""
    things, before = measured
    edition = corrected(owner, things.dataset)
    for part in ("reference", "current"):
        a_window(owner, edition.dataset, part)
    [after] = [each for each in runs.start(by=owner, model=things.model) if each.pk != before.pk]
    runs.work(after.pk)
    with viewing(owner):
        rates = dict(
            Run.objects.get(pk=after.pk)
            .result.measurements.filter(metric="selection_rate", subject__startswith="white=")
            .values_list("subject", "value")
        )
    refused = 1 - pd.read_csv(csv("current")).groupby("white")["approve"].mean()
    assert rates and all(
        rate == pytest.approx(refused[int(subject.removeprefix("white="))]) for subject, rate in rates.items()
    )


def test_nothing_is_taken_in_under_a_description_that_has_ended(owner, administrator, bank):
    things = loans(owner, bare=True)
    window, dataset = things.windows["current"], things.dataset
    corrected(owner, dataset)
    rows = {"file": csv(), "file_name": "rows.csv"}
    begun = {"name": "x", "part": "current", "file_name": "x.csv", "size": 9, "digest": "0" * 64}
    source = sources.register(
        by=administrator, organisation=bank, name="Warehouse", database=sources.Database(**PLACE)
    )
    table = {"table": "decisions", "period_column": "day", "begins_on": date(2026, 1, 1)}
    for deed in (
        lambda: data.add_window(by=owner, dataset=dataset, name="new", part="current", **rows),
        lambda: data.correct_window(by=owner, window=window, reason="Wrong month.", **rows),
        lambda: uploads.begin(by=owner, dataset=dataset, **begun),
        lambda: labels.add(by=owner, window=window, **rows),
        lambda: shielding.protect(by=owner, dataset=dataset, personal=True, bank_secret=True),
        lambda: sources.feed(by=administrator, source=source, dataset=dataset, **table),
    ):
        with pytest.raises(OutOfOrder, match="Version 2 of this description has taken its place"):
            deed()
    with viewing(owner):
        assert Window.objects.count() == 2


def test_an_upload_that_was_underway_is_not_taken_in(owner, things):
    content = csv().read()
    digest = hashlib.sha256(content).hexdigest()
    said = {"name": "x", "part": "current", "file_name": "x.csv", "size": len(content), "digest": digest}
    upload = uploads.begin(by=owner, dataset=things.dataset, **said)
    upload, _stayed = uploads.receive(by=owner, upload=upload, offset=0, pieces=[content])
    corrected(owner, things.dataset)
    with pytest.raises(OutOfOrder, match="Version 2"):
        uploads.finish(by=owner, upload=upload)


def test_a_table_feeds_no_description_that_has_ended(owner, administrator, bank, dated):
    source = sources.register(
        by=administrator, organisation=bank, name="Warehouse", database=sources.Database(**PLACE)
    )
    table = {"table": "decisions", "period_column": "day", "begins_on": date(2026, 1, 1)}
    feed = sources.feed(by=administrator, source=source, dataset=dated, **table)
    edition = corrected(owner, dated, **DATED)
    assert edition.was_fed
    with pytest.raises(OutOfOrder):
        sources.end_feed(by=administrator, feed=feed)
    sources.feed(by=administrator, source=source, dataset=edition.dataset, **table)


def test_what_is_handed_in_again_is_no_copy(owner, dated):
    frame = applications(0, 200, timezone.localdate() - timedelta(days=40))
    first = hand_in(owner, dated, "january", frame)
    look_through(owner)
    edition = corrected(owner, dated, **DATED, sensitive=[])
    again = hand_in(owner, edition.dataset, "january", frame)
    look_through(owner)
    assert again.sha256 == first.sha256
    assert (told(owner, first), told(owner, again)) == ({}, {})

    twice = hand_in(owner, edition.dataset, "february", frame)
    look_through(owner)
    assert told(owner, twice)[("window_copied", "same_file")] == "red"


def test_a_copy_in_another_dataset_is_still_one(owner, dated):
    frame = applications(0, 200, timezone.localdate() - timedelta(days=40))
    hand_in(owner, dated, "january", frame)
    other = data.describe(by=owner, model=dated.model, name="Branch network", **DATED)
    copied = hand_in(owner, other, "january", frame)
    look_through(owner)
    assert told(owner, copied)[("window_copied", "same_file")] == "red"


def test_what_arrived_just_before_the_end_is_not_looked_through(owner, dated):
    frame = applications(0, 200, timezone.localdate() - timedelta(days=40))
    hand_in(owner, dated, "january", frame)
    hand_in(owner, dated, "february", frame)  # a copy, had anybody looked
    editions.retire(by=owner, dataset=dated, reason=WRONG)
    look_through(owner)
    assert closed(owner) == {}
