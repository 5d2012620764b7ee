"""The matrix of a past day counts what stood at its end, page, drill-down and files alike, and no value of today."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.obligations.matrix.past.keeping import note
from governance.obligations.matrix.past.models import StandingChange
from governance.obligations.past.queries import as_of as past_of
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, sign_in
from tests.governance.obligations.stood import RISKS, a_story, ago, passes
from tests.governance.obligations.things import a_model

pytestmark = pytest.mark.django_db

DAYS = {6: "missing", 5: "missing", 4: "on_file", 3: "on_file", 2: "missing", 1: "missing", 0: "on_file"}


@pytest.fixture
def model(bank, owner) -> AIModel:
    return a_story(bank, owner)


def asked(client, actor, name, *args, **parameters):
    return sign_in(client, actor).get(reverse(f"obligations:{name}", args=args), parameters)


def counts_of(owner, model, days) -> dict[str, int]:
    """What the replayed duties of the law say."""
    with viewing(owner):
        lines = past_of(model, ago(days)).lines
    found: dict[str, int] = {}
    for line in lines:
        if line.obligation.framework.key == "kz-ai-law" and line.is_asked:
            found[line.duty.status] = found.get(line.duty.status, 0) + 1
    return found


def numbers(tallies) -> dict[str, int]:
    return {each.status: each.number for each in tallies if each.number}


@pytest.mark.parametrize("days", DAYS)
def test_a_cell_counts_what_stood_at_the_end_of_each_day(client, owner, model, days):
    shown = asked(client, owner, "matrix", as_of=ago(days), framework="kz-ai-law")
    [line] = shown.context["lines"]

    assert numbers(line.cells[0].tallies) == counts_of(owner, model, days) != {}
    assert numbers(shown.context["by_framework"].lines[0].cells) == counts_of(owner, model, days)


def test_the_days_differ(owner, model):
    on = [counts_of(owner, model, days)["missing"] for days in (6, 4, 2, 0)]

    assert on[0] == on[2] and on[1] == on[3] and on[1] < on[0]


@pytest.mark.parametrize(("days", "status"), DAYS.items())
def test_behind_a_number_are_the_models_that_stood_so(client, owner, model, days, status):
    shown = asked(client, owner, "matrix-models", "kz-ai-law", RISKS, as_of=ago(days))

    assert [each.duty.status for each in shown.context["lines"]] == [status]
    assert (
        f"{reverse('obligations:past', args=[model.pk])}?as_of={ago(days)}#{RISKS}" in shown.content.decode()
    )
    [sum_] = [
        each
        for each in asked(client, owner, "matrix-framework", "kz-ai-law", as_of=ago(days))
        .context["sums"]
        .lines
        if RISKS in each.of.url
    ]
    assert numbers(sum_.cells) == {status: 1}
    other = "missing" if status == "on_file" else "on_file"
    none = asked(client, owner, "matrix-models", "kz-ai-law", RISKS, as_of=ago(days), status=other)
    assert none.context["lines"] == []


def test_a_number_leads_to_the_requirements_of_the_same_day(client, owner, model):
    [line] = asked(client, owner, "matrix", as_of=ago(4), framework="kz-ai-law").context["lines"]
    for tally in line.cells[0].tallies:
        chapters = client.get(tally.url).context["chapters"]
        assert sum(len(each.stood) for each in chapters) == tally.number


def test_the_files_hold_the_gaps_of_the_day_and_say_so(client, owner, model):
    def gaps(days) -> set[str]:
        answer = asked(client, owner, "gaps-csv", as_of=ago(days), framework="kz-ai-law")
        assert f"gaps-{ago(days)}.csv" in answer["Content-Disposition"]
        rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        return {row["Reference"] for row in rows}

    only_then = gaps(6) - gaps(4)
    assert len(only_then) == 1 and only_then <= gaps(2) and not only_then & gaps(0)
    book = asked(client, owner, "gaps-xlsx", as_of=ago(4))
    with zipfile.ZipFile(io.BytesIO(b"".join(book.streaming_content))) as archive:
        about = archive.read("xl/worksheets/sheet2.xml").decode()
    assert f"As it stood at the end of {ago(4)}." in about


def test_the_nist_profile_of_a_day_is_that_of_the_day(client, owner, model):
    profile = json.loads(asked(client, owner, "nist-profile", model.pk, as_of=ago(4)).content)

    assert profile["read_on"] == ago(4).isoformat()
    with viewing(owner):
        past = past_of(model, ago(4))
    stood = {line.obligation.key: line.duty.status for line in past.lines}
    told = [
        sub
        for each in profile["functions"]
        for category in each["categories"]
        for sub in category["subcategories"]
    ]
    assert told and all(stood[each["key"]] == each["evidence_status"] for each in told)


def test_a_model_that_was_not_registered_yet_or_was_withdrawn_since_counts_by_the_day(
    client, bank, owner, model
):
    a_model(owner, number="M-0002")
    obligations.catch_up(bank.pk)
    with acting(REGISTER, "model.withdrawn"):
        AIModel.objects.filter(pk=model.pk).update(
            status="withdrawn", withdrawn_at=timezone.now() - timedelta(days=1), withdrawn_reason="Sold."
        )
    numbers_on = {
        days: [line.row.model.pk for line in asked(client, owner, "matrix", as_of=ago(days)).context["lines"]]
        for days in (4, 0)
    }
    assert numbers_on[4] == [model.pk] and model.pk not in numbers_on[0] and len(numbers_on[0]) == 1


def test_a_name_that_the_ledger_did_not_know_by_then_is_not_shown(client, owner, model):
    with acting(owner, "model.edited"):
        AIModel.objects.filter(pk=model.pk).update(name="The name of today")
    then = asked(client, owner, "matrix", as_of=ago(2)).content.decode()

    assert "The name of today" not in then and "M-0001" in then and "name of then not known" in then
    assert "The name of today" in asked(client, owner, "matrix", as_of=ago(0)).content.decode()


def test_a_model_without_counts_of_the_day_is_said_to_have_none(client, owner, model):
    with acting(REGISTER, "test.forgot"):
        StandingChange.objects.filter(at__lt=timezone.now() - timedelta(days=3)).delete()
    shown = asked(client, owner, "matrix", as_of=ago(4))

    assert shown.context["totals"].behind == 1 and "not in the sums" in shown.content.decode()
    assert shown.context["totals"].by_framework == {}


@pytest.mark.parametrize("written", ["2099-01-01", "1999-01-01", "yesterday", "2026-02-30", "0000-00-00"])
@pytest.mark.parametrize("name", ["matrix", "gaps-csv", "gaps-xlsx"])
def test_what_is_no_day_of_the_record_is_refused_in_words(client, owner, model, name, written):
    answer = asked(client, owner, name, as_of=written)

    assert answer.status_code == 422 and "As of the end of" in answer.content.decode()


def test_a_stranger_sees_none_of_it(client, stranger, broker, model):
    passes(broker, 6)
    assert asked(client, stranger, "matrix", as_of=ago(4)).context["lines"] == []
    there = asked(client, stranger, "nist-profile", model.pk, as_of=ago(4))
    nowhere = asked(client, stranger, "nist-profile", broker.pk, as_of=ago(4))
    assert (there.status_code, there.content) == (404, nowhere.content)


@pytest.mark.parametrize(
    "name", [("matrix",), ("matrix-framework", "kz-ai-law"), ("matrix-models", "kz-ai-law", RISKS)]
)
def test_three_models_take_as_many_queries_as_one(client, bank, owner, model, name):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert asked(client, owner, *name, as_of=ago(0)).status_code == 200
        return len(captured)

    queries()
    one = queries()
    for number in (2, 3):
        a_model(owner, number=f"M-000{number}")
    obligations.catch_up(bank.pk)
    assert queries() == one


def test_standings_of_many_models_are_noted_in_one_insert_and_only_where_they_changed(bank, owner, model):
    at = timezone.now()
    with acting(REGISTER, "duties.computed"):
        before = StandingChange.objects.count()
        stood = {model.pk: {"kz-ai-law": {"missing": 2}}}
        note([model], stood, {model.pk: {"kz-ai-law": {"missing": 2}}}, at)
        assert StandingChange.objects.count() == before
        stood = {model.pk: {"kz-ai-law": {"missing": 2}, "iosco": {"open": 1}}}
        note([model], stood, {model.pk: {"kz-ai-law": {"missing": 1}}}, at)
        kept = StandingChange.objects.filter(at=at).values_list("framework_key", "is_on", "missing")
        assert set(kept) == {("kz-ai-law", True, 1), ("iosco", False, 0)}
