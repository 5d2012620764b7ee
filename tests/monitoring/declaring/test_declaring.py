"""What a participant declares stays its own word: beside what the register measured, and never green."""

from __future__ import annotations

import pytest

from governance.errors import NotAllowed, RuleBroken
from governance.inventory import services as inventory
from governance.obligations.models import Evidence
from governance.people import services as people
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.declaring import queries
from monitoring.declaring import services as declaring
from monitoring.declaring.models import Declared
from monitoring.declaring.rules import Said
from monitoring.runs import services as runs
from monitoring.runs import telling
from monitoring.runs.models import Finding, Measurement, Result
from tests.factories import sign_in
from tests.monitoring.loans import Loans
from tests.monitoring.runs.conftest import answer, due_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]

ROWS = 183
"""Rows of white=1 in the data period, of its 307."""
RATE = {"check": "fairness", "metric": "selection_rate", "subject": "white=1"}


@pytest.fixture
def things(owner) -> Loans:
    """Fairness is asked, and nobody has answered yet."""
    there, _run = due_run(owner, "fairness")
    return there


def say(owner: Actor, things: Loans, value: float, *, n: int = ROWS, **said: str) -> list[Declared]:
    figure = Said(**{**RATE, **said}, value=value, n=n)
    return declaring.declare(
        by=owner, version=things.version, window=things.windows["current"], figures=[figure]
    )


def measured(owner: Actor, things: Loans) -> Measurement:
    """The register's own figure."""
    for run in runs.start(by=owner, model=things.model):
        runs.work(run.pk)
    with viewing(owner):
        return Measurement.objects.select_related("result").get(
            metric=RATE["metric"], subject=RATE["subject"]
        )


def pairs(owner: Actor) -> list[tuple[str, str]]:
    with viewing(owner):
        return [(each.state, each.status) for each in queries.compared(Declared.objects.standing())]


def open_findings(owner: Actor) -> list[Finding]:
    declaring.catch_up(owner.organisation_id)
    with viewing(owner):
        return list(Finding.objects.open().filter(kind="declared"))


def test_a_declared_figure_is_no_evidence_and_not_green(owner, things, client):
    say(owner, things, 0.9)
    runs.catch_up(owner.organisation_id)
    assert pairs(owner) == [("not_compared", "not_run")] and open_findings(owner) == []
    with viewing(owner):
        assert not Evidence.objects.exists() and not Measurement.objects.exists()
    page = sign_in(client, owner).get(f"/models/{things.model.pk}/declared/").content.decode()
    assert "Declared only: nothing to compare it with" in page and "0.900000" in page
    assert "state-good" not in page


def test_one_that_agrees_is_still_the_participants_word(owner, things, client):
    own = measured(owner, things)
    say(owner, things, round(own.value, 4), n=own.n)
    assert pairs(owner) == [("agrees", "done")] and open_findings(owner) == []
    page = sign_in(client, owner).get(f"/models/{things.model.pk}/declared/").content.decode()
    assert "Agrees with the register" in page and "state-good" not in page
    assert "Held to the decimals that it is declared with" in page
    assert f"/runs/{own.result.run_id}/" in page


def test_the_better_end_of_the_interval_is_a_finding(owner, things):
    own = measured(owner, things)
    assert own.low < own.value < own.high and own.n == ROWS
    say(owner, things, own.high, n=own.n)
    assert pairs(owner) == [("disagrees", "failed")]
    assert [each.severity for each in open_findings(owner)] == ["red"]


def test_the_right_figure_over_fewer_rows_is_a_finding(owner, things, client):
    own = measured(owner, things)
    say(owner, things, own.value, n=own.n - 1)
    [finding] = open_findings(owner)
    assert f"rests on {own.n - 1} rows, measured on {own.n}." in telling.found(finding)
    page = sign_in(client, owner).get(f"/models/{things.model.pk}/declared/").content.decode()
    assert "declared over another number of rows" in page


def test_figures_that_differ_late_are_told_with_the_digits_that_differ(owner, things):
    own = measured(owner, things)
    say(owner, things, round(own.value, 5) + 0.00002, n=own.n)
    [finding] = open_findings(owner)
    declared, measured_as = telling.found(finding).rsplit("declared ", 1)[1].rstrip(".").split(", measured ")
    assert declared != measured_as


@pytest.mark.parametrize(("value", "state"), [(0.109, "agrees"), (0.112, "disagrees")])
def test_what_was_counted_in_parts_is_held_to_the_error_beside_it(owner, value, state):
    there, run = due_run(owner, "drift")
    answer(run, "passed")
    with acting(Actor.system("checks worker", owner.organisation_id), "run.finished"):
        result = Result.objects.get(run=run)
        for metric, figure in (("wasserstein", 0.1), ("wasserstein_error", 0.01)):
            Measurement.objects.create(
                organisation_id=run.organisation_id, model_id=run.model_id, result=result,
                metric=metric, subject="appinc", value=figure, n=307,
            )  # fmt: skip
    say(owner, there, value, n=307, check="drift", metric="wasserstein", subject="appinc")
    with viewing(owner):
        [pair] = queries.compared(Declared.objects.standing())
    assert (pair.state, pair.judged.rule) == (state, "parts")


