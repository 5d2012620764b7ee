"""Fixtures for everybody: the database of this worker, a database that commits, and the smallest legal people."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connections
from django.utils import translation

from governance.config.env import env
from tests import database

pytest_plugins = ["tests.factories", "tests.furnished", "tests.elsewhere"]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their argument: some carry the time they were made, and every worker makes its own."""
    return argname if isinstance(val, bytes) else None


def pytest_sessionstart(session: pytest.Session) -> None:
    """While its workers collect, a run of everything makes the template; where it cannot, they say why."""
    config = session.config
    of_everything = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if of_everything and getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        threading.Thread(target=_made_ahead).start()


def _made_ahead() -> None:
    with suppress(Exception):
        database.template(env().servers.database())


def _point_at(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def cluster():
    return env().servers.database()


@pytest.fixture(scope="session")
def template(cluster) -> str:
    return database.template(cluster)


@pytest.fixture(scope="session")
def worker_name(request) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(scope="session")
def django_db_setup(cluster, template, worker_name, django_db_blocker) -> Iterator[None]:
    """Instead of Django's own test database: a clone of the template, reached as the runtime role."""
    with django_db_blocker.unblock(), database.clone(cluster, template, f"senim_test_{worker_name}") as name:
        _point_at(name)
        yield
        _point_at("senim")


@pytest.fixture
def committing(django_db_setup, cluster, template, worker_name, django_db_blocker) -> Iterator[str]:
    """A clone in which transactions really commit; gone after the test."""
    with (
        django_db_blocker.unblock(),
        database.clone(cluster, template, f"senim_test_{worker_name}_commits") as name,
    ):
        _point_at(name)
        yield name
        _point_at(f"senim_test_{worker_name}")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Iterator[Path]:
    """Files of a test go away with it; nobody is rung; what is not a page speaks English unless the test says otherwise."""
    settings.SENIM_HOME = tmp_path
    settings.SENIM_BELL = ""
    settings.PASSWORD_HASHERS = ["tests.hashing.QuickArgon2"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with translation.override("en"):
        yield tmp_path
