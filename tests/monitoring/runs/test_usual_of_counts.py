"""Where counts come first, drift is proposed over the cells of the reference alone: counts and rows give the same figures."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from governance.errors import RuleBroken
from governance.people import services as people
from governance.people.acting import acting, viewing
from monitoring.checks import CHECKS
from monitoring.counting import documents, making
from monitoring.data import receiving
from monitoring.data import services as data
from monitoring.data.models import Dataset
from monitoring.runs import queries, usual
from monitoring.runs import services as runs
from monitoring.runs.models import Measurement, Plan
from tests.factories import join, sign_in
from tests.monitoring.counting.files import a_file
from tests.monitoring.loans import FEATURES, a_model, a_version, a_window
from tests.monitoring.shielding.rows import grounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]

DRIFT = CHECKS["drift"]
FROZEN, EVIDENTLY = "frozen_baseline", "evidently_equal"
SENTENCE = "because they are handed in as counts first"
NUMBERS = {"M-0001": "rows", "M-0002": "counts"}


def described(owner, name: str = "Applications", *, secret: bool = True, model: Any = None) -> Dataset:
    model = model or a_model(owner)
    return data.describe(
        by=owner, model=model, name=name, features=FEATURES, prediction="approve", personal=False,
        bank_secret=secret, protection_reason="",
    )  # fmt: skip


@pytest.fixture
def dataset(owner) -> Dataset:
    """A bank secret, so counts come first."""
    found = described(owner)
    assert found.is_counted_first
    return found


def figures(owner, dataset: Dataset) -> dict[str, float | None]:
    """The drift of each feature by the real worker."""
    [run] = runs.start(by=owner, model=dataset.model)
    runs.work(run.pk)
    with viewing(owner):
        found = Measurement.objects.filter(result__run=run, metric="psi")
        return {each.subject: each.value for each in found if each.subject in FEATURES}


def cells(plan: Plan) -> str:
    return str(plan.limits["cells"])


def test_the_frozen_baseline_is_proposed_where_counts_come_first_and_nowhere_else(owner, dataset):
    public = described(owner, "Public", secret=False, model=dataset.model)
    assert not public.is_counted_first
    found = {each.check_key: each for each in runs.set_default_plans(by=owner, dataset=dataset)}
    assert found["drift"].limits == DRIFT.default_limits | {"cells": FROZEN}
    assert found["drift"].basis["limits"]["otherwise"] == {}
    elsewhere = {each.check_key: each for each in runs.set_default_plans(by=owner, dataset=public)}
    assert elsewhere["drift"].limits == DRIFT.default_limits
    for key in elsewhere.keys() - {"drift"}:
        assert found[key].limits == elsewhere[key].limits
    with viewing(owner):
        board = queries.board(dataset.model)
    proposed = {each.dataset.name: each.usual["cells"] for each in board.asked if each.check is DRIFT}
    assert proposed == {"Applications": FROZEN, "Public": EVIDENTLY}
    assert not [each for each in board.asked if each.proposed_limits]


def test_the_page_of_the_plan_says_why_in_one_sentence(client, owner, dataset):
    public = described(owner, "Public", secret=False, model=dataset.model)
    sign_in(client, owner)
    page = client.get(f"/datasets/{dataset.pk}/checks/drift/")
    told = page.content.decode()
    assert SENTENCE in told and "the reference alone (frozen baseline)" in told
    assert page.context["form"].fields["cells"].initial == FROZEN
    for other in (f"/datasets/{public.pk}/checks/drift/", f"/datasets/{dataset.pk}/checks/quality/"):
        assert SENTENCE not in client.get(other).content.decode()


def test_another_choice_needs_a_reason_and_a_plan_that_a_person_set_stays(client, owner, dataset):
    with pytest.raises(RuleBroken) as refused:
        runs.set_plan(by=owner, dataset=dataset, check_key="drift", limits={"cells": EVIDENTLY})
    assert [each.where for each in refused.value.problems] == ["reason"]
    chosen = {"cells": EVIDENTLY}
    plan = runs.set_plan(by=owner, dataset=dataset, check_key="drift", limits=chosen, reason="Policy 12")
    assert cells(plan) == EVIDENTLY and plan.basis["limits"]["otherwise"] == {"cells": FROZEN}
    assert [each.check_key for each in runs.set_default_plans(by=owner, dataset=dataset)] != []
    assert cells(runs.follow_proposal(by=owner, dataset=dataset, check_key="drift")) == EVIDENTLY


def test_a_plan_that_was_taken_over_before_stays_until_somebody_follows_the_proposal(owner, dataset):
    plan = runs.set_plan(by=owner, dataset=dataset, check_key="drift")
    with acting(owner, "test.arranged"):
        Plan.objects.filter(pk=plan.pk).update(limits=DRIFT.default_limits)
    with viewing(owner):
        [asked] = [each for each in queries.board(dataset.model).asked if each.check is DRIFT]
        assert cells(Plan.objects.get()) == EVIDENTLY
    assert [said for _title, said in asked.proposed_limits] == ["the reference alone (frozen baseline)"]
    assert cells(runs.follow_proposal(by=owner, dataset=dataset, check_key="drift")) == FROZEN


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"limits_from": "own_periods"}, EVIDENTLY),
        ({"numeric_method": "evidently"}, EVIDENTLY),
        ({"columns": "hrat: evidently"}, EVIDENTLY),
        ({"columns": "hrat: wasserstein 0.2"}, FROZEN),
        ({"numeric_method": "psi_deciles"}, FROZEN),
    ],
)
def test_a_choice_that_asks_for_the_rows_of_the_reference_keeps_its_cells(
    owner, bank, client, limits, expected
):
    """By REST a plan names only what it wants otherwise; one that no run could answer is not made of it."""
    dataset = described(owner)
    administrator = join(bank, "administrator", email="ci@bank.example")
    scopes = ["models:read", "windows:write"]
    _token, secret = people.issue_token(by=administrator, organisation=bank, name="CI", scopes=scopes, days=1)
    told = client.put(
        f"/api/v1/datasets/{dataset.pk}/plans/drift",
        json.dumps({"limits": limits, "reason": "Policy 12"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert told.status_code == 200 and told.json()["limits"]["cells"] == expected
    assert usual.of_data(dataset, DRIFT, {"columns": "hrat 0,x"}) == {"cells": FROZEN}


def test_the_proposed_plan_gives_the_same_figures_over_counts_and_over_rows(owner, tmp_path):
    """Real applications, both ways, from the description to the result; cells that a document hides are told apart."""
    of = {way: described(owner, way, model=a_model(owner, number=n)) for n, way in NUMBERS.items()}
    for dataset in of.values():
        a_version(owner, dataset.model, bare=True)
        runs.set_plan(by=owner, dataset=dataset, check_key="drift")
    for part in ("reference", "current"):
        a_window(owner, of["rows"], part, **grounds())
        with viewing(owner):
            plan = receiving.plan_of_counts(of["counts"], part)
        content = documents.canonical(making.document(a_file(tmp_path, part), plan))
        said = {"name": part, "part": part, "file": io.BytesIO(content), "file_name": f"{part}.json"}
        data.add_window(by=owner, dataset=of["counts"], **said)
    over_rows, over_counts = (figures(owner, of[way]) for way in ("rows", "counts"))
    told = {name for name, value in over_counts.items() if value is not None}
    others = {name for name in told if over_rows[name] != pytest.approx(over_counts[name], abs=1e-12)}
    assert len(told) == 7 and others == {"dep"}, "two missing values of it are hidden with a cell"
    assert over_counts["dep"] < over_rows["dep"], "what is hidden is laid together, which can only hide drift"
