"""No kind of evidence of the catalogue is asked for without a way to hand it in: for a model, and for the organisation."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from governance.desk.ways import around, way_of
from governance.obligations.edition import editions, vocabularies
from governance.obligations.owed.queries import Line
from governance.obligations.owed.rules import Act, Demand, Piece
from governance.obligations.status import FIELD
from governance.people.acting import viewing
from monitoring.checks import CHECKS
from tests.factories import sign_in
from tests.governance.inventory.made import registered, version

pytestmark = pytest.mark.django_db

NOT_ASKED_YET = frozenset(
    {
        *("applicable_acts", "client_notification", "compute_resources", "eu_database_id", "eu_risk_class"),
        *("human_channel", "human_oversight_mode", "input_data", "is_ai_system", "lifecycle_stage"),
        *("materiality", "model_id", "model_type", "objection_deadline", "personal_attributes"),
        *("status", "test_environment", "trusted_list_status"),
    }
)
"""Registration fields that no form asks for: the page of what is owed says so of each of them. None may be added."""


def of_model() -> list[str]:
    words = vocabularies()
    return [
        *(f"document:{name}" for name in words["evidence_document_kinds"]),
        *(f"check:{name}" for name in words["checks"]),
        *(f"{FIELD}{name}" for name in words["registration_fields"] if name not in NOT_ASKED_YET),
        *words["other_evidence"],
    ]


def of_organisation() -> list[str]:
    entries = [entry.requirement for edition in editions() for entry in edition.entries]
    groups = [group for each in entries if each.level == "organisation" for group in each.groups]
    return sorted({kind for group in groups for kind in group.any_of})


def line(kind: str, *, of_organisation: bool = False) -> Line:
    demand = Demand("a-requirement", 1, Act.HAND_IN, (kind,), "missing", of_organisation=of_organisation)
    return Line(Piece(Act.HAND_IN, kind, (demand,)), None, [], 0, 0)


@pytest.fixture
def here(owner):
    """A vendor's model with a version, as its owner sees it: every kind counts for it."""
    model = registered(owner, origin="vendor", vendor="Vendor")
    version(owner, model)
    with viewing(owner):
        return around(model, owner)


def leads(web: Client, url: str) -> int:
    return web.get(url.partition("#")[0], follow=True).status_code


def test_every_kind_of_the_vocabulary_has_its_way_for_a_model(owner, here):
    web = sign_in(Client(), owner)
    with viewing(owner):
        ways = {kind: way_of(line(kind), here).url for kind in of_model()}

    requirement = reverse("obligations:requirement", args=[here.model.pk, "a-requirement"])
    assert len(ways) > 110
    assert [kind for kind, url in ways.items() if not url or url == requirement] == []
    assert {kind: url for kind, url in ways.items() if leads(web, url) != 200} == {}


def test_every_check_that_is_asked_for_runs():
    runs = {check.evidence for check in CHECKS.values()}

    assert {f"check:{name}" for name in vocabularies()["checks"]} <= runs


def test_every_kind_asked_of_an_organisation_has_its_way(owner, here):
    web = sign_in(Client(), owner)
    with viewing(owner):
        ways = {kind: way_of(line(kind, of_organisation=True), here).url for kind in of_organisation()}

    assert len(ways) > 40
    assert [kind for kind, url in ways.items() if not url.startswith("/organisation/")] == []
    assert {kind: url for kind, url in ways.items() if leads(web, url) != 200} == {}
    assert ways["training_record"] == reverse("house:trainings")
    assert ways["document:ai_policy"] == reverse("house:add") + "?kind=document:ai_policy"


def test_who_may_not_hand_in_reads_what_is_to_be_done(here, committee):
    with viewing(committee[0]):
        way = way_of(line("document:ai_policy", of_organisation=True), around(here.model, committee[0]))

    assert (str(way.words), way.url) == ("Hand in for the organisation: AI policy", "")