def test_a_disagreement_is_a_finding_until_it_is_put_right(owner, things, client):
    say(owner, things, 0.123456)
    assert open_findings(owner) == []
    own = measured(owner, things)
    [finding] = open_findings(owner)
    assert (finding.severity, finding.check_key, finding.run_id) == ("red", "fairness", own.result.run_id)
    said = telling.found(finding)
    assert "1 declared figure differs" in said and "declared 0.123, measured" in said and "white=1" in said
    page = sign_in(client, owner).get(f"/models/{things.model.pk}/declared/").content.decode()
    assert "Disagrees with the register" in page
    [again] = open_findings(owner)
    assert (again.pk, again.seen_at) == (finding.pk, finding.seen_at), "nothing new, so nothing is written"
    say(owner, things, own.value)
    assert open_findings(owner) == []
    with viewing(owner):
        assert Finding.objects.get(pk=finding.pk).closing == {"cause": "agrees"}


def test_a_later_word_takes_the_formers_place_and_both_stay_on_file(owner, things):
    [first] = say(owner, things, 0.1)
    [second] = say(owner, things, 0.2)
    say(owner, things, 0.3, subject="white=0")
    with viewing(owner):
        assert Declared.objects.get(pk=first.pk).superseded_at == second.declared_at
        assert sorted(each.value for each in Declared.objects.standing()) == [0.2, 0.3]


def test_a_figure_that_the_own_run_does_not_have_is_not_compared(owner, things):
    measured(owner, things)
    say(owner, things, 0.5, subject="height=tall")
    assert pairs(owner) == [("not_compared", "not_run")] and open_findings(owner) == []


def test_only_who_answers_for_the_model_declares(owner, validator, administrator, stranger, things):
    for who in (validator, administrator, stranger):
        with pytest.raises((NotAllowed, things.model.DoesNotExist)):
            say(who, things, 0.5)
    with viewing(owner):
        assert not Declared.objects.exists()


def test_what_makes_no_sense_is_refused_whole(owner, things):
    good, bad = Said(**RATE, value=0.5, n=200), Said(**RATE, value=0.5, n=0)
    with pytest.raises(RuleBroken) as refused:
        declaring.declare(
            by=owner,
            version=things.version,
            window=things.windows["reference"],
            figures=[good, bad],
        )
    assert [each.where for each in refused.value.problems] == ["window", "figures[2].n", "figures[2]"]
    with viewing(owner):
        assert not Declared.objects.exists()


def test_what_is_withdrawn_is_declared_of_no_more(owner, things):
    say(owner, things, 0.123)
    measured(owner, things)
    assert len(open_findings(owner)) == 1
    inventory.withdraw_version(by=owner, version=things.version)
    assert pairs(owner) == [] and open_findings(owner) == []


def test_programs_declare_and_read(owner, stranger, administrator, bank, things, client):
    own = measured(owner, things)

    def call(method: str, model, *scopes: str, **body):
        _token, secret = people.issue_token(
            by=administrator, organisation=bank, name="CI", scopes=list(scopes), days=1
        )
        given = {"data": body, "content_type": "application/json"} if body else {}
        address = f"/api/v1/models/{model.pk}/declared"
        return getattr(client, method)(address, HTTP_AUTHORIZATION=f"Bearer {secret}", **given)

    body = {"dataset": "Applications", "window": "current", "version": "1.0"}
    figures = [{**RATE, "value": own.value, "n": own.n}]
    assert call("post", things.model, "models:read", **body, figures=figures).status_code == 403
    made = call("post", things.model, "windows:write", **body, figures=figures)
    assert (made.status_code, [each["state"] for each in made.json()]) == (201, ["agrees"])
    [read] = call("get", things.model, "models:read").json()
    assert (read["value"], read["measured"], read["run_id"]) == (
        own.value,
        own.value,
        str(own.result.run_id),
    )
    wrong = call("post", things.model, "windows:write", **body, figures=[{**figures[0], "n": 0}])
    assert (wrong.status_code, wrong.json()["problems"][0]["where"]) == (422, "figures[1].n")
    missing = {**body, "window": "nowhere"}
    assert call("post", things.model, "windows:write", **missing, figures=figures).status_code == 404
    theirs, _run = due_run(stranger, "fairness", number="M-0009")
    assert call("post", theirs.model, "windows:write", **body, figures=figures).status_code == 404
    assert call("get", theirs.model, "models:read").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_three_figures_cost_as_many_queries_as_one(
    owner, things, client, count, django_assert_max_num_queries
):
    measured(owner, things)
    for n in range(count):
        say(owner, things, 0.5, subject=f"white={n}")
    sign_in(client, owner)
    with django_assert_max_num_queries(22):
        client.get(f"/models/{things.model.pk}/declared/")
