"""The beeswarm on the page of an explanation: from the file of the result, with a table that says the same."""

from __future__ import annotations

import json
import re

import pytest
from django.template import Context, Template

from governance import store
from governance.people.acting import acting, viewing
from monitoring.engines.results import canonical_json
from monitoring.runs import services as runs
from monitoring.runs.models import Measurement, Result, Run
from monitoring.runs.swarms import swarm_of
from tests.factories import sign_in
from tests.monitoring.loans import FEATURES, loans

pytestmark = pytest.mark.django_db
CHECK = "explanation"


@pytest.fixture
def run(owner, preloaded) -> Run:
    things = loans(owner)
    runs.set_plan(by=owner, dataset=things.dataset, check_key=CHECK)
    [run] = runs.start(by=owner, model=things.model)
    runs.work(run.pk)
    return run


def result_of(owner, run) -> Result:
    with viewing(owner):
        return Result.objects.get(run=run)


def as_of_version_two(owner, run) -> None:
    """The result as the check gave it before: another file, without the sample and the error of the ranking."""
    result = result_of(owner, run)
    told = json.loads(store.read(owner.organisation_id, result.sha256))
    former = {key: each for key, each in told.items() if key not in ("swarm", "rank_error")}
    stored = store.put(owner.organisation_id, canonical_json(former))
    with acting(owner, "run.finished"):
        Measurement.objects.filter(result=result, metric="rank_error").update(metric="something_else")
        Result.objects.filter(pk=result.pk).update(sha256=stored.sha256)


def test_the_page_of_the_run_draws_it_with_a_table_and_the_page_of_all_checks_does_not(client, owner, run):
    page = sign_in(client, owner).get(f"/runs/{run.pk}/").content.decode()

    assert 'data-chart="beeswarm"' in page
    drawn = json.loads(
        re.search(r'<script id="swarm-\w+" type="application/json">(.*?)</script>', page).group(1)
    )
    assert {each["name"] for each in drawn["rows"]} == set(FEATURES) and "table" not in drawn
    assert {len(each["points"]) for each in drawn["rows"]} == {200}
    assert "loanprc, lower half of the values" in page and "loanprc, upper half of the values" in page
    with viewing(owner):
        model = run.model_id
    assert "beeswarm" not in client.get(f"/models/{model}/checks/").content.decode()


def test_how_exact_the_ranking_is_stands_beside_the_number_of_rows(client, owner, run):
    page = sign_in(client, owner).get(f"/runs/{run.pk}/").content.decode()
    with viewing(owner):
        told = Measurement.objects.get(result__run=run, metric="rank_error")
    assert told.n == 307 and told.value is not None
    assert "Rows explained: 307; between two draws of as many rows a leading feature moves by" in page
    assert f"{told.value:.2f} places on average" in page


def test_a_result_of_an_earlier_version_is_still_shown(client, owner, run):
    as_of_version_two(owner, run)

    answer = sign_in(client, owner).get(f"/runs/{run.pk}/")

    page = answer.content.decode()
    assert answer.status_code == 200 and 'data-chart="importance"' in page
    assert "What the decisions rest on</figcaption>" in page and "beeswarm" not in page


def test_where_the_file_is_gone_the_rest_of_the_page_stands(client, owner, run):
    store.remove(owner.organisation_id, result_of(owner, run).sha256)
    page = sign_in(client, owner).get(f"/runs/{run.pk}/")
    assert page.status_code == 200 and "beeswarm" not in page.content.decode()


def test_another_check_and_no_result_have_none(owner, run):
    result = result_of(owner, run)
    assert swarm_of("drift", result) is None and swarm_of(CHECK, None) is None
    assert swarm_of(CHECK, result) is not None


def test_hostile_names_stay_words(owner, run):
    result = result_of(owner, run)
    told = {
        "swarm": [{"feature": "</script><img src=x onerror=hack()>", "points": [[0.5, 0.9], [-0.5, None]]}]
    }
    result.sha256 = store.put(owner.organisation_id, canonical_json(told)).sha256
    chart = swarm_of(CHECK, result)
    tag = "{% load charts %}{% chart swarm.data name=swarm.name caption=swarm.caption %}"
    page = Template(tag).render(Context({"swarm": chart}))
    assert "<img" not in page and page.count("</script>") == 1
    assert "onerror=hack()&gt;, upper half of the values" in page
    assert "onerror=hack()&gt;, no value" in page and "lower half" not in page
