"""Models with data of a given size, as the benchmarks of runs need them: seeded rows, one model for each."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.utils import timezone

from governance import store
from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import acting
from governance.people.actor import Actor
from monitoring.checks import CHECKS
from monitoring.data.models import Dataset, Window
from monitoring.runs.models import Plan
from tests import factories

NUMBERS, CATEGORIES = 20, 5
FEATURES = [*(f"n{at}" for at in range(NUMBERS)), *(f"c{at}" for at in range(CATEGORIES))]
SENSITIVE = ["sex", "region"]
FROZEN = {"cells": "frozen_baseline"}


def rows(n: int, seed: int) -> bytes:
    """Canonical Parquet: 25 features, two sensitive columns, a decision and its outcome."""
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {f"n{at}": rng.normal(0.001 * seed, 1 + at, n) for at in range(NUMBERS)}
    columns |= {f"c{at}": rng.choice([f"v{k}" for k in range(4 + at)], n) for at in range(CATEGORIES)}
    columns |= {"sex": rng.integers(0, 2, n), "region": rng.integers(0, 17, n)}
    columns |= {"label": rng.integers(0, 2, n), "answer": (rng.random(n) < 0.3).astype(int)}
    held = io.BytesIO()
    pq.write_table(pa.table(columns), held, compression="zstd")
    return held.getvalue()


def stored(owner: Actor, n: int, seeds: int) -> list[store.Stored]:
    assert owner.organisation_id is not None
    return [store.put(owner.organisation_id, rows(n, seed)) for seed in range(seeds)]


def an_artefact(owner: Actor) -> store.Stored:
    """An XGBoost model of the numbers, fitted to such rows as will come: 100 trees of depth 6."""
    import xgboost

    assert owner.organisation_id is not None
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(20_000, NUMBERS))
    label = (rows @ np.linspace(0.05, 1, NUMBERS) + rng.normal(size=len(rows)) > 0).astype(int)
    rows *= 1 + np.arange(NUMBERS)
    matrix = xgboost.DMatrix(rows, label, feature_names=FEATURES[:NUMBERS], nthread=1)
    settings = {"objective": "binary:logistic", "max_depth": 6, "seed": 1, "nthread": 1}
    booster = xgboost.train(settings, matrix, num_boost_round=100)
    return store.put(owner.organisation_id, bytes(booster.save_raw("json")))


def a_register(
    owner: Actor,
    models: int,
    n: int,
    files: list[store.Stored],
    artefact: store.Stored | None = None,
    drift: dict[str, Any] = FROZEN,
) -> list[Dataset]:
    """So many models with a version, a dataset, a reference, and drift and fairness planned; with an artefact explanation too.

    drift: limits of its plan beside the proposed ones.
    """
    of: dict[str, Any] = {"organisation_id": owner.organisation_id}
    checks, made = ["drift", "fairness"], dict[str, Any]()
    if artefact:
        checks.append("explanation")
        made = {
            "artefact_name": "model.json",
            "artefact_format": "xgboost_json",
            "features": FEATURES[:NUMBERS],
        }
        made |= {
            "artefact_sha256": artefact.sha256,
            "artefact_size": artefact.size,
            "decision_threshold": 0.5,
        }
    long_ago = timezone.now() - timedelta(days=2)
    with acting(factories.REGISTER, "bench.arranged"):
        there = AIModel.objects.bulk_create(
            AIModel(
                **of, owner_id=owner.user_id, number=f"M-{k:05d}", name=f"Model {k:05d}", status="registered",
                registered_at=long_ago,
            )
            for k in range(models)
        )  # fmt: skip
        ModelVersion.objects.bulk_create(
            ModelVersion(**of, **made, model=each, label="1", digest=f"{k:064x}", created_by_id=owner.user_id)
            for k, each in enumerate(there)
        )
        datasets = Dataset.objects.bulk_create(
            Dataset(
                **of, model=each, name="Applications", features=FEATURES, categorical=FEATURES[NUMBERS:],
                sensitive=SENSITIVE, label="label", prediction="answer", described_by_id=owner.user_id,
            )
            for each in there
        )  # fmt: skip
        Plan.objects.bulk_create(
            Plan(
                **of, model_id=each.model_id, dataset=each, check_key=key, reason="convention", set_by_id=owner.user_id,
                limits=CHECKS[key].limits_of(drift if key == "drift" else {}), every_days=1,
            )
            for each in datasets
            for key in checks
        )  # fmt: skip
    a_night(owner, datasets, n, files, "reference")
    return datasets


def a_night(owner: Actor, datasets: list[Dataset], n: int, files: list[store.Stored], name: str) -> None:
    """A data period of each model arrives."""
    part = "reference" if name == "reference" else "current"
    with acting(factories.REGISTER, "bench.arranged"):
        Window.objects.bulk_create(
            Window(
                organisation_id=owner.organisation_id, model_id=each.model_id, dataset=each, name=name, part=part,
                acceptance="first" if part == "reference" else "",
                sha256=files[at % len(files)].sha256, size=files[at % len(files)].size, rows=n, columns=[],
                source_name="rows.parquet", source_sha256="0" * 64, uploaded_by_id=owner.user_id,
            )
            for at, each in enumerate(datasets)
        )  # fmt: skip
