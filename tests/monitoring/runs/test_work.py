"""One run from the plan to the evidence, with real engines in a real child process."""

from __future__ import annotations

import hashlib
import json

import pytest

from governance import store
from governance.obligations.models import Evidence
from governance.people.acting import acting, viewing
from monitoring.checks import CHECKS
from monitoring.data import services as data
from monitoring.data.models import Window
from monitoring.runs import services as runs
from monitoring.runs.models import Finding, Measurement, Result, Run
from monitoring.runs.words import sentence
from tests.factories import sign_in
from tests.monitoring.loans import OF_ROWS, a_dataset, a_model, a_version, a_window, loans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]


def answer_all(owner, model) -> dict[str, Result]:
    runs.start(by=owner, model=model)
    with viewing(owner):
        ids = list(Run.objects.filter(model=model).values_list("pk", flat=True))
    for run_id in ids:
        runs.work(run_id)
    with viewing(owner):
        return {each.run.check_key: each for each in Result.objects.filter(model=model).select_related("run")}


@pytest.fixture
def answered(owner):
    things = loans(owner)
    runs.set_default_plans(by=owner, dataset=things.dataset)
    return things, answer_all(owner, things.model)


def test_each_check_leaves_a_result_with_figures_and_evidence(answered, owner):
    _things, results = answered
    assert set(results) == set(OF_ROWS)
    assert {result.run.status for result in results.values()} == {"done"}
    with viewing(owner):
        evidence = {each.kind: each for each in Evidence.objects.filter(source__startswith="plan:")}
        measured = set(Measurement.objects.values_list("metric", flat=True))
    kinds = {CHECKS[key].evidence.removeprefix("check:"): key for key in OF_ROWS}
    for kind, check in kinds.items():
        row, result = evidence[f"check:{kind}"], results[check]
        assert (row.verdict, row.digest, row.source_id) == (result.verdict, result.sha256, result.run_id)
        assert row.version_id == result.run.version_id
    assert {"psi", "drifted_share", "selection_rate", "demographic_parity_ratio", "mean_abs_shap"} <= measured
    assert {"accuracy_fall", "auc_fall", "auc_current", "brier_reference"} <= measured


def test_the_stored_result_names_its_inputs_and_libraries(answered, owner):
    things, results = answered
    content = store.read(owner.organisation_id, results["drift"].sha256)
    told = json.loads(content)
    assert hashlib.sha256(content).hexdigest() == results["drift"].sha256
    assert told["inputs"]["current"] == things.windows["current"].sha256
    assert told["inputs"]["reference"] == things.windows["reference"].sha256
    assert told["seed"] == 1 and told["limits"]["drifted_share"] == 0.5
    assert "evidently" in told["libraries"]


def test_the_same_inputs_give_the_same_digest(answered, owner):
    things, first = answered
    digests = {key: result.sha256 for key, result in first.items()}
    answer_all(owner, things.model)
    with viewing(owner):
        assert Result.objects.count() == 2 * len(OF_ROWS)
        assert set(Result.objects.values_list("sha256", flat=True)) == set(digests.values())


def test_amber_opens_a_finding_that_stays_while_the_answer_is_the_same(answered, owner):
    things, results = answered
    assert results["drift"].verdict == "amber"
    with viewing(owner):
        finding = Finding.objects.get(run=results["drift"].run)
    assert (finding.kind, finding.severity, finding.closed_at) == ("check", "amber", None)
    assert "features have drifted" in sentence("drift", finding.summary)
    answer_all(owner, things.model)
    with viewing(owner):
        again = Finding.objects.get(check_key="drift")
    assert (again.pk, again.opened_at, again.closed_at) == (finding.pk, finding.opened_at, None)
    assert again.run_id != finding.run_id


def test_without_an_artefact_the_column_of_decisions_is_judged(owner):
    things = loans(owner, bare=True)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="fairness")
    runs.set_plan(by=owner, dataset=things.dataset, check_key="robustness")
    results = answer_all(owner, things.model)
    assert results["robustness"].verdict == "not_run"
    assert "an artefact of the version" in sentence("robustness", results["robustness"].summary)
    told = json.loads(store.read(owner.organisation_id, results["fairness"].sha256))
    assert told["source"] == "prediction"
    with viewing(owner):
        assert Finding.objects.get(run=results["robustness"].run).kind == "not_run"


