"""A broker's trading model on the S&P 500: approved in calm years, red in 2008Q4 and not earlier, suspended, not lifted.

The data are real (`arch`), the model is a plain logistic regression, scored out of sample. How it was chosen stands in
docs/decisions/2026-11-22-the-trading-models-story.md, what each chapter does in governance/demo/trading/story.py.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from audits.models import LedgerEntry
from governance.demo.cast import BROKER, OTHER_BANK, REGISTER
from governance.demo.proofs import figure
from governance.demo.stage import READS
from governance.demo.trading.story import AFTER_IT, CRISIS, TO_THE_CRISIS, VERSION, play
from governance.people.acting import viewing
from monitoring.runs.models import Finding
from tests.journeys.browsing import NARROW, WIDE, chromium, reader

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journey")]


@pytest.fixture(scope="module")
def story(senim) -> Any:
    return senim.play(play)


def of(story: Any, check: str) -> list[str]:
    return [story.quarters[name][check]["verdict"] for name in (*TO_THE_CRISIS, *AFTER_IT)]


def test_the_first_red_quarter_is_2008Q4_and_not_earlier(story):
    assert of(story, "drift") == [*["passed"] * 7, "failed", "amber", "amber", *["passed"] * 2]


def test_the_limits_come_from_the_references_own_quarters(story):
    volatility = figure(story.quarters[CRISIS]["drift"], "wasserstein", "volatility_20d")

    assert volatility["verdict"] == "amber"  # one feature alone is never red
    assert 6.5 < volatility["value"] < 8
    assert 3.5 < volatility["limit"] < 4.5  # one and a half times the farthest own quarter, 2002Q3


def test_performance_falls_with_it_beyond_its_interval_and_in_no_other_quarter(story):
    falls = {name: figure(run["performance"], "auc_fall", "") for name, run in story.quarters.items()}

    assert [name for name, fall in falls.items() if fall["low"] > 0] == [CRISIS]
    assert [name for name, fall in falls.items() if fall["verdict"] == "failed"] == [CRISIS]
    assert 0.15 < falls[CRISIS]["value"] < 0.2
    accuracy = figure(story.quarters[CRISIS]["performance"], "accuracy_fall", "")
    assert accuracy["low"] < 0 < accuracy["value"]  # the hit rate alone would have proved nothing


def test_both_together_open_one_incident_that_names_the_quarter(story):
    [incident] = story.ci.get(f"/models/{story.model_id}/incidents")

    assert (incident["kind"], incident["version"]) == ("drift_and_performance", VERSION)
    assert CRISIS in incident["title"]


def test_drift_alone_is_a_finding_and_no_incident(senim, story):
    with senim.database(), viewing(REGISTER):
        findings = Finding.objects.filter(model_id=UUID(story.model_id), check_key="drift")
        told = {each.window.name: (each.severity, each.incident_id is not None) for each in findings}

    assert told == {CRISIS: ("red", True), "2009Q1": ("amber", False), "2009Q2": ("amber", False)}


def test_when_the_features_were_back_the_score_alone_was_not(story):
    figures = story.quarters["2009Q2"]["drift"]["measurements"]
    assert [each["subject"] for each in figures if each["verdict"] == "amber"] == ["score"]
    assert figure(story.quarters["2009Q2"]["drift"], "drifted_share", "")["value"] == 0


def test_the_gate_denies_within_a_second_of_the_suspension(story):
    assert 0 < story.denied_after < 1


def test_the_committee_rejected_the_lift_so_the_gate_still_denies(senim, story):
    answer = story.gate(VERSION, "", expected="deny")

    assert [reason["key"] for reason in answer["statement"]["reasons"]] == ["suspended"]
    with senim.database(), viewing(REGISTER):
        rows = LedgerEntry.objects.filter(organisation_id=story.cast.organisations[BROKER.bin])
        actions = set(rows.values_list("action", flat=True))
    assert {"permission.suspended", "approval.lift_requested", "approval.voted"} <= actions


def test_another_firm_sees_nothing_of_it(senim, story):
    with senim.database():
        elsewhere = story.stage.machine(OTHER_BANK, READS)

    elsewhere.get(f"/models/{story.model_id}", status=404)
    elsewhere.get(f"/models/{story.model_id}/incidents", status=404)


@pytest.mark.browser
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_its_pages_are_drawn_with_the_heat_map_of_all_quarters(senim, story, size):
    with chromium() as browser:
        owner = reader(browser, senim.url)
        owner.remembers("en")
        owner.page.set_viewport_size(size)
        owner.signs_in(BROKER.part("model_owner").email, senim.cast.password)
        for path, name in (
            (f"{story.page}/", "model"),
            (f"{story.page}/checks/", "checks"),
            (story.incident, "incident"),
        ):
            owner.opens(path)
            seen = owner.sees()
            owner.shoots(f"trading-{name}-{size['width']}")
            assert (seen["undrawn"], seen["broken"], seen["violations"]) == (0, [], []), path
            assert seen["needed"] <= seen["room"], path
        assert owner.complaints == []
