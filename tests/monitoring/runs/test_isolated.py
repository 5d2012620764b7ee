"""A run that opens a model's file: in the sandbox and said so, or not at all and said so."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path

import pandas as pd
import pytest

from governance import store
from governance.inventory import services as inventory
from governance.obligations.models import Evidence
from governance.people.acting import viewing
from monitoring.checks import CHECKS
from monitoring.checks.check import Inputs
from monitoring.runs import compute, isolated, isolation, shapes
from monitoring.runs import services as runs
from monitoring.runs.isolation import Standing
from monitoring.runs.models import Finding, Result
from monitoring.runs.words import STATES, sentence
from monitoring.runs.words import isolation as in_words
from monitoring.sandbox.levels import PROCESS, SANDBOXES
from monitoring.sandbox.proof import Proof
from monitoring.sandbox.running import Sandbox
from tests.factories import sign_in
from tests.monitoring.loans import FEATURES, a_dataset, a_model, a_window, csv, loans

pytestmark = pytest.mark.django_db


@pytest.fixture
def nothing_holds(monkeypatch) -> None:
    """A machine that allows no namespaces and has no Landlock."""
    failed = Standing(None, Proof("landlock", why="CannotIsolate: unshare: Operation not permitted"))
    monkeypatch.setattr(isolation, "standing", lambda: failed)


def explained(owner) -> Result:
    things = loans(owner)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="explanation")
    [run] = runs.start(by=owner, model=things.model)
    runs.work(run.pk)
    with viewing(owner):
        return Result.objects.select_related("run").get()


def test_beside_the_stored_result_stands_how_far_apart_it_was_made(owner, preloaded, client):
    result = explained(owner)
    told = json.loads(store.read(owner.organisation_id, result.sha256))

    assert result.verdict == "passed"
    assert "isolation" not in told and "isolation" not in result.summary
    assert result.isolation_level == isolation.standing().level
    assert "seccomp" in result.isolation["layers"]
    page = sign_in(client, owner).get(f"/runs/{result.run_id}/").content.decode()
    assert in_words(result.isolation_level) in page


def test_a_model_that_is_no_tree_is_explained_and_the_page_says_of_how_many_rows(owner, preloaded, client):
    import skops.io
    from sklearn.impute import SimpleImputer
    from sklearn.naive_bayes import GaussianNB
    from sklearn.pipeline import make_pipeline

    current = pd.read_csv(csv())
    fitted = make_pipeline(SimpleImputer(), GaussianNB()).fit(
        current[FEATURES].to_numpy(float), current["approve"]
    )
    model = a_model(owner)
    said = {"artefact": io.BytesIO(skops.io.dumps(fitted)), "artefact_name": "model.skops"}
    inventory.add_version(by=owner, model=model, label="1.0", features=FEATURES, **said)
    dataset = a_dataset(owner, model, prediction="")
    a_window(owner, dataset)
    runs.set_plan(by=owner, dataset=dataset, check_key="explanation")
    [run] = runs.start(by=owner, model=model)
    runs.work(run.pk)
    with viewing(owner):
        result = Result.objects.get()
    told = json.loads(store.read(owner.organisation_id, result.sha256))

    assert result.verdict in ("passed", "uncertain")
    assert (told["engine"], told["rows"]["explained"]) == ("shap.PermutationExplainer", 100)
    assert (told["method"]["explained_rows"], told["method"]["background_rows"]) == (100, 50)
    page = sign_in(client, owner).get(f"/runs/{run.pk}/").content.decode()
    assert "at most 100 rows of the current data period, each against at most 50" in page


def test_where_nothing_holds_the_file_is_not_run_and_that_is_a_finding(owner, nothing_holds):
    result = explained(owner)

    assert (result.verdict, result.run.status, result.run.attempts) == ("not_run", "done", 1)
    assert str(STATES[result.verdict]) == "Could not run"
    assert sentence("explanation", result.summary).startswith(
        "Not run: the machine of the worker cannot isolate"
    )
    with viewing(owner):
        finding = Finding.objects.get()
        evidence = Evidence.objects.get(kind="check:explainability")
    assert (finding.kind, finding.closed_at, evidence.verdict) == ("not_run", None, "not_run")


def test_what_opens_no_file_of_a_model_is_measured_all_the_same(owner, nothing_holds, preloaded):
    things = loans(owner, bare=True)
    runs.set_plan(by=owner, dataset=things.dataset, check_key="fairness")
    [run] = runs.start(by=owner, model=things.model)
    runs.work(run.pk)
    with viewing(owner):
        result = Result.objects.get()
    assert result.verdict not in ("not_run", "")
    assert result.isolation == {} and result.isolation_level == ""


def test_a_mere_process_has_to_be_allowed_by_name(monkeypatch):
    tried = []

    def prove(sandbox, level, outside):
        tried.append(level)
        return Proof(level, tried=("tcp",), open=("tcp",))

    monkeypatch.setattr(isolation.proof, "prove", prove)
    assert isolation.tried(Sandbox([], {}), allowed="sandbox").level is None
    assert tried == list(SANDBOXES)
    allowed = isolation.tried(Sandbox([], {}), allowed="process")
    assert (allowed.level, allowed.proof.open) == (PROCESS, ("tcp",))
    assert in_words(PROCESS).startswith("not isolated")


def test_the_best_that_holds_is_taken_even_where_less_is_allowed(monkeypatch):
    monkeypatch.setattr(
        isolation.proof, "prove", lambda sandbox, level, outside: Proof(level, tried=("tcp",))
    )
    assert isolation.tried(Sandbox([], {}), allowed="process").level == SANDBOXES[0]


def test_what_was_tried_is_kept_and_logged(home, caplog):
    isolation.standing.cache_clear()
    with caplog.at_level(logging.INFO, logger=isolation.__name__):
        isolation.keep()
    [kept] = isolation.kept()
    standing = isolation.standing()
    assert (kept.level, kept.open) == (standing.level or "", standing.proof.open)
    assert {"database", "broker"} <= set(standing.proof.tried)
    assert f"level {standing.level}" in caplog.text and "attempts refused" in caplog.text
    (home / "isolation" / "other.json").write_text("{")
    assert len(isolation.kept()) == 1


def a_swarm(*points, feature="a"):
    return {"swarm": [{"feature": feature, "points": list(points)}]}


def a_proxy(**change):
    estimate = {"value": 0.6, "low": 0.5, "high": 0.7, "n": 100}
    found = {
        "feature": "a",
        "attribute": "sex",
        "measure": "cramers_v",
        "association": estimate,
        "share": 1.0,
        "stands_in": True,
    }
    return {
        "attributes": ["sex"],
        "untold": [],
        "features": 1,
        "least": 0.5,
        "found": [found],
        "share": estimate,
        **change,
    }


def problem_of_forged(**change):
    """The child answers as it should, but for `change`."""
    inputs = Inputs(features=("a",), sensitive=("sex",), artefact=None, seed=1, digests={"current": "c"})
    estimate = {"value": 1.0, "low": 1.0, "high": 1.0, "n": 3}
    honest = {
        "kind": "explanation",
        "method": {"instrument": "shap"},
        "importances": [{"feature": "a", "rank": 1, "mean_abs": estimate, "share": 1.0, "sensitive": False}],
        "top": ["a"],
        "base_value": 0.0,
        "sensitive_share": estimate,
        "sensitive_inputs": [],
        "proxies": None,
        "agreement": None,
        "rank_error": {"change": estimate, "top": 1},
        "swarm": [{"feature": "a", "points": [[0.5, 0.25], [1.0, None]]}],
        "stability": {"status": "measured", "agreement": estimate, "rankings": 10},
        "moved": None,
        "fidelity": None,
        "additivity_error": 0.0,
        "margin_scale": 1.0,
        "rows": {"total": 3, "explained": 3},
        "replicates": 200,
        "engine": "x",
        "seed": 1,
        "inputs": {"current": "c"},
        "libraries": {"shap": "1"},
        "check_version": 5,
    }
    return shapes.problem_of(CHECKS["explanation"], inputs, {**honest, **change})


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, ""),
        ({"inputs": {"current": "another"}}, ".inputs not what was asked"),
        ({"seed": 2}, ".seed not what was asked"),
        ({"kind": "drift"}, ".kind not what was asked"),
        ({"check_version": 4}, ".check_version not what was asked"),
        ({"top": ["b"]}, ".top [0] not one of the words"),
        ({"fidelity": {"value": 1.0, "low": 1.0, "high": 1.0, "n": 3}}, ".fidelity not what was asked"),
        (a_swarm([0.5, 1.5]), ".swarm [0] .points [0] no place between 0 and 1"),
        (a_swarm(*[[0.5, 0.5]] * 201), ".swarm [0] .points too many"),
        (a_swarm([0.5, 0.5], feature="b"), ".swarm [0] .feature not one of the words"),
        ({"margin_scale": 0}, ".margin_scale not above zero"),
        ({"proxies": a_proxy()}, ""),
        ({"proxies": a_proxy(least=0.9)}, ".proxies .least not what was asked"),
        ({"proxies": a_proxy(untold=["faith"])}, ".proxies .untold [0] not one of the words"),
        ({"isolation": {"level": "namespaces"}}, "not these fields"),
    ],
)
def test_an_answer_says_nothing_of_what_we_know_ourselves(change, problem):
    assert problem_of_forged(**change) == problem


def test_a_check_that_may_open_files_has_a_shape():
    opens = {key for key, check in CHECKS.items() if check.opens(_WITH_EVERYTHING)}
    assert opens == set(shapes.SHAPES) == {"explanation", "fairness", "performance", "robustness"}


def test_an_answer_that_does_not_fit_is_a_failed_attempt(monkeypatch, tmp_path):
    """The child may be in a stranger's hands: what it says of itself is not believed."""
    (tmp_path / "model").write_text("{}")
    inputs = Inputs(artefact=tmp_path / "model", current=tmp_path / "model", features=("a",))
    entry = "tests.monitoring.sandbox.hostile:pretend"
    monkeypatch.setattr(isolated.apart, "ENTRY", entry)
    with pytest.raises(compute.Died, match="answer malformed"):
        compute.measured("explanation", inputs, lambda percent, phase: True)


_WITH_EVERYTHING = Inputs(
    artefact=Path("model"), artefact_format="xgboost_json", threshold=0.5, features=("a",)
)
