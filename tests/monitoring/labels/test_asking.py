"""What happens to the checks when outcomes arrive: real runs, from the delivery to the evidence and the same sum again."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sklearn.metrics import roc_auc_score

from governance import store
from governance.obligations.models import Evidence
from governance.people.acting import viewing
from monitoring.labels import services as labels
from monitoring.recomputing import services as recomputing
from monitoring.recomputing.models import Recomputation
from monitoring.runs import services as runs
from monitoring.runs.models import Finding, Measurement, Result, Run
from monitoring.runs.words import sentence
from tests.factories import join
from tests.monitoring.labels.cases import Book, a_book, a_period, drawn, hand_in, outcomes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("preloaded")]


@pytest.fixture
def book(owner) -> Book:
    its = a_book(owner)
    for key in ("performance", "fairness"):
        runs.set_plan(by=owner, dataset=its.dataset, check_key=key)
    return its


def asked(owner) -> list[Run]:
    """What the schedule asks now and a worker answers, in order."""
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        due = list(Run.objects.unfinished().order_by("check_key", "window__name"))
    for run in due:
        runs.work(run.pk)
    with viewing(owner):
        keys = [run.pk for run in due]
        answered = Run.objects.filter(pk__in=keys).select_related("result", "window", "labels")
        return sorted(answered, key=lambda run: (run.check_key, run.window.name))


def told(owner, run: Run) -> dict:
    return json.loads(store.read(owner.organisation_id, run.result.sha256))


def evidence_of(owner, kind: str) -> str:
    with viewing(owner):
        return Evidence.objects.standing().filter(kind=kind).latest("taken_at").verdict


def test_without_outcomes_performance_is_not_measured_and_never_green(owner, book):
    fairness, performance = asked(owner)

    assert performance.result.verdict == "insufficient_data"
    words = sentence("performance", performance.result.summary)
    assert words.startswith("No labels yet: not measured. The outcome of none of the 200 rows is known.")
    with viewing(owner):
        assert not Measurement.objects.filter(result=performance.result).exists()
        assert Finding.objects.open().get(check_key="performance").kind == "not_run"
    assert evidence_of(owner, "check:performance") == "insufficient_data"
    assert told(owner, fairness)["rows"]["without_label"] == 200


def test_arriving_outcomes_ask_the_checks_that_read_them_over_all_rows(owner, book):
    asked(owner)
    assert asked(owner) == []
    delivery = hand_in(owner, book.current, outcomes(book.cases))

    fairness, performance = asked(owner)

    result = told(owner, performance)
    assert result["inputs"]["labels"] == delivery.sha256
    assert result["inputs"]["current"] == book.current.sha256
    scores, truth = [score for _, score, _, _ in book.cases], [outcome for *_, outcome in book.cases]
    now = result["periods"]["current"]
    assert (now["rows"], now["n"], now["without_label"]) == (200, 200, 0)
    assert now["auc"]["value"] == pytest.approx(roc_auc_score(truth, scores), abs=1e-12)
    assert performance.labels_id == fairness.labels_id == delivery.pk
    assert told(owner, fairness)["rows"]["without_label"] == 0
    with viewing(owner):
        share = Measurement.objects.get(result=performance.result, metric="labelled_share_current")
        assert (share.value, share.n) == (1.0, 200)
        assert not Finding.objects.open().filter(check_key="performance", kind="not_run").exists()
    assert asked(owner) == []


def test_too_few_known_outcomes_are_too_few_rows(owner, book):
    hand_in(owner, book.current, outcomes(book.cases[:49]))
    _fairness, performance = asked(owner)
    assert performance.result.verdict == "insufficient_data"
    assert "Only 49 rows" in sentence("performance", performance.result.summary)
    with viewing(owner):
        share = Measurement.objects.get(result=performance.result, metric="labelled_share_current")
    assert (share.value, share.n) == (0.245, 200)


def test_outcomes_of_an_older_data_period_ask_about_it_and_become_the_evidence(owner, book):
    """Labels come months later: by then newer data periods are there, of which nothing is known yet."""
    asked(owner)
    a_period(owner, book.dataset, "February 2026", drawn(200, first=2001, seed=3), date(2026, 2, 28))
    assert [run.window.name for run in asked(owner)] == ["February 2026", "February 2026"]
    hand_in(owner, book.current, outcomes(book.cases))

    _fairness, performance = asked(owner)

    assert (performance.window.name, performance.labels.number) == ("January 2026", 1)
    assert performance.result.verdict in ("passed", "uncertain")
    assert evidence_of(owner, "check:performance") == performance.result.verdict
    assert asked(owner) == []
    runs.start(by=owner, model=book.model)  # February is asked again and still knows nothing
    asked(owner)
    assert evidence_of(owner, "check:performance") == performance.result.verdict


def test_withdrawn_outcomes_take_their_evidence_back(owner, book):
    delivery = hand_in(owner, book.current, outcomes(book.cases))
    _fairness, performance = asked(owner)
    labels.withdraw(by=owner, labels=delivery, reason="of another product")
    runs.catch_up(owner.organisation_id)
    with viewing(owner):
        standing = Evidence.objects.standing().filter(source_id=performance.pk)
        assert not standing.exists()


def test_a_run_is_computed_again_with_the_outcomes_it_had_although_more_came_since(owner, book, bank):
    hand_in(owner, book.current, outcomes(book.cases[:120]))
    _fairness, performance = asked(owner)
    hand_in(owner, book.current, outcomes(book.cases))
    validator = join(bank, "validator", email="validator@bank.example")
    again = recomputing.recompute(by=validator, run=performance)
    recomputing.work(owner.organisation_id, again.pk)
    with viewing(owner):
        done = Recomputation.objects.get(pk=again.pk)
        assert (done.status, done.outcome) == ("done", "equal")
        assert Result.objects.filter(run=performance).get().sha256 == done.digest
