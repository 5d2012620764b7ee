"""A day that has passed is told: on the desk first, in the list with a choice of its own, on the page, and to programs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.desk.waiting import waiting_for
from governance.people import services as people
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.runs import findings
from monitoring.runs.finding_queries import Filter, Told
from monitoring.runs.models import Finding
from tests.factories import sign_in
from tests.monitoring.runs.test_handling import in_days, noted

pytestmark = pytest.mark.django_db

LISTED = "/findings/?state="


def passed(owner: Actor, days: int) -> Finding:
    """A finding that was to be dealt with so many days ago."""
    finding = noted(owner)
    with acting(Actor.system("checks clerk", owner.organisation_id), "findings.kept"):
        Finding.objects.filter(pk=finding.pk).update(due_on=in_days(-days))
    finding.due_on = in_days(-days)
    return finding


def another(owner: Actor, finding: Finding) -> None:
    """A newer and red one that is in time."""
    fresh = findings.Noted(
        finding.organisation_id, finding.model_id, "not_run", "another", "red", finding.summary,
        {"check_key": finding.check_key, "dataset_id": finding.dataset_id},
    )  # fmt: skip
    with acting(Actor.system("checks clerk", owner.organisation_id), "findings.kept"):
        findings.note(fresh)


@pytest.mark.parametrize(("days", "since"), [(-1, None), (0, None), (1, 0), (5, -4)])
def test_it_is_overdue_from_the_day_after_its_day(days, since):
    finding = Finding(due_on=in_days(-days))
    assert Told(finding, in_days(0)).overdue_since == (None if since is None else in_days(since))


def test_one_without_a_day_and_a_closed_one_are_not_overdue():
    assert Told(Finding(), in_days(0)).overdue_since is None
    closed = Finding(due_on=in_days(-5), closed_at=timezone.now())
    assert Told(closed, in_days(0)).overdue_since is None


def test_the_desk_names_it_first_and_says_since_when(owner):
    another(owner, passed(owner, 3))
    with viewing(owner):
        lines = [each for each in waiting_for(owner) if each.url.startswith(("/runs/", "/findings/"))]
    assert [each.status for each in lines] == ["overdue", "red"]
    assert "overdue since" in lines[0].about and "overdue since" not in lines[1].about


def test_the_list_marks_it_and_shows_it_alone_if_asked(owner, client):
    finding = passed(owner, 3)
    another(owner, finding)
    sign_in(client, owner)
    every, late = (client.get(LISTED + state).content.decode() for state in ("open", "overdue"))
    assert (every.count("overdue since"), late.count("overdue since")) == (1, 1)
    links = [f"/findings/{each.pk}/" for each in _all(owner)]
    assert sum(link in every for link in links) == 2
    assert [link in late for link in links] == [each.pk == finding.pk for each in _all(owner)]
    assert "overdue since" in client.get(f"/findings/{finding.pk}/").content.decode()


def _all(owner: Actor) -> list[Finding]:
    with viewing(owner):
        return list(Finding.objects.order_by("pk"))


def test_of_a_past_day_it_is_told_as_it_stood_then():
    finding = Finding(due_on=in_days(-3))
    chosen = Filter.of("overdue", "")
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    # `end` is the first instant after the day that is asked about
    assert chosen.fits(finding, midnight - timedelta(days=1)), "two days ago its day had passed"
    assert not chosen.fits(finding, midnight - timedelta(days=2)), "three days ago it was its last day"


def test_programs_read_it(owner, administrator, stranger, bank, client):
    finding = passed(owner, 3)
    another(owner, finding)
    _token, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["models:read"], days=1
    )

    def read(query: str = "", of=finding.model_id):
        return client.get(f"/api/v1/models/{of}/findings{query}", HTTP_AUTHORIZATION=f"Bearer {secret}")

    assert sorted(each["overdue"] for each in read().json()) == [False, True]
    [late] = read("?state=overdue").json()
    assert (late["id"], late["owner"], late["due_on"], late["overdue_since"]) == (
        str(finding.pk), "owner", in_days(-3).isoformat(), in_days(-2).isoformat(),
    )  # fmt: skip
    assert read("?state=closed").json() == []
    assert read("?state=forgotten").status_code == 422
    theirs = noted(stranger)
    assert read(of=theirs.model_id).status_code == 404
