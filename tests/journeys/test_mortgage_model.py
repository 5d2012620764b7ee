"""A bank's mortgage model is registered, checked, refused, mitigated, approved and allowed: Senim on one page.

The data are real: mortgage applications that the Federal Reserve Bank of Boston published (Wooldridge's `loanapp`),
the periods outside and inside Suffolk county. People use pages, the bank's CI uses REST, a worker runs the checks; all
of it runs as `make up` starts it. What each chapter does stands in governance/demo/mortgage/story.py, what it must prove here.
"""

from __future__ import annotations

from typing import Any

import pytest

from audits.models import LedgerEntry
from governance.demo.cast import BANK, FIRMS, OTHER_BANK, REGISTER
from governance.demo.mortgage.story import FAIRNESS
from governance.demo.proofs import digest_of, figure
from governance.inventory.models import AIModel
from governance.people import recognition
from governance.people.acting import viewing
from governance.people.models import User
from governance.risk.models import RiskAssessment

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journey")]


def because(answer: dict[str, Any]) -> list[str]:
    """The reasons that the gate signed."""
    return [reason["key"] for reason in answer["statement"]["reasons"]]


def test_a_model_owner_registers_the_model_and_it_is_graded(senim):
    story = senim.tell("the model is registered")

    model = story.ci.get(f"/models/{story.model_id}")

    assert (model["number"], model["status"], model["missing"]) == ("M-0001", "registered", [])
    with senim.database(), viewing(REGISTER):
        grade = RiskAssessment.objects.get(model_id=story.model_id)
    assert (grade.risk_degree, grade.autonomy_degree, grade.tier) == ("high", "medium", 1)


def test_version_1_fails_the_four_fifths_rule_on_its_real_data(senim):
    runs = senim.tell("version 1 is checked").verdicts["1"]

    ratio = figure(runs["fairness"], "demographic_parity_ratio", "race")

    assert (runs["fairness"]["verdict"], ratio["verdict"], ratio["limit"], ratio["n"]) == (
        "failed",
        "failed",
        0.8,
        307,
    )
    assert [round(ratio[each], 2) for each in ("low", "value", "high")] == [0.65, 0.75, 0.84]
    assert (
        figure(runs["fairness"], "accuracy", "sex=?")["verdict"] == "insufficient_data"
    )  # three people are no group


def test_drift_is_amber_and_the_explanation_is_stable(senim):
    runs = senim.tell("version 1 is checked").verdicts["1"]

    share = figure(runs["drift"], "drifted_share", "")

    assert (runs["drift"]["verdict"], round(share["value"] * 33), share["n"]) == ("amber", 7, 33)
    assert runs["explanation"]["verdict"] == "passed"


def test_the_gate_denies_version_1_for_its_fairness_and_not_for_its_drift(senim):
    answer = senim.tell("version 1 is denied").gate("1", "v1.json", expected="deny")

    assert because(answer) == ["not_authorised", "blocking_duty"]
    assert answer["statement"]["reasons"][1]["params"] == {"obligation": FAIRNESS, "status": "failing"}


def test_version_2_passes_so_narrowly_that_the_verdict_is_uncertain(senim):
    run = senim.tell("version 2 is checked").verdicts["2"]["fairness"]

    ratio = figure(run, "demographic_parity_ratio", "race")

    assert (run["verdict"], ratio["verdict"]) == ("uncertain", "uncertain")
    assert [round(ratio[each], 2) for each in ("low", "value", "high")] == [0.72, 0.82, 0.9]


def test_nobody_deploys_it_before_the_committee_has_decided(senim):
    story = senim.tell("the second line concludes")
    with senim.database():
        story.settled()

    answer = story.gate("2", "v2.json", expected="deny")

    assert because(answer) == ["not_authorised"]


def test_exactly_the_approved_file_may_run_in_exactly_that_environment(senim):
    story = senim.tell("version 2 is allowed")

    assert because(story.gate("2", "v2.json", expected="allow")) == []
    assert because(story.gate("2", "v1.json", expected="deny")) == ["artefact_differs"]
    assert because(story.gate("2", "v2.json", expected="deny", environment="pilot")) == [
        "not_for_this_environment"
    ]
    assert because(story.gate("1", "v1.json", expected="deny")) == ["not_authorised", "blocking_duty"]


def test_its_page_shows_the_permission_for_that_file(senim):
    story = senim.tell("version 2 is allowed")

    page = story.owner.read(f"/models/{story.model_id}/")

    permission = page[page.index('id="permission"') : page.index('id="requirements"')]
    assert digest_of(story.material / "v2.json") in permission
    assert digest_of(story.material / "v1.json") not in permission


def test_ci_registers_another_model_without_any_person(senim):
    senim.tell("CI registers a model by itself")

    with senim.database(), viewing(REGISTER):
        made = AIModel.objects.get(number="M-0002")
        versions = [version.label for version in made.versions.all()]

    assert (made.status, versions) == ("registered", ["1"])


def test_the_ledger_names_who_did_each_step(senim):
    story = senim.tell("others see nothing")
    with senim.database(), viewing(REGISTER):
        emails = {f"person:{user.pk}": user.email.split("@")[0] for user in User.objects.all()}
        rows = LedgerEntry.objects.filter(organisation_id=story.cast.organisations[BANK.bin])
        told = {
            (action, emails.get(who, who.split(":")[0]))
            for action, who in rows.values_list("action", "actor")
        }

    assert told >= {
        ("model.registered", "owner"),
        ("risk.assessed", "owner"),
        ("version.added", "owner"),
        ("document.added", "owner"),
        ("dataset.described", "owner"),
        ("window.added", "owner"),
        ("run.finished", "system"),
        ("gate.asked", "token"),
        ("version.added", "token"),
        ("document.added", "token"),
        ("mapping.signed", "validator"),
        ("requirement.concluded", "validator"),
        ("approval.requested", "owner"),
        ("approval.recommended", "validator"),
        *{("approval.voted", f"member{n}") for n in (1, 2, 3)},
    }


def test_another_bank_sees_neither_the_model_nor_its_ledger(senim):
    story = senim.tell(
        "others see nothing"
    )  # its model, its runs and its page are 404, the same bytes as no page
    with senim.database():
        with viewing(REGISTER):
            stranger = User.objects.get(email=OTHER_BANK.people[0].email)
        with viewing(recognition.person(stranger)):
            organisations = set(LedgerEntry.objects.values_list("organisation_id", flat=True))

    assert {str(each) for each in organisations} == {story.cast.organisations[OTHER_BANK.bin]}


def test_a_second_start_of_the_demonstration_finds_everything_as_it_was(senim):
    senim.tell("others see nothing")
    senim.stop()
    senim.cast.finished = True
    senim.cast.keep(senim.home)

    said = "".join(senim.start("demo", "--port", senim.port, until="Ctrl-C ends it"))

    assert "registers" not in said  # nothing is played again
    assert all(word in said for word in ("M-0001", "allow 2", senim.cast.password))
    assert all(part.email in said for firm in FIRMS for part in firm.people)
    senim.story.gate("2", "v2.json", expected="allow")
