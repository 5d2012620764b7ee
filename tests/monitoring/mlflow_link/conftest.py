"""One real MLflow for all tests of this room, and what a participant's CI leaves in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from governance.demo.mlflow.server import MlflowServer
from governance.inventory.models import AIModel
from governance.people.acting import acting
from governance.people.actor import Actor
from monitoring.mlflow_link import services
from monitoring.mlflow_link.models import Connector, Link
from tests.governance.inventory import made
from tests.monitoring.mlflow_link.registry import Registry


@pytest.fixture(scope="session")
def mlflow_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("mlflow")


@pytest.fixture(scope="session")
def mlflow(mlflow_folder) -> Iterator[str]:
    with MlflowServer(mlflow_folder) as server:
        yield server.ready()


@pytest.fixture
def registry(mlflow) -> Registry:
    return Registry(mlflow)


@pytest.fixture
def model(owner) -> AIModel:
    return made.registered(owner)


@pytest.fixture
def connector(bank, administrator, mlflow) -> Connector:
    return services.register(by=administrator, organisation=bank, name="Scoring", url=mlflow)


@pytest.fixture
def link(administrator, connector, model, registry) -> Link:
    """The registry's model, linked with ours and not read yet."""
    return services.link(by=administrator, connector=connector, model=model, registered_name=registry.model())


@pytest.fixture
def reads(connector):
    """Read the server now, as the worker does when it is rung for."""

    def read() -> Connector:
        with acting(Actor.system("tests", connector.organisation_id), "connector.due"):
            Connector.objects.filter(pk=connector.pk).update(due_at="2026-01-01T00:00Z")
        services.poll(connector.organisation_id, connector.pk)
        with acting(Actor.system("tests", connector.organisation_id), "connector.looked_at"):
            return Connector.objects.get(pk=connector.pk)

    return read
