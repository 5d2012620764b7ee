"""Loans whose outcome becomes known months later: cases with a number, a score and a group; drawn once, the same every time."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from governance.inventory.models import AIModel, ModelVersion
from governance.people.actor import Actor
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from monitoring.labels import services as labels
from monitoring.labels.models import Labels
from tests.monitoring.loans import a_model, a_version

Case = tuple[str, float, str, int]
"""Number, score, group, outcome."""


def drawn(n: int, *, first: int, seed: int) -> list[Case]:
    """The score is the probability of the outcome, rounded."""
    chance = random.Random(seed)
    cases = []
    for number in range(first, first + n):
        score = round(chance.uniform(0.05, 0.95), 2)
        group = "f" if chance.random() < 0.5 else "m"
        cases.append((f"L-{number:05}", score, group, int(chance.random() < score)))
    return cases


def period(cases: list[Case], *, labelled: bool) -> BytesIO:
    head = "id,score,sex" + (",repaid" if labelled else "")
    rows = [
        f"{case},{score},{sex}" + (f",{outcome}" if labelled else "") for case, score, sex, outcome in cases
    ]
    return BytesIO("\n".join([head, *rows]).encode())


def outcomes(cases: list[Case]) -> BytesIO:
    return BytesIO("\n".join(["id,repaid", *(f"{case},{outcome}" for case, _, _, outcome in cases)]).encode())


@dataclass(frozen=True)
class Book:
    """A registered model whose decisions come from its column of scores; the current data period has no outcomes yet."""

    model: AIModel
    version: ModelVersion
    dataset: Dataset
    reference: Window
    current: Window
    cases: list[Case]


def a_book(owner: Actor, *, rows: int = 200) -> Book:
    model = a_model(owner)
    version = a_version(owner, model, bare=True)
    roles = {"features": [], "sensitive": ["sex"], "label": "repaid", "score": "score", "identifier": "id"}
    dataset = data.describe(by=owner, model=model, name="Loans", **roles)
    reference = data.add_window(
        by=owner,
        dataset=dataset,
        name="2025",
        part="reference",
        file=period(drawn(400, first=1, seed=1), labelled=True),
        file_name="2025.csv",
        ends_on=date(2025, 12, 31),
    )
    cases = drawn(rows, first=1001, seed=2)
    return Book(
        model,
        version,
        dataset,
        reference,
        a_period(owner, dataset, "January 2026", cases, date(2026, 1, 31)),
        cases,
    )


def a_period(owner: Actor, dataset: Dataset, name: str, cases: list[Case], ends_on: date) -> Window:
    said = {"name": name, "part": "current", "file_name": f"{name}.csv", "ends_on": ends_on}
    return data.add_window(by=owner, dataset=dataset, file=period(cases, labelled=False), **said)


def hand_in(owner: Actor, window: Window, content: BytesIO | bytes) -> Labels:
    file = BytesIO(content) if isinstance(content, bytes) else content
    return labels.add(by=owner, window=window, file=file, file_name="outcomes.csv")
