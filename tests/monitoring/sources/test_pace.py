"""Period after period comes by itself when its last day has passed; one that does not arrive is a finding, never silence."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.data import services as data
from monitoring.runs import telling, watching
from monitoring.runs.models import Finding
from monitoring.sources import fetching, services
from monitoring.sources.models import Fetch
from monitoring.sources.rules import LONGEST_PAUSE, Period, is_over, may_try_again, next_period

FIRST = date(2026, 9, 1)


def clerk(feed) -> Actor:
    return Actor.system("data source reader", feed.organisation_id)


def swept(feed) -> list[Fetch]:
    """As the sweep and then a worker do."""
    fetching.catch_up(feed.organisation_id)
    with viewing(clerk(feed)):
        waiting = list(Fetch.objects.unfinished().filter(feed=feed))
    for each in waiting:
        fetching.work(each.organisation_id, each.pk)
    with viewing(clerk(feed)):
        return list(Fetch.objects.filter(feed=feed).order_by("asked_at"))


def found(feed) -> list[Finding]:
    watching.look_over(clerk(feed), feed.organisation_id)
    with viewing(clerk(feed)):
        return [each for each in Finding.objects.open() if ":feed:" in each.key]


def _as_if_long_ago(feed) -> None:
    with acting(clerk(feed), "test.arranged"):
        Fetch.objects.update(ended_at=timezone.now() - timedelta(hours=2))


def test_a_period_begins_where_the_last_one_ended():
    assert next_period(FIRST, 30, None) == Period(FIRST, date(2026, 9, 30))
    assert next_period(FIRST, 30, date(2026, 9, 30)) == Period(date(2026, 10, 1), date(2026, 10, 30))
    assert next_period(FIRST, 30, date(2026, 7, 1)) == Period(FIRST, date(2026, 9, 30))


def test_a_period_is_over_when_its_last_day_has_passed():
    period = Period(FIRST, date(2026, 9, 30))
    assert not is_over(period, date(2026, 9, 30)) and is_over(period, date(2026, 10, 1))


def test_a_source_in_trouble_is_asked_more_and_more_seldom():
    now = datetime(2026, 11, 28, tzinfo=timezone.get_default_timezone())
    assert may_try_again(0, None, now)
    for failures, minutes in ((1, 15), (2, 30), (3, 60)):
        failed = now - timedelta(minutes=minutes)
        assert may_try_again(failures, failed, now)
        assert not may_try_again(failures, failed + timedelta(seconds=1), now)
    assert may_try_again(100, now - LONGEST_PAUSE, now)


@pytest.mark.django_db
def test_one_period_after_the_other_is_fetched_by_itself(feeds, owner):
    feed = feeds(begins_on=FIRST)

    first, second, *rest = [*swept(feed), *swept(feed)[1:]]

    assert (first.starts_on, first.ends_on) == (FIRST, date(2026, 9, 30))
    assert (second.starts_on, second.ends_on) == (date(2026, 10, 1), date(2026, 10, 30))
    assert [each.status for each in (first, second)] == ["done", "done"] and rest == []
    assert first.is_scheduled and first.rows == 3000


@pytest.mark.django_db
def test_what_is_handed_in_by_hand_is_not_fetched_again(feeds, owner, dataset):
    feed = feeds(begins_on=timezone.localdate() - timedelta(days=40))
    rows = BytesIO(b"income,sex\n1,f\n")
    last = timezone.localdate() - timedelta(days=1)
    data.add_window(
        by=owner, dataset=dataset, name="w", part="current", file=rows, file_name="w.csv", ends_on=last
    )
    assert swept(feed) == []


@pytest.mark.django_db
def test_a_period_that_does_not_arrive_is_a_finding_until_it_does(feeds, warehouse):
    feed = feeds("not_there_yet", begins_on=FIRST)
    [failed] = swept(feed)
    assert (failed.status, failed.trouble) == ("failed", "no_table")

    [finding] = found(feed)
    assert (finding.kind, finding.severity) == ("window_missing", "amber")
    assert telling.found(finding) == (
        "The data period 1 Sep 2026 – 30 Sep 2026 was not fetched from Warehouse: "
        "There is no table or view of this name."
    )
    assert len(swept(feed)) == 1  # it waits before it tries again
    _as_if_long_ago(feed)
    assert [each.status for each in swept(feed)] == ["failed", "failed"]
    [finding] = found(feed)
    assert finding.severity == "red" and "tried 2 times" in telling.found(finding)

    warehouse.run("CREATE VIEW not_there_yet AS SELECT day, income, sex FROM decisions")
    warehouse.run("GRANT SELECT ON not_there_yet TO senim_reader")
    try:
        _as_if_long_ago(feed)
        assert swept(feed)[-1].status == "done"
    finally:
        warehouse.run("DROP VIEW not_there_yet")
    assert found(feed) == []


@pytest.mark.django_db
def test_what_nobody_fetches_any_more_is_no_finding(feeds, administrator):
    feed = feeds("nowhere", begins_on=FIRST)
    swept(feed)
    assert len(found(feed)) == 1
    services.end_feed(by=administrator, feed=feed)
    assert found(feed) == []


@pytest.mark.django_db
def test_a_fetch_over_which_workers_die_is_given_up(feeds, owner):
    feed = feeds()
    asked = fetching.ask(by=owner, feed=feed, starts_on=FIRST, ends_on=date(2026, 9, 30))
    with acting(clerk(feed), "test.arranged"):
        Fetch.objects.update(status="running", fence=3, expires_at="2026-01-01T00:00Z")
    fetching.work(asked.organisation_id, asked.pk)
    with viewing(owner):
        assert Fetch.objects.get().trouble == "gave_up"


@pytest.mark.django_db
def test_the_command_fetches_here_and_now(feeds, capsys):
    feed = feeds()
    call_command("fetch", str(feed.pk), "2026-09-01", "2026-09-30")
    assert capsys.readouterr().out.startswith("3000 rows, ")
    with pytest.raises(CommandError, match="already has a data period"):
        call_command("fetch", str(feed.pk), "2026-09-01", "2026-09-30")
    with pytest.raises(CommandError, match="no feed"):
        call_command("fetch", "00000000-0000-4000-8000-000000000000", "2026-09-01", "2026-09-30")
