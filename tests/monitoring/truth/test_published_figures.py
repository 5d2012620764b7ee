"""Published figures are met through the product's own services: dataset, data period, run, measurement.

`expressible.yaml` says of each whether the product can say it and where it then stands; a figure that is not met is
written there as short, with the value that stands instead. Each set is asked once, however many of its figures are read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from governance.people.actor import Actor
from monitoring.runs.models import Measurement
from tests.monitoring.loans import a_model
from tests.monitoring.truth.asking import ABOUT_PUBLISHED_SETS, Answers, ask
from tests.monitoring.truth.sets import QUESTIONS
from tests.reference import of_set

pytestmark = ABOUT_PUBLISHED_SETS

TABLE = Path(__file__).with_name("expressible.yaml")
ENTRIES: list[dict[str, Any]] = yaml.load(TABLE.read_text(), Loader=yaml.CSafeLoader)
EXPRESSIBLE = [(at, each) for at, each in enumerate(ENTRIES) if each["expressible"]]
READINGS: dict[str, Callable[[Measurement], float]] = {
    "value": lambda figure: _value(figure),
    "n": lambda figure: figure.n,
    "counted": lambda figure: round(_value(figure) * figure.n),
    "rest": lambda figure: figure.n - round(_value(figure) * figure.n),
    "complement": lambda figure: 1 - _value(figure),
    "base_2": lambda figure: _value(figure) / math.sqrt(math.log(2)),
}
OURS_WITHIN = 0.003
"""Of a figure that is short: some rest on a fit that did not converge, and another machine ends nearby."""


def _value(figure: Measurement) -> float:
    assert figure.value is not None
    return figure.value


@cache
def published() -> list[dict[str, Any]]:
    checks: list[dict[str, Any]] = json.loads(of_set("references.json").read_text())["checks"]
    return checks


def numbers(at: int) -> list[float]:
    """What was published or, for a figure of our own reckoning, what was reckoned without the product."""
    found = published()[at]["published"]
    found = published()[at]["recomputed"] if found is None else found
    return found if isinstance(found, list) else [found]


@pytest.fixture(scope="module")
def asked() -> Iterator[dict[str, Answers]]:
    """Every set that was asked, by its question: what is on file outlives the transaction of the test that asked."""
    yield {}


def answers_to(name: str, asked: dict[str, Answers], owner: Actor) -> Answers:
    if name not in asked:
        model = a_model(owner, number=f"M-{len(asked) + 1:04}")
        asked[name] = ask(owner, model, QUESTIONS[name]())
    return asked[name]


def told(part: dict[str, Any], answers: Answers) -> float:
    """The number that stands on file for one part of a figure."""
    if "window" in part:
        return of_window(part, answers)
    figure = answers.figures[_key(part["figure"])]
    if "n" in part:
        assert figure.n == part["n"]
    return READINGS[part.get("read", "value")](figure)


def _key(figure: str) -> tuple[str, str, str]:
    check, metric, *subject = figure.split(" ", 2)
    return check, metric, subject[0] if subject else ""


def of_window(part: dict[str, Any], answers: Answers) -> float:
    window = answers.windows[part["window"]]
    if part["told"] == "rows":
        return window.rows
    if part["told"] == "columns":
        return len([column for column in window.columns if column["name"] != answers.time])
    [column] = [each for each in window.columns if each["name"] == part["column"]]
    return float(column[part["told"]])


def test_every_published_figure_is_marked() -> None:
    assert [(each["dataset"], each["what"]) for each in ENTRIES] == [
        (each["dataset"], each["what"]) for each in published()
    ]
    assert all(each["why"] for each in ENTRIES if not each["expressible"])
    assert all(len(each["parts"]) == len(numbers(at)) for at, each in EXPRESSIBLE)


def test_what_is_not_met_is_counted_and_cannot_grow_unseen() -> None:
    """Six of 57 entries cannot be said at all, and of the 174 numbers of the others seven; seven more are short."""
    parts = [part for _at, each in EXPRESSIBLE for part in each["parts"]]
    met = [part for part in parts if not {"not", "short"} & part.keys()]
    assert (len(ENTRIES), len(EXPRESSIBLE)) == (57, 51)
    assert (len(parts), sum("not" in each for each in parts), len(met)) == (174, 7, 160)


@pytest.mark.parametrize(
    ("at", "entry"), EXPRESSIBLE, ids=[f"{at}-{each['dataset']}" for at, each in EXPRESSIBLE]
)
def test_a_published_figure_stands_on_file(
    owner: Actor, asked: dict[str, Answers], at: int, entry: dict[str, Any]
) -> None:
    questions = entry["ask"] if isinstance(entry["ask"], list) else [entry["ask"]] * len(entry["parts"])
    for question, part, number in zip(questions, entry["parts"], numbers(at), strict=True):
        if "not" in part:
            continue
        answers = answers_to(question, asked, owner)
        found, within = told(part, answers), part.get("within", entry["within"])
        if "short" in part:
            assert found == pytest.approx(part["ours"], abs=OURS_WITHIN), part
        else:
            assert found == pytest.approx(number, rel=0, abs=within + 1e-12), part
