"""A plan of drift gives single columns a method or a limit of their own, by form and by REST; what makes no sense is refused."""

from __future__ import annotations

import json

import pytest
from django.utils import translation

from governance.errors import RuleBroken
from governance.people import services as people
from governance.people.acting import acting, viewing
from monitoring.checks import CHECKS
from monitoring.runs import services as runs
from monitoring.runs.models import Measurement, Plan
from tests.factories import join, sign_in
from tests.monitoring.loans import Loans, loans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]

LINES = "hrat: wasserstein 0.2\nunem: ks\nmortg: 9"


@pytest.fixture
def things(owner) -> Loans:
    return loans(owner, bare=True)


def planned(owner, things: Loans, lines: str, **limits: object) -> Plan:
    said = {"columns": lines, **limits}
    return runs.set_plan(
        by=owner, dataset=things.dataset, check_key="drift", limits=said, reason="Our policy"
    )


@pytest.mark.parametrize(
    ("lines", "language", "said"),
    [
        ("hrat: psi\nage: 0.3", "en", "Line 2: age is no feature, score, decision or outcome"),
        ("hrat: chisquare", "en", "Line 1: the method chisquare is for categories, and hrat is a number."),
        ("hrat: -1", "ru", "Строка 1"),
        ("hrat: -1", "kk", "1-жол"),
    ],
)
def test_a_line_that_makes_no_sense_is_named_in_the_person_s_language(owner, things, lines, language, said):
    with translation.override(language), pytest.raises(RuleBroken) as refused:
        planned(owner, things, lines)
    with translation.override(language):
        [problem] = refused.value.problems
        assert problem.where == "columns" and said in str(problem.what)
    with viewing(owner):
        assert not Plan.objects.exists()


@pytest.mark.parametrize("lines", [3, None, ["hrat: psi"]])
def test_what_is_no_text_is_refused(owner, things, lines):
    with pytest.raises(RuleBroken) as refused:
        planned(owner, things, lines)
    assert [each.where for each in refused.value.problems] == ["columns"]


def test_columns_of_their_own_need_a_reason(owner, things):
    with pytest.raises(RuleBroken) as refused:
        runs.set_plan(by=owner, dataset=things.dataset, check_key="drift", limits={"columns": LINES})
    assert [each.where for each in refused.value.problems] == ["reason"]


@pytest.mark.parametrize("cells", ["evidently_equal", "frozen_baseline"])
def test_a_run_measures_each_column_as_its_plan_says(owner, things, cells):
    planned(owner, things, LINES, cells=cells)
    [run] = runs.start(by=owner, model=things.model)
    runs.work(run.pk)
    with viewing(owner):
        figures = Measurement.objects.filter(subject__in=["hrat", "unem", "mortg", "dep"])
        found = {
            each.subject: (each.metric, each.limit, each.verdict)
            for each in figures.exclude(metric__endswith="_error")
        }
        in_parts = set(figures.filter(metric__endswith="_error").values_list("metric", flat=True))
    assert found == {
        "hrat": ("wasserstein", 0.2, "passed"),
        "unem": ("ks", 0.05, "passed"),  # amber by the usual method
        "mortg": ("psi", 9.0, "passed"),
        "dep": ("psi", 0.1, "passed"),
    }
    assert in_parts == (
        {"wasserstein_error"} if cells == "frozen_baseline" else set()
    )  # `unem` has few values


def test_the_page_of_the_plan_takes_the_lines_and_shows_them_again(client, owner, things):
    address = f"/datasets/{things.dataset.pk}/checks/drift/"
    usual = CHECKS["drift"].default_limits
    said = {**usual, "columns": "hrat: magic", "every_days": "30", "reason": "Our policy 12"}
    refused = sign_in(client, owner).post(address, said)
    page = refused.content.decode()
    assert refused.status_code == 422 and "Line 1: there is no method magic" in page and "hrat: magic" in page

    assert client.post(address, {**said, "columns": LINES.replace("\n", "\r\n")}).status_code == 302
    assert "hrat: wasserstein 0.2" in client.get(address).content.decode()
    page = client.get(f"/models/{things.model.pk}/checks/").content.decode()
    assert "hrat: wasserstein 0.2<br>unem: ks<br>mortg: 9" in page


def test_a_plan_of_before_there_were_such_lines_is_shown(client, owner, things):
    plan = planned(owner, things, "")
    with acting(owner, "test.arranged"):
        Plan.objects.filter(pk=plan.pk).update(
            limits={key: value for key, value in plan.limits.items() if key != "columns"}
        )
    page = sign_in(client, owner).get(f"/models/{things.model.pk}/checks/").content.decode()
    assert "Columns with a method or a limit of their own" in page and "none: reported only" not in page


def test_rest_sets_a_plan_with_its_lines_and_refuses_them_by_line(client, owner, bank, things):
    administrator = join(bank, "administrator", email="ci@bank.example")
    scopes = ["models:read", "windows:write"]
    _token, secret = people.issue_token(by=administrator, organisation=bank, name="CI", scopes=scopes, days=1)
    address = f"/api/v1/datasets/{things.dataset.pk}/plans/drift"

    def asked(lines: str):
        said = json.dumps({"limits": {"columns": lines}, "reason": "Our policy"})
        headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
        return client.put(address, said, content_type="application/json", headers=headers)

    refused = asked("hrat: 0,x")
    assert (
        refused.status_code == 422
        and "Line 1: the limit of hrat must be a number" in refused.content.decode()
    )
    with viewing(owner):
        assert not Plan.objects.exists()
    told = asked(LINES).json()
    assert (told["check"], told["limits"]["columns"], told["reason"]) == ("drift", LINES, "Our policy")
    with viewing(owner):
        assert Plan.objects.get().limits["columns"] == LINES