def test_a_version_that_lacks_what_the_check_needs_has_not_run_for_nobody_said_that_it_does_not_apply(
    client, owner
):
    """The first version brings an artefact, the second none, and the data have no column of decisions."""
    things = loans(owner)
    second = a_version(owner, things.model, "2.0", bare=True)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="fairness")
    answer_all(owner, things.model)
    with viewing(owner):
        result = Result.objects.select_related("run").get(run__version=second)
        assert Result.objects.get(run__version=things.version).verdict in ("passed", "uncertain", "failed")
        assert [each.verdict for each in Evidence.objects.filter(version=second)] == ["not_run"]
        finding = Finding.objects.get(version=second)
    assert (result.verdict, finding.kind, finding.severity) == ("not_run", "not_run", "amber")
    assert "a score or an artefact with a decision threshold" in sentence("fairness", finding.summary)
    page = sign_in(client, owner).get(f"/runs/{result.run_id}/").content.decode()
    assert "Could not run" in page and "Not applicable" not in page and "state-good" not in page


def test_without_an_artefact_a_stand_in_for_the_decisions_is_explained_or_refused(owner):
    """The people's own decisions follow these columns only loosely, so the stand-in does not speak for them."""
    things = loans(owner, bare=True)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="explanation")
    result = answer_all(owner, things.model)["explanation"]
    assert (result.verdict, result.summary["key"], result.isolation_level) == (
        "failed",
        "unfaithful",
        "",
    )
    assert "the stand-in for it repeats too little of its answers" in sentence("explanation", result.summary)
    with viewing(owner):
        fidelity = Measurement.objects.get(result=result, metric="fidelity")
    assert fidelity.value is not None and fidelity.value < 0.8 and fidelity.n == 307


def test_a_refusal_ends_the_run_with_a_finding_and_is_not_tried_for_ever(owner):
    """The artefact reads columns that this dataset's file does not have."""
    model = a_model(owner)
    a_version(owner, model)
    dataset = a_dataset(owner, model, features=["loanamt"], prediction="", label="")
    narrow = b"loanamt,white,male\n" + b"100,1,0\n200,0,1\n" * 60
    from io import BytesIO

    a_window(owner, dataset, file=BytesIO(narrow))
    runs.set_plan(by=owner, dataset=dataset, check_key="fairness")
    result = answer_all(owner, model)["fairness"]
    assert (result.verdict, result.run.status, result.run.attempts) == ("insufficient_data", "done", 1)
    words = sentence("fairness", result.summary)
    assert "appinc" in words and "lacks columns" in words
    with viewing(owner):
        assert Finding.objects.get().severity == "amber"
        assert Evidence.objects.get(kind="check:fairness").verdict == "insufficient_data"


def test_what_was_withdrawn_meanwhile_is_not_measured(owner):
    things = loans(owner)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="explanation")
    [run] = runs.start(by=owner, model=things.model)
    data.withdraw_window(by=owner, window=things.windows["current"], reason="wrong month")
    runs.work(run.pk)
    with viewing(owner):
        assert Result.objects.get().verdict == "not_applicable"
        assert not Evidence.objects.filter(source__startswith="plan:").exists()


def test_evidence_over_withdrawn_data_is_taken_back(answered, owner):
    things, _results = answered
    data.withdraw_window(by=owner, window=things.windows["current"], reason="wrong month")
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        assert not Evidence.objects.standing().filter(source__startswith="plan:").exists()


def test_a_damaged_window_is_a_failed_attempt_and_in_the_end_a_finding(owner, home):
    things = loans(owner)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="explanation")
    [run] = runs.start(by=owner, model=things.model)
    with viewing(owner):
        sha256 = Window.objects.get(part="current").sha256
    for path in home.rglob(sha256):
        path.write_bytes(b"not what was stored")
    for _attempt in range(5):
        runs.work(run.pk)
    with viewing(owner):
        run = Run.objects.get()
        finding = Finding.objects.get()
        assert not Result.objects.exists()
    assert (run.status, run.attempts, finding.severity) == ("failed", 5, "red")
    assert "a stored file is missing or damaged" in sentence("explanation", finding.summary)


def test_a_run_of_another_organisation_is_not_worked_on_as_ours(owner, stranger):
    things = loans(owner)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="explanation")
    [run] = runs.start(by=owner, model=things.model)
    with viewing(stranger):
        assert not Run.objects.filter(pk=run.pk).exists()
    with acting(stranger, "run.attacked"):
        assert Run.objects.filter(pk=run.pk).update(status="done") == 0
