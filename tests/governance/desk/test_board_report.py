"""The report to the board says of every number of how many and when, and judges nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from governance.desk.board.gathering import gather, red_since
from governance.desk.board.quarter import Quarter, latest
from governance.desk.board.views import content
from governance.incidents import services as incidents
from governance.inventory.figures import services as figures
from governance.obligations import services as obligations
from governance.obligations.models import Duty
from governance.people.acting import viewing
from governance.people.models import Organisation
from tests.factories import join, sign_in
from tests.governance.filing.conftest import campaign, signed
from tests.governance.inventory.made import registered
from tests.governance.obligations.things import a_model, a_run, a_version, graded

__all__ = ["campaign"]

pytestmark = pytest.mark.django_db

NOW = Quarter.of(timezone.localdate())


def report(reader, quarter=NOW, language="en"):
    with viewing(reader), translation.override(language):
        home = Organisation.objects.get(pk=reader.organisation_id)
        return content(gather(home, quarter, timezone.now()))


def chapter(told, title):
    [found] = [each for each in told["chapters"] if each["title"] == title]
    return found["blocks"]


def tables(blocks):
    """Rows of every table, as plain text."""
    return [
        [[cell["text"] for cell in row] for row in block["rows"]]
        for block in blocks
        if block["kind"] == "table"
    ]


def numbers(told):
    return {fact["words"]: fact["value"]["text"] for fact in told["facts"]}


@pytest.fixture
def model(owner):
    model = registered(owner)
    graded(owner, model, "high", "low")
    return model


def test_quarters_follow_the_calendar():
    assert Quarter.of(date(2026, 3, 31)) == Quarter(2026, 1) == Quarter.read("2026-Q1")
    assert (Quarter(2026, 4).starts_on, Quarter(2026, 4).ends_on) == (date(2026, 10, 1), date(2026, 12, 31))
    assert [each.key for each in latest(date(2026, 2, 1), 3)] == ["2026-Q1", "2025-Q4", "2025-Q3"]
    assert [Quarter.read(text) for text in ("2026-Q5", "2026", "1999-Q1", "")] == [None] * 4


def test_models_stand_by_degree_and_by_tier_with_their_number(owner, administrator, model):
    registered(owner, name="Not graded")
    told = report(administrator)
    blocks = chapter(told, "Models by degree of risk and tier")
    degrees, tiers, each = tables(blocks)
    assert degrees == [["high", "1"], ["medium", "0"], ["minimal", "0"], ["not graded", "1"]]
    assert [number for _words, number in tiers] == ["0", "1", "0", "0"]
    assert [row[:3] for row in each] == [
        ["M-0001", "Document search", "high"],
        ["M-0002", "Not graded", "not graded"],
    ]
    assert blocks[0]["text"].startswith("n = 2, as of ")
    assert numbers(told)["Registered models"] == "2"


def test_requirements_are_counted_by_framework_and_the_red_ones_say_since_when(bank, owner, administrator):
    model = a_model(owner, role="owner_or_holder", origin="in_house", natural_persons=True)
    version = a_version(owner, model, "1", days_ago=60)
    long_ago = timezone.now() - timedelta(days=40)
    a_run(model, version, "check:fairness", "failed", taken_at=long_ago)
    obligations.catch_up(bank.pk)
    with viewing(administrator):
        red = list(Duty.objects.filter(status="failing"))
        assert red and {red_since(duty) for duty in red} == {timezone.localdate(long_ago)}
    told = report(administrator)
    [rows] = tables(chapter(told, "Failing and overdue requirements"))
    assert len(rows) == len(red) and {row[0] for row in rows} == {"M-0001"}
    by_framework = chapter(told, "Requirements by framework")
    assert "Computed for 1 of 1 models" in by_framework[1]["text"]
    counted = sum(int(n) for table in tables(by_framework) for words, n in table if words == "failing")
    assert counted == len(red)


def test_what_happened_in_the_quarter_and_nothing_else_is_told(bank, owner, administrator, model, campaign):
    incidents.open_incident(
        by=owner, model=model, kind="harm", severity="critical", title="Clients were refused"
    )
    filed = signed(administrator, bank, campaign, "nil")
    told = report(administrator)
    [[incident]] = tables(chapter(told, "Incidents"))
    assert (incident[1], incident[2]) == ("M-0001", "Clients were refused")
    [[listed]] = tables(chapter(told, "Filed returns"))
    assert listed[0] == filed.number
    before = report(administrator, NOW.before)
    assert tables(chapter(before, "Incidents")) == tables(chapter(before, "Filed returns")) == []
    assert chapter(before, "Incidents")[0]["text"].startswith("n = 0, from ")


def test_key_figures_stand_beside_their_limits(owner, administrator, model):
    kpi = figures.set_kpi(by=owner, model=model, name="Complaints", owner_id=owner.user_id, upper=5.0)
    figures.set_kpi(by=owner, model=model, name="Overrides", owner_id=owner.user_id, lower=0.1, upper=1.0)
    figures.enter(by=owner, kpi=kpi, value=7.0, measured_at=timezone.now())
    [rows] = tables(chapter(report(administrator), "Key figures"))
    assert [[row[1], row[3], row[5]] for row in rows] == [
        ["Complaints", "not above 5", "Beyond its limit"],
        ["Overrides", "not below 0.1, not above 1", "Not measured"],
    ]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_it_is_printed_in_each_language_and_calls_nothing_compliant(client, administrator, model, language):
    sign_in(client, administrator)
    answer = client.get(f"/board-report/file/?quarter={NOW.key}&language={language}")
    assert (
        answer.content.startswith(b"%PDF-") and f"{NOW.key}-{language}.pdf" in answer["Content-Disposition"]
    )
    assert "compliant" not in str(report(administrator, language=language)).lower()


def test_the_page_offers_quarters_and_only_those_that_have_begun_are_printed(client, administrator, model):
    sign_in(client, administrator)
    page = client.get("/board-report/").content.decode()
    assert f"quarter={NOW.key}" in page and f"quarter={NOW.before.key}" in page
    later = Quarter.of(NOW.ends_on + timedelta(days=1))
    for query in ("", "?quarter=nonsense", f"?quarter={later.key}", f"?quarter={NOW.key}&language=xx"):
        assert client.get(f"/board-report/file/{query}").status_code == 404


def test_it_is_for_the_board_and_those_who_work_for_it(client, bank, owner, supervisor, model):
    for somebody in (owner, supervisor, join(bank, "auditor", email="auditor@bank.example")):
        sign_in(client, somebody)
        assert client.get("/board-report/").status_code == 403
    sign_in(client, join(bank, "committee", email="member@bank.example"))
    assert client.get("/board-report/").status_code == 200


@pytest.mark.parametrize("many", [1, 3])
def test_it_reads_the_same_number_of_times_however_many_models_there_are(
    bank, owner, administrator, many, django_assert_max_num_queries
):
    for _n in range(many):
        graded(owner, registered(owner), "high", "low")
    obligations.catch_up(bank.pk)
    with django_assert_max_num_queries(18):
        report(administrator)
