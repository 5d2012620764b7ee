"""Data that come late, twice, from another period or dated back are findings as soon as they are there."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from django.utils import timezone

from governance.errors import RuleBroken
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.arrivals import services as arrivals
from monitoring.arrivals import words
from monitoring.arrivals.models import MOST_ATTEMPTS, Arrival
from monitoring.arrivals.rules import limits
from monitoring.data import services as data
from monitoring.data.models import Window
from monitoring.runs import services as runs
from monitoring.runs import telling
from monitoring.runs.models import Finding, Measurement, Result
from monitoring.runs.models import Run as RunRow
from tests.factories import sign_in
from tests.monitoring.arrivals.conftest import (
    applications,
    days_pass,
    expect_monthly,
    hand_in,
    look_through,
    told,
)
from tests.monitoring.loans import a_version
from tests.reference import needs_reference_data, of_set

pytestmark = pytest.mark.django_db


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def a_month(first: int, ends: int, rows: int = 200):
    """So many real applications of the 28 days that end `ends` days from today."""
    return applications(first, rows, today(ends - 27))


@pytest.fixture
def january(owner, dataset) -> Window:
    return hand_in(owner, dataset, "january", a_month(0, -40))


def test_a_sound_period_in_time_is_looked_through_and_nothing_is_found(owner, dataset, january):
    look_through(owner)
    assert told(owner, january) == {}
    with viewing(owner):
        arrival = Arrival.objects.get()
        assert not Finding.objects.exists()
    assert arrival.looked_at is not None and arrival.counted["edition"] == limits()["edition"]
    assert (arrival.counted["rows"], arrival.counted["repeated_rows"], arrival.counted["repeated_ids"]) == (
        200,
        0,
        0,
    )


def test_nothing_is_looked_at_while_the_person_waits(owner, january):
    """The request takes the file in; a sweep notices it, and a worker finds what is wrong."""
    with viewing(owner):
        assert not Arrival.objects.exists() and not Finding.objects.exists()


def test_a_late_period_says_by_how_many_days_until_one_comes_in_time(owner, dataset, january):
    expect_monthly(owner, dataset)
    days_pass(owner, 38)
    late = hand_in(owner, dataset, "february", applications(200, 200, today(-1), 1))
    look_through(owner)
    assert told(owner, late) == {("window_late", "late"): "amber"}
    with viewing(owner):
        said = telling.found(Finding.objects.get())
    assert said.endswith("and came 10 days late.") and said.startswith("It was expected on ")
    days_pass(owner, 2)
    in_time = hand_in(owner, dataset, "march", applications(400, 200, today(), 1))
    look_through(owner)
    assert told(owner, in_time) == {}
    assert told(owner, late) == {("window_late", "late"): "passed_later"}


def test_two_periods_late_is_red_and_a_correction_is_never_late(owner, dataset, january):
    expect_monthly(owner, dataset)
    days_pass(owner, 70)
    very_late = hand_in(owner, dataset, "april", applications(200, 200, today(-1), 1))
    look_through(owner)
    assert told(owner, january) == {}
    with viewing(owner):
        before = Finding.objects.count()
    corrected = data.correct_window(
        by=owner,
        window=very_late,
        reason="wrong file",
        file=io.BytesIO(applications(500, 200, today(-1), 1).to_csv(index=False).encode()),
        file_name="april.csv",
    )
    look_through(owner)
    assert before == 1 and told(owner, corrected) == {}


def test_repeated_rows_and_numbers_are_found_over_all_rows(owner, dataset, january):
    month = a_month(200, -10, 100)
    twice = pd.concat([month, month.head(15)])
    window = hand_in(owner, dataset, "february", twice)
    look_through(owner)
    assert told(owner, window) == {
        ("window_repeated", "repeated_rows"): "red",
        ("window_repeated", "repeated_ids"): "red",
    }
    with viewing(owner):
        said = {telling.found(each) for each in Finding.objects.filter(window=window)}
    assert "13.0 % of its rows have a number that another row has (15 of 115)." in said


def test_the_reference_says_what_is_usual_where_no_column_numbers_the_rows(owner, dataset):
    """Without numbers rows that are alike may be two people: only what goes beyond the reference counts."""
    bare = data.describe(by=owner, model=dataset.model, name="Bare", features=["dep", "unem"])
    frame = applications(0, 300, today(-40))[["dep", "unem"]]
    hand_in(owner, bare, "reference", frame, part="reference")
    alike = hand_in(owner, bare, "alike", applications(300, 300, today(-40))[["dep", "unem"]])
    look_through(owner)
    assert told(owner, alike) == {}


def test_the_same_file_under_another_name_is_a_copy(owner, dataset, january):
    again = hand_in(owner, dataset, "again", a_month(0, -40))
    look_through(owner)
    assert told(owner, again)[("window_copied", "same_file")] == "red"
    assert told(owner, january) == {}, "of two that are alike the later one is the copy"


def test_rows_of_another_period_under_new_numbers_and_dates_are_a_copy(owner, dataset, january):
    copied = a_month(0, -5)
    copied["case"] += 90_000
    forged = hand_in(owner, dataset, "february", copied)
    look_through(owner)
    assert told(owner, forged) == {("window_copied", "copied_content"): "red"}
    with viewing(owner):
        said = telling.found(Finding.objects.get())
    assert said.endswith(
        " of its 200 rows are in the data period “january” as well, but for their numbers and dates."
    )


def test_a_few_rows_that_two_periods_share_are_no_copy(owner, dataset, january):
    fresh = pd.concat([a_month(0, -5, 40), a_month(200, -5, 160)])
    window = hand_in(owner, dataset, "february", fresh)
    look_through(owner)
    assert told(owner, window) == {}


def test_an_old_period_handed_in_after_newer_ones_is_dated_back(owner, dataset, january):
    old = hand_in(owner, dataset, "long ago", a_month(200, -120))
    older = hand_in(owner, dataset, "longer ago", a_month(400, -400))
    look_through(owner)
    assert told(owner, old) == {("window_backdated", "dated_back"): "amber"}
    assert told(owner, older) == {("window_backdated", "dated_back"): "red"}


def test_history_handed_in_in_its_order_is_neither_late_nor_dated_back(owner, dataset):
    expect_monthly(owner, dataset)
    windows = [hand_in(owner, dataset, f"{n}", a_month(200 * n, 30 * n - 300)) for n in range(3)]
    look_through(owner)
    assert [told(owner, each) for each in windows] == [{}, {}, {}]


def test_periods_that_share_days_are_a_finding_until_one_is_withdrawn(owner, dataset, january):
    overlapping = hand_in(owner, dataset, "february", a_month(200, -35))
    look_through(owner)
    assert told(owner, overlapping) == {("window_backdated", "overlaps"): "amber"}
    data.withdraw_window(by=owner, window=january, reason="wrong month")
    look_through(owner)
    assert told(owner, overlapping) == {("window_backdated", "overlaps"): "window_withdrawn"}


def test_rows_outside_of_the_days_that_were_said_are_refused_or_found(owner, dataset, january):
    with pytest.raises(RuleBroken, match="not taken in"):
        hand_in(owner, dataset, "february", a_month(200, -5), starts_on=today(-20))
    with acting(Actor.system("tests", owner.organisation_id), "test.arranged"):
        Window.objects.filter(pk=january.pk).update(starts_on=today(-50))
    look_through(owner)
    assert told(owner, january) == {("window_backdated", "outside"): "red"}


def test_a_second_sweep_and_a_second_delivery_change_nothing(owner, dataset, january):
    again = hand_in(owner, dataset, "again", a_month(0, -40))
    look_through(owner)
    with viewing(owner):
        before = list(Finding.objects.order_by("pk").values_list("pk", "seen_at"))
        arrival = Arrival.objects.get(window=again)
    assert not arrivals.look(owner.organisation_id, arrival.pk)
    look_through(owner)
    with viewing(owner):
        assert list(Finding.objects.order_by("pk").values_list("pk", "seen_at")) == before


def test_what_nobody_could_look_through_is_a_finding(owner, dataset, january, home):
    """Its file is gone; what is wrong on record is found all the same."""
    with viewing(owner):
        sha256 = Window.objects.get(pk=january.pk).sha256
    [file] = [path for path in Path(home).rglob(sha256) if path.is_file()]
    file.unlink()
    look_through(owner)
    assert told(owner, january) == {}
    for _attempt in range(MOST_ATTEMPTS):
        look_through(owner)
        with acting(Actor.system("tests", owner.organisation_id), "test.time_passed"):
            Arrival.objects.update(rung_at=None)
    assert told(owner, january) == {("window_unread", "unread"): "amber"}
    with viewing(owner):
        assert "a stored file is missing or damaged" in telling.found(Finding.objects.get())


def test_a_worker_that_died_is_not_waited_for_longer_than_its_lease(owner, january):
    arrivals.catch_up(owner.organisation_id)
    system = Actor.system("tests", owner.organisation_id)
    with acting(system, "test.arranged"):
        Arrival.objects.update(expires_at=timezone.now() + timedelta(minutes=1), attempts=1)
    look_through(owner)
    with viewing(owner):
        assert Arrival.objects.get().looked_at is None
    with acting(system, "test.time_passed"):
        Arrival.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    look_through(owner)
    with viewing(owner):
        assert Arrival.objects.get().looked_at is not None


def test_withdrawing_the_period_closes_what_was_found_of_it_and_nothing_is_deleted(owner, dataset, january):
    again = hand_in(owner, dataset, "again", a_month(0, -40))
    look_through(owner)
    count = len(told(owner, again))
    data.withdraw_window(by=owner, window=again, reason="wrong file")
    runs.catch_up(owner.organisation_id)
    assert set(told(owner, again).values()) == {"window_withdrawn"} and len(told(owner, again)) == count


def test_the_check_of_quality_and_the_arrival_never_say_the_same_twice(owner, dataset, january):
    """The check holds it against the reference: once it has found it, its finding stands alone."""
    month = a_month(200, -10, 100)
    window = hand_in(owner, dataset, "february", pd.concat([month, month.head(15)]))
    look_through(owner)
    assert set(told(owner, window).values()) == {"red"}
    _quality_finds_it(owner, dataset, window)
    look_through(owner)
    assert set(told(owner, window).values()) == {"said_by_check"}


def _quality_finds_it(owner: Actor, dataset, window: Window) -> None:
    version = a_version(owner, dataset.model, bare=True)
    plan = runs.set_plan(by=owner, dataset=dataset, check_key="quality")
    of = {"organisation_id": owner.organisation_id, "model_id": dataset.model_id}
    now = timezone.now()
    with acting(Actor.system("checks worker", owner.organisation_id), "run.finished"):
        run = RunRow.objects.create(
            **of, plan=plan, version=version, window=window, check_key="quality", check_version="1", key="k",
            scheduled_at=now, asked_at=now, due_at=now, status="done", finished_at=now,
        )  # fmt: skip
        result = Result.objects.create(**of, run=run, verdict="failed", sha256="0" * 64)
        Measurement.objects.create(
            **of, result=result, metric="repeated_ids", value=0.13, n=115, unit="share", verdict="failed"
        )


def test_counts_instead_of_rows_are_judged_by_what_is_on_record(owner, dataset, january):
    with acting(Actor.system("tests", owner.organisation_id), "test.arranged"):
        Window.objects.filter(pk=january.pk).update(made_of="counts")
    look_through(owner)
    with viewing(owner):
        assert Arrival.objects.get().counted == {"edition": "2026-1", "earlier": 0}


def test_the_page_says_what_was_found_who_deals_with_it_and_by_when(owner, dataset, january, client):
    hand_in(owner, dataset, "again", a_month(0, -40))
    look_through(owner)
    page = sign_in(client, owner).get(f"/models/{dataset.model_id}/findings/").content.decode()
    assert "It holds exactly what the data period “january” holds." in page
    with viewing(owner):
        finding = Finding.objects.get(kind="window_copied")
    assert (finding.owner_id, finding.due_on) == (owner.user_id, today(7))
    assert f"/findings/{finding.pk}/" in page


def test_every_sentence_can_be_said():
    params = {"days": 3, "window": "w", "from": "2026-01-01", "to": "2026-01-02", "rows": 1, "n": 2}
    params |= {"share": 0.5, "reference": 0.0, "cause": "died", "expected_on": "2026-01-01"}
    for key in [*words.SENTENCES, "late"]:
        assert "%(" not in words.sentence({"key": key, "params": params})


@needs_reference_data
def test_real_applications_of_one_bank_are_no_copies_of_each_other(owner, dataset):
    """30,000 cards of Taiwan in three parts: many features, no row of one part in another; and one part handed in again."""
    frame = pd.read_parquet(of_set("taiwan_default/data.parquet"))
    features = [name for name in frame.columns if pd.api.types.is_numeric_dtype(frame[name])][:20]
    cards = data.describe(by=owner, model=dataset.model, name="Cards", features=features)
    third = len(frame) // 3
    parts = [frame[features].iloc[n * third : (n + 1) * third] for n in range(3)]
    windows = [hand_in(owner, cards, str(n), part) for n, part in enumerate(parts)]
    copy = hand_in(
        owner, cards, "copy", pd.concat([parts[0].tail(third * 8 // 10), parts[2].head(third // 10)])
    )
    look_through(owner)
    copied = [("window_copied", "copied_whole") in told(owner, each) for each in [*windows, copy]]
    assert copied == [False, False, False, True]
