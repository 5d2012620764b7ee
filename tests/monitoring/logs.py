"""Models with a log: described, handed in and asked through the services."""

from __future__ import annotations

import io
from typing import Any

from governance.inventory.models import AIModel
from governance.inventory.profile.models import TradingProfile
from governance.people.acting import acting
from governance.people.actor import Actor
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from tests.monitoring.engines import decision_logs, order_logs


def state(owner: Actor, model: AIModel, *, trading: bool, **limits: float) -> AIModel:
    """What its registration says of its orders."""
    with acting(owner, "test.arranged"):
        AIModel.objects.filter(pk=model.pk).update(trading=trading)
        TradingProfile.objects.update_or_create(
            model=model, organisation_id=model.organisation_id, defaults=limits
        )
        return AIModel.objects.get(pk=model.pk)


def order_log(owner: Actor, model: AIModel, **said: Any) -> Dataset:
    given: dict[str, Any] = {
        "name": "Order log",
        "kind": "orders",
        "time": "at",
        "log_columns": order_logs.COLUMNS,
        "log_values": order_logs.VALUES,
        **said,
    }
    return data.describe(by=owner, model=model, **given)


def decision_log(owner: Actor, model: AIModel, **said: Any) -> Dataset:
    given: dict[str, Any] = {
        "name": "Decision log",
        "kind": "decisions",
        "time": "at",
        "identifier": "decision_id",
        "log_columns": decision_logs.COLUMNS,
        "log_values": decision_logs.VALUES,
        **said,
    }
    return data.describe(by=owner, model=model, **given)


def hand_in(owner: Actor, dataset: Dataset, content: bytes, name: str = "October") -> Window:
    file = io.BytesIO(content)
    return data.add_window(
        by=owner, dataset=dataset, name=name, part="current", file=file, file_name="log.csv"
    )
