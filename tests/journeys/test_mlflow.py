"""The bank's CI speaks to MLflow alone; the register follows by itself, answers there, and notices a champion."""

from __future__ import annotations

import pytest

from governance.demo.cast import REGISTER
from governance.demo.mlflow.story import INCIDENT, NAME, play
from governance.incidents.models import Incident
from governance.incidents.telling import title
from governance.inventory.models import ModelVersion
from governance.people.acting import viewing
from monitoring.mlflow_link.models import Connector, Seen

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journey")]


@pytest.fixture
def told(senim):
    """The story proves each of its steps; here stands what it left behind."""
    return senim.play(play)


def test_the_version_came_with_its_facts_and_one_artefact(senim, told):
    with senim.database(), viewing(REGISTER):
        [version] = ModelVersion.objects.filter(model_id=told.model_id)
    assert version.registry["model"] == NAME
    assert version.decision_threshold == 0.5
    assert version.artefact_format == "xgboost_json" and version.has_artefact
    assert version.features == [each["name"] for each in version.registry["signature"]["inputs"]]
    assert version.registry["tags"] == {"commit": "4f2c1e9"} or version.registry["tags"] == {}


def test_mlflow_shows_what_the_gate_says(senim, told):
    with senim.database(), viewing(REGISTER):
        [seen] = Seen.objects.filter(link__connector_id=told.connector)
    assert seen.told["senim.gate"] == "deny"
    assert seen.told["senim.version"].endswith(" mlflow-1")


def test_the_champion_without_permission_is_one_incident(senim, told):
    with senim.database(), viewing(REGISTER):
        [incident] = Incident.objects.filter(model_id=told.model_id)
    assert (incident.kind, incident.source, incident.opened_by_id) == (
        "unauthorised_deployment",
        "mlflow",
        None,
    )
    assert INCIDENT in title(incident)


def test_the_server_was_read_without_trouble(senim, told):
    with senim.database(), viewing(REGISTER):
        connector = Connector.objects.get(pk=told.connector)
    assert (connector.last_error, connector.failures) == ("", 0)
