"""The desk, the checks and the interface of programs answer as of a day: what stood at its end, or that it is not known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from governance.inventory.models import AIModel
from governance.obligations import services as obligations
from governance.people import services as people
from governance.people.acting import acting, viewing
from governance.people.recorded import as_recorded
from monitoring.runs.models import Finding
from tests.factories import REGISTER, sign_in
from tests.governance.obligations.stood import a_story, ago, passes
from tests.governance.obligations.things import a_model

pytestmark = pytest.mark.django_db

DAYS = {6: "missing", 4: "on_file", 2: "missing", 0: "on_file"}


@pytest.fixture
def model(bank, owner) -> AIModel:
    return a_story(bank, owner)


@pytest.fixture
def ci(bank, administrator) -> Client:
    _token, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["models:read"], days=9
    )
    return Client(headers={"Authorization": f"Bearer {secret}"})


def asked(client, actor, name, *args, **parameters):
    return sign_in(client, actor).get(reverse(name, args=args), parameters)


def now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def test_the_pages_of_a_model_count_its_requirements_of_the_day(client, owner, model):
    counts = {
        days: dict(asked(client, owner, "model", model.pk, as_of=ago(days)).context["counts"])
        for days in DAYS
    }

    assert counts[6]["missing"] == counts[2]["missing"] > counts[4]["missing"]
    assert counts[0] == dict(asked(client, owner, "model", model.pk).context["counts"])


def test_the_page_shows_grade_version_documents_and_life_of_the_day(client, owner, model):
    def then(days):
        return asked(client, owner, "model", model.pk, as_of=ago(days)).context

    handed_in = {
        days: [(row.number, counted) for row, counted in then(days)["documents"]] for days in (6, 4, 2, 0)
    }
    assert handed_in == {6: [], 4: [(1, "on_file")], 2: [(1, "withdrawn")], 0: [(2, "on_file")]}
    assert then(4)["grade"].risk_degree == "high" and [each.label for each in then(4)["versions"]] == ["1.0"]
    with acting(REGISTER, "model.withdrawn"):
        AIModel.objects.filter(pk=model.pk).update(
            status="withdrawn", withdrawn_at=timezone.now(), withdrawn_reason="Sold."
        )
    assert [then(days)["model"].status for days in (2, 0)] == ["registered", "withdrawn"]


def test_nothing_can_be_changed_on_a_page_of_a_past_day(client, owner, model):
    page = asked(client, owner, "model", model.pk, as_of=ago(4)).content.decode()

    assert "As it stood at the end of" in page and "Nothing can be changed here" in page
    main = page[page.index("<main") : page.index("</main>")]
    assert 'method="post"' not in main
    for name in ("inventory:add-version", "inventory:add-document", "risk:grade", "outlines"):
        assert reverse(name, args=[model.pk]) not in main


def test_a_day_before_the_model_is_refused_in_words(client, bank, owner, model):
    other = a_model(owner, number="M-0002")
    answer = asked(client, owner, "model", other.pk, as_of=ago(3))

    assert answer.status_code == 422 and "not in the register yet" in answer.content.decode()


def test_no_answer_of_today_stands_on_a_page_of_a_day_that_the_ledger_does_not_tell(client, owner, model):
    with acting(owner, "model.edited"):
        AIModel.objects.filter(pk=model.pk).update(
            name="Of today", summary="Said today", purpose="Meant today"
        )
    pages = [
        asked(client, owner, "model", model.pk, as_of=ago(2)),
        asked(client, owner, "models", as_of=ago(2)),
        asked(client, owner, "runs:checks", model.pk, as_of=ago(2)),
        asked(client, owner, "runs:findings", model.pk, as_of=ago(2)),
    ]
    for page in pages:
        said = page.content.decode()
        assert page.status_code == 200 and "M-0001" in said
        assert not any(each in said for each in ("Of today", "Said today", "Meant today"))


def test_the_list_of_models_holds_who_was_there_with_what_stood(client, bank, owner, model):
    a_model(owner, number="M-0002")
    obligations.catch_up(bank.pk)
    [line] = asked(client, owner, "models", as_of=ago(4)).context["lines"]

    assert (line.model.pk, line.model.status, line.grade.risk_degree) == (model.pk, "registered", "high")
    missing = {
        days: dict(asked(client, owner, "models", as_of=ago(days)).context["lines"][0].counts)["missing"]
        for days in DAYS
    }
    assert missing[6] == missing[2] > missing[4] == missing[0]
    assert len(asked(client, owner, "models", as_of=ago(0)).context["lines"]) == 2


def test_home_says_that_what_waited_is_not_kept_and_counts_what_is(client, owner, model):
    home = asked(client, owner, "home", as_of=ago(4))

    assert "not kept" in home.content.decode() and "waiting" not in home.context
    assert home.context["models"] == [("registered", 1)]
    assert sum(each.number for each in home.context["requirements"]) > 0


def test_a_page_that_knows_today_alone_says_so(client, owner, model):
    said = "This page shows today only"

    assert said in asked(client, owner, "owed", model.pk, as_of=ago(4)).content.decode()
    assert said not in asked(client, owner, "owed", model.pk).content.decode()
    assert said not in asked(client, owner, "obligations:past", model.pk, as_of=ago(4)).content.decode()


@pytest.mark.parametrize(
    "name", ["home", "models", "model", "runs:checks", "runs:findings", "runs:all-findings"]
)
@pytest.mark.parametrize("written", ["2099-01-01", "1999-01-01", "tomorrow"])
def test_what_is_no_day_of_the_record_is_refused(client, owner, model, name, written):
    args = [model.pk] if name in {"model", "runs:checks", "runs:findings"} else []
    assert asked(client, owner, name, *args, as_of=written).status_code == 422


def test_a_finding_stands_as_it_stood(client, owner, model):
    with acting(REGISTER, "finding.opened"):
        finding = Finding.objects.create(
            organisation_id=model.organisation_id, model=model, kind="not_run", key="k", severity="amber", summary={},
            opened_at=timezone.now() - timedelta(days=4), seen_at=timezone.now() - timedelta(days=4),
        )  # fmt: skip
        before = now()
        Finding.objects.filter(pk=finding.pk).update(severity="red")
    shown = asked(client, owner, "runs:findings", model.pk, as_of=ago(4))
    assert [(each.finding.pk, each.finding.closed_at) for each in shown.context["found"]] == [
        (finding.pk, None)
    ]
    assert asked(client, owner, "runs:findings", model.pk, as_of=ago(5)).context["found"] == []
    with viewing(owner):
        assert as_recorded([Finding.objects.get()], before)[finding.pk].severity == "amber"


def test_answers_are_replayed_from_the_ledger_change_by_change(owner, model):
    moments = {}
    for name in ("One", "Two", "Three"):
        with acting(owner, "model.edited"):
            AIModel.objects.filter(pk=model.pk).update(name=name, trading=name == "Two")
        moments[name] = now()
    with viewing(owner):
        there = AIModel.objects.get(pk=model.pk)
        then = {name: as_recorded([there], at)[model.pk] for name, at in moments.items()}
        assert {name: (each.name, each.trading) for name, each in then.items()} == {
            "One": ("One", False), "Two": ("Two", True), "Three": ("Three", False),
        }  # fmt: skip
        assert there.name == "Three"
        assert as_recorded([there], timezone.now() - timedelta(days=1))[model.pk] is None


def test_a_stranger_cannot_replay_what_they_may_not_see(owner, stranger, model):
    with viewing(owner):
        there = AIModel.objects.get(pk=model.pk)
    with acting(owner, "model.edited"):
        AIModel.objects.filter(pk=model.pk).update(name="Another")
    with viewing(stranger):
        assert as_recorded([there], timezone.now() + timedelta(days=1)) == {model.pk: None}


def test_the_interface_answers_as_of_a_day(ci, model):
    lists = {days: ci.get("/api/v1/models", {"as_of": str(ago(days))}).json() for days in DAYS}
    missing = {days: told["models"][0]["requirements"]["missing"] for days, told in lists.items()}
    assert missing[6] == missing[2] > missing[4] == missing[0]
    assert lists[4]["models"][0] | {"requirements": {}} == {
        "id": str(model.pk), "number": "M-0001", "name": None, "status": "registered", "risk_degree": "high",
        "autonomy_degree": "medium", "tier": 2, "requirements": {}, "permission": "",
    }  # fmt: skip
    one = ci.get(f"/api/v1/models/{model.pk}", {"as_of": str(ago(4))}).json()
    assert (one["status"], one["answers"], one["focus_version"]["label"]) == ("registered", None, "1.0")
    today = ci.get(f"/api/v1/models/{model.pk}", {"as_of": str(ago(0))}).json()
    assert today == ci.get(f"/api/v1/models/{model.pk}").json()
    assert ci.get("/api/v1/models").json()["models"][0]["name"] == "Model M-0001"


def test_the_interface_gives_the_matrix_of_a_day(ci, model):
    on = {days: ci.get("/api/v1/matrix", {"as_of": str(ago(days))}).json() for days in DAYS}
    missing = {days: told["totals"]["kz-ai-law"]["missing"] for days, told in on.items()}

    assert missing[6] == missing[2] > missing[4] == missing[0]
    assert on[4]["models"][0]["frameworks"]["kz-ai-law"]["requirements"] == on[4]["totals"]["kz-ai-law"]
    assert ci.get("/api/v1/matrix").json()["totals"] == on[0]["totals"]


@pytest.mark.parametrize("address", ["models", "models/{}", "matrix", "models/{}/nist-profile"])
@pytest.mark.parametrize("written", ["2099-01-01", "1999-01-01", "tomorrow"])
def test_the_interface_refuses_what_is_no_day_with_a_problem(ci, model, address, written):
    answer = ci.get(f"/api/v1/{address.format(model.pk)}", {"as_of": written})

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


def test_a_stranger_gets_the_404_of_a_missing_id(client, stranger, broker, model):
    passes(broker, 6)
    for name in ("model", "runs:checks", "runs:findings"):
        there = asked(client, stranger, name, model.pk, as_of=ago(4))
        nowhere = asked(client, stranger, name, broker.pk, as_of=ago(4))
        assert (there.status_code, there.content) == (404, nowhere.content)
    assert asked(client, stranger, "models", as_of=ago(4)).context["lines"] == []


@pytest.mark.parametrize("name", ["home", "models", "runs:all-findings"])
def test_three_models_take_as_many_queries_as_one(client, bank, owner, model, name):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert asked(client, owner, name, as_of=ago(0)).status_code == 200
        return len(captured)

    queries()
    one = queries()
    for number in (2, 3):
        a_model(owner, number=f"M-000{number}")
    obligations.catch_up(bank.pk)
    assert queries() == one
