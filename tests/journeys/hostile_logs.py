"""An order log whose columns, events and algorithms have hostile names."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from governance.inventory.models import AIModel
from governance.people.actor import Actor
from monitoring.data import services as data
from monitoring.runs import services as runs
from tests.monitoring.shielding.rows import grounds

ROLES = ("event", "algorithm", "order", "quantity", "price")


def order_log(owner: Actor, model: AIModel, *, words: Sequence[str], algorithms: Sequence[str]) -> None:
    """Described, planned and handed in."""
    columns = {role: f"{role[0]}{words[1]}" for role in ROLES}
    events = {event: [f"{event}{words[0]}"] for event in ("order", "cancel", "trade")}
    said: dict[str, Any] = {"time": f"t{words[1]}", "log_columns": columns, "log_values": events}
    dataset = data.describe(by=owner, model=model, name=f"log{words[3]}", kind="orders", **said)
    runs.set_default_plans(by=owner, dataset=dataset)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow([said["time"], *columns.values()])
    for n in range(90):
        event = list(events.values())[n % 3][0]
        rows.writerow([f"2026-10-05 11:00:{n % 60:02}", event, algorithms[n % 2], words[0], 1, 2])
    file = io.BytesIO(text.getvalue().encode())
    data.add_window(
        by=owner,
        dataset=dataset,
        name="log",
        part="current",
        file=file,
        file_name="log.csv",
        **grounds(words[0]),
    )
