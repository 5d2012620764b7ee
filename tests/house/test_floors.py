"""Imports and foreign keys go down, never up; what must start fast imports nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.apps import apps
from django.db import models

from governance.people.isolated import Isolated
from governance.people.isolation import EXEMPT
from tests.ground import CHECKOUT

FLOORS = [
    "governance.config",
    "governance.demo",
    "governance.desk",
    "audits",
    "monitoring",
    "governance.filing",
    "governance.incidents",
    "governance.approvals",
    "governance.obligations",
    "governance.risk",
    "governance.inventory",
    "governance.store",
    "governance.post",
    "governance.people",
]
HEAVY = (
    "evidently",
    "fairlearn",
    "shap",
    "mlflow",
    "duckdb",
    "sklearn",
    "pandas",
    "xgboost",
    "lightgbm",
    "onnxruntime",
    "skops",
)
PURE = [
    "governance.obligations.rules",
    "governance.risk.rules",
    "governance.approvals.rules",
    "governance.incidents.rules",
    "governance.filing.rules",
    "monitoring.engines.fairness",
    "monitoring.engines.drift",
    "monitoring.engines.explanation",
    "monitoring.engines.quality",
    "monitoring.engines.robustness",
]
OURS = [
    model for model in apps.get_models() if model._meta.app_label in ("governance", "monitoring", "audits")
]


def floor(model: type[models.Model]) -> int:
    return next(n for n, name in enumerate(FLOORS) if model.__module__.startswith(name))


def test_imports_go_down():
    kept = subprocess.run(
        [sys.executable, "-m", "importlinter.cli"], cwd=CHECKOUT, capture_output=True, text=True
    )
    if "No module named" in kept.stderr:
        kept = subprocess.run(
            [f"{sys.prefix}/bin/lint-imports"], cwd=CHECKOUT, capture_output=True, text=True
        )
    assert kept.returncode == 0, kept.stdout[-3000:]


def test_foreign_keys_go_down():
    upward = [
        f"{model.__name__}.{field.name}"
        for model in OURS
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and floor(field.related_model) < floor(model)
    ]
    assert upward == []


def test_there_is_no_table_between_two_tables():
    """A many-to-many table would have no organisation of its own."""
    assert [f"{m.__name__}.{f.name}" for m in OURS for f in m._meta.local_many_to_many] == []


def test_every_row_of_an_organisation_has_a_random_id():
    of_organisations = [m for m in OURS if m._meta.db_table not in EXEMPT]
    assert all(m._meta.pk.get_internal_type() in ("UUIDField", "OneToOneField") for m in of_organisations)


def test_what_is_unique_is_unique_within_an_organisation():
    """A unique violation must not tell that a competitor has the same thing. Hashes of secrets are the exception."""
    revealing = []
    for model in (m for m in OURS if issubclass(m, Isolated)):
        for field in model._meta.local_fields:
            if (
                field.unique
                and not field.primary_key
                and not field.is_relation
                and field.name != "secret_sha256"
            ):
                revealing.append(f"{model.__name__}.{field.name}")
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and "organisation" not in constraint.fields:
                revealing.append(f"{model.__name__}: {constraint.name}")
    assert revealing == []


@pytest.mark.parametrize(
    "module", ["governance.config.wsgi", "governance.config.celery", "governance.config.sweep"]
)
def test_web_and_light_workers_import_no_science(module):
    code = (
        "import django, sys; django.setup(); import governance.config.urls, importlib;"
        f"importlib.import_module('{module}');"
        f"print(sorted({set(HEAVY)!r} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, env=surroundings()
    )
    assert ran.stdout.strip().splitlines()[-1:] == ["[]"], ran.stderr[-2000:]


@pytest.mark.parametrize("module", PURE)
def test_rules_and_engines_know_no_django(module):
    code = f"import sys, {module}; print(any(name == 'django' for name in sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True)
    assert ran.stdout.strip() == "False", ran.stderr[-2000:]


def surroundings() -> dict[str, str]:
    import os

    return {**os.environ, "DJANGO_SETTINGS_MODULE": "governance.config.settings"}
