"""The pages of a model's checks."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.checks import CHECKS
from monitoring.runs import claims
from monitoring.runs import services as runs
from monitoring.runs.models import Measurement, Plan, Run
from tests.factories import sign_in
from tests.monitoring.loans import OF_ROWS, Loans, a_dataset, a_model, a_window, loans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]


def answered(owner: Actor, things: Loans) -> list[Run]:
    started = runs.start(by=owner, model=things.model)
    for run in started:
        runs.work(run.pk)
    return started


@pytest.fixture
def planned(owner) -> Loans:
    things = loans(owner)
    runs.set_default_plans(by=owner, dataset=things.dataset)
    return things


def test_each_check_says_what_it_asks_and_what_it_found(client, owner, planned):
    answered(owner, planned)
    page = sign_in(client, owner).get(f"/models/{planned.model.pk}/checks/").content.decode()
    for words in (
        "Does the model choose people of different groups at similar rates?",
        "95% interval",
        "Passes",
        "Amber: look into it",
        "a convention and not a rule of the law",
        'data-chart="drift"',
        'data-chart="group-rates"',
        'data-chart="importance"',
        "Run the checks now",
    ):
        assert words in page


def test_what_was_never_asked_is_not_run_and_never_green(client, owner, planned):
    page = sign_in(client, owner).get(f"/models/{planned.model.pk}/checks/").content.decode()
    assert page.count("Not run") == len(OF_ROWS)
    assert "state-good" not in page


def test_what_the_data_lack_is_named(client, owner):
    model = a_model(owner)
    a_dataset(owner, model, sensitive=[])
    page = sign_in(client, owner).get(f"/models/{model.pk}/checks/").content.decode()
    assert "It lacks: a column of the true outcome" in page
    assert "It needs sensitive columns, or a reason of the second line." in page


def test_too_few_rows_is_an_answer_of_its_own(client, owner, planned):
    from tests.monitoring.loans import csv

    a_window(owner, planned.dataset, name="few", file=csv(rows=20))
    answered(owner, planned)
    page = sign_in(client, owner).get(f"/models/{planned.model.pk}/checks/").content.decode()
    assert "Too few rows to answer" in page


def test_a_run_names_everything_needed_to_do_it_again(client, owner, planned):
    run = next(each for each in answered(owner, planned) if each.check_key == "drift")
    page = sign_in(client, owner).get(f"/runs/{run.pk}/").content.decode()
    for words in (
        planned.windows["current"].sha256,
        planned.windows["reference"].sha256,
        "evidently",
        "Fence number",
        "Seed",
    ):
        assert words in page
    raw = client.get(f"/runs/{run.pk}/result.json")
    assert hashlib.sha256(raw.content).hexdigest() in page
    assert raw["Content-Disposition"].startswith("attachment")


def test_a_run_and_a_plan_say_how_it_is_measured_and_what_a_bad_answer_means(client, owner, planned):
    run = next(each for each in answered(owner, planned) if each.check_key == "fairness")
    sign_in(client, owner)
    for address in (f"/runs/{run.pk}/", f"/datasets/{planned.dataset.pk}/checks/fairness/"):
        page = unescape(client.get(address).content.decode())
        assert "How it is measured" in page and "What a bad answer means" in page
        assert str(CHECKS["fairness"].how) in page and str(CHECKS["fairness"].when_bad) in page


def test_all_figures_are_named_and_rows_are_counted_whole(client, owner, planned):
    run = next(each for each in answered(owner, planned) if each.check_key == "fairness")
    page = re.sub(r"<[^>]+>|\s+", " ", sign_in(client, owner).get(f"/runs/{run.pk}/").content.decode())
    for words in ("False negative rate", "Precision (positive predictive value)", "(impact ratio)"):
        assert words in page
    with viewing(owner):
        figure = Measurement.objects.get(result__run=run, metric="true_positives", subject="")
    assert figure.value and re.search(rf"True positives, rows +{figure.value:.0f} +n", page)


def test_progress_is_polled_until_the_run_has_ended(client, owner, planned):
    run = runs.start(by=owner, model=planned.model)[0]
    sign_in(client, owner)
    waiting = client.get(f"/runs/{run.pk}/progress/")
    assert "every 1s" in waiting.content.decode() and "Waiting for a free worker" in waiting.content.decode()
    claim = claims.take(Actor.system("checks worker", owner.organisation_id), run.pk)
    claims.renew(claim, 40, "scoring")
    running = client.get(f"/runs/{run.pk}/progress/").content.decode()
    assert 'value="40"' in running and "Scoring the data period" in running
    claims.give_back(claim, "killed by signal 9")
    runs.work(run.pk)
    ended = client.get(f"/runs/{run.pk}/progress/")
    assert "every 1s" not in ended.content.decode() and ended["HX-Refresh"] == "true"


def test_a_parked_run_says_why_and_is_not_green(client, owner, planned):
    run = runs.start(by=owner, model=planned.model)[0]
    worker = Actor.system("checks worker", owner.organisation_id)
    for _attempt in range(claims.MOST_ATTEMPTS):
        claims.give_back(claims.take(worker, run.pk), "killed by signal 9")
    page = sign_in(client, owner).get(f"/runs/{run.pk}/").content.decode()
    assert "Could not run" in page and "5 attempts failed" in page and "the computation was killed" in page
    assert client.get(f"/runs/{run.pk}/result.json").status_code == 404


def test_the_checks_are_started_and_planned_by_button(client, owner):
    things = loans(owner)
    sign_in(client, owner)
    assert client.post(f"/datasets/{things.dataset.pk}/checks/").status_code == 302
    assert client.post(f"/models/{things.model.pk}/checks/start/").status_code == 302
    with viewing(owner):
        assert (Plan.objects.count(), Run.objects.count()) == (len(OF_ROWS), len(OF_ROWS))


def test_limits_are_changed_with_a_reason(client, owner, planned):
    address = f"/datasets/{planned.dataset.pk}/checks/fairness/"
    answers = {"equal_rates_owed": "yes", "outcomes_known": "yes", "mistake": "both", "intersections": "told"}
    limits = {"demographic_parity_ratio": "0.9", "minimum_group": "30", **answers}
    said = {**limits, "every_days": "30", "reason": ""}
    refused = sign_in(client, owner).post(address, said)
    assert refused.status_code == 422 and "need a reason" in refused.content.decode()
    assert client.post(address, {**said, "reason": "Our policy 12"}).status_code == 302
    page = client.get(f"/models/{planned.model.pk}/checks/").content.decode()
    assert "Our policy 12" in page and "0.900" in page


def test_a_stranger_finds_nothing(client, owner, stranger, planned):
    run = runs.start(by=owner, model=planned.model)[0]
    sign_in(client, stranger)
    nothing = client.get("/models/00000000-0000-4000-8000-000000000000/checks/").content
    for page in (
        f"/models/{planned.model.pk}/checks/",
        f"/datasets/{planned.dataset.pk}/checks/fairness/",
        f"/runs/{run.pk}/",
        f"/runs/{run.pk}/progress/",
        f"/runs/{run.pk}/result.json",
    ):
        response = client.get(page)
        assert (response.status_code, response.content) == (404, nothing)
    assert client.post(f"/models/{planned.model.pk}/checks/start/").status_code == 404


def test_a_reader_without_the_right_is_offered_no_button(client, owner, administrator, planned):
    page = sign_in(client, administrator).get(f"/models/{planned.model.pk}/checks/").content.decode()
    assert "Run the checks now" not in page
    assert client.post(f"/models/{planned.model.pk}/checks/start/").status_code == 403


def test_one_run_costs_as_many_queries_as_three(client, owner, planned):
    sign_in(client, owner)
    counts = []
    for _period in range(3):
        answered(owner, planned)
        with acting(Actor.system("tests", owner.organisation_id), "test.time_passed"):
            Run.objects.update(due_at=timezone.now() - timedelta(hours=1))
        client.get(f"/models/{planned.model.pk}/checks/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/models/{planned.model.pk}/checks/")
        counts.append(len(queries))
    assert counts[0] == counts[2]
