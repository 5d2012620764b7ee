"""A name of a group stands for ten people or more, and identifiers are no groups: made so at the firm, and held so at intake."""

from __future__ import annotations

import json
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from governance.errors import RuleBroken
from governance.people.acting import viewing
from monitoring.checks import CHECKS, measure
from monitoring.checks.check import Inputs
from monitoring.counting import making
from monitoring.counting.__main__ import main
from monitoring.data import receiving
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from tests.monitoring.counting.files import ROLES, plan_of, stored
from tests.monitoring.loans import a_dataset, a_model, csv
from tests.monitoring.shielding.rows import protected

pytestmark = pytest.mark.django_db

SENT = {"features": ["dep"], "sensitive": ["white"]}


def iin(at: int) -> str:
    """Made up: a day of birth, a century and the check digit."""
    weights = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
    day = 900101300000 + at * 10
    digits = f"{day:012d}"[:11]
    sums = (sum(int(n) * w for n, w in zip(digits, ws, strict=True)) % 11 for ws in (weights, SECOND))
    found = next((each for each in sums if each < 10), None)
    return iin(at + 1000) if found is None else f"{digits}{found}"


SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


def a_file(folder: Path, **columns: Any) -> Path:
    """The real applications of a reference, whose `white` is replaced."""
    frame = pd.read_csv(csv("reference")).assign(**columns)
    frame.to_csv(folder / "file.csv", index=False)
    return folder / "file.csv"


def groups_of(rows: int, *few: tuple[str, int]) -> list[str | None]:
    """Two large groups, and the given ones among the first rows."""
    names = [name for name, n in few for _each in range(n)]
    return [*names, *("north" if n % 2 else "south" for n in range(rows - len(names)))]


ROWS = 1682


def made_of(folder: Path, *few: tuple[str, int], **asked: Any) -> dict[str, Any]:
    return making.document(a_file(folder, white=groups_of(ROWS, *few)), plan_of(**{**SENT, **asked}))


def named(document: dict[str, Any]) -> list[str | None]:
    return [each["group"] for each in document["sensitive"][0]["groups"]]


def test_groups_of_fewer_than_ten_people_are_laid_together_without_a_name(tmp_path):
    document = made_of(tmp_path, ("tenth", 30), ("Zhanibek's", 9), ("Aigul's", 7), ("one", 1))
    assert named(document) == ["north", "south", "tenth", None]
    told = json.dumps(document)
    assert "Zhanibek" not in told and "Aigul" not in told
    [attribute] = document["sensitive"]
    counts = [each["counts"] for each in attribute["groups"]]
    assert counts[-1] is None or sum(counts[-1]) == 17


def test_the_group_without_a_name_is_hidden_while_it_is_small(tmp_path):
    """With the next larger one, as any other."""
    [attribute] = made_of(tmp_path, ("tenth", 30), ("one", 2))["sensitive"]
    hidden = [each["group"] for each in attribute["groups"] if each["counts"] is None]
    assert None in hidden and len(hidden) >= 2


def test_those_without_a_name_are_counted_and_compared_with_nobody(tmp_path):
    """Twenty groups of nine people, which are all refused: 180 people in figures of too few, and n is all rows."""
    few = [(f"branch {letter}", 9) for letter in "abcdefghijklmnopqrst"]
    file = a_file(tmp_path, white=groups_of(ROWS, *few))
    frame = pd.read_csv(file)
    frame.loc[frame["white"].str.startswith("branch"), "approve"] = [0, 1] * 90
    frame.to_csv(file, index=False)
    document = making.document(file, plan_of(**SENT))
    asked = Inputs(
        current=stored(tmp_path, document, "d"), prediction="approve", sensitive=("white",), seed=1
    )
    found = measure("fairness", asked)

    [attribute] = found["attributes"]
    assert [(each["group"], each["n"]) for each in attribute["groups"]][-1] == (None, 180)
    assert sum(each["n"] for each in attribute["groups"]) == found["rows"]["total"] == ROWS
    judged = CHECKS["fairness"].judge(found, {})
    of_few = [each for each in judged.measurements if each.subject == "white=?"]
    assert of_few and {each.verdict for each in of_few} == {"insufficient_data"}


def test_of_small_groups_alone_nothing_is_green(tmp_path):
    document = making.document(
        a_file(tmp_path, white=[f"office {n // 9}" for n in range(ROWS)][: 9 * 150] + ["north"] * 332),
        plan_of(**SENT),
    )
    assert named(document) == ["north", None]
    asked = Inputs(
        current=stored(tmp_path, document, "d"), prediction="approve", sensitive=("white",), seed=1
    )
    assert CHECKS["fairness"].judge(measure("fairness", asked), {}).verdict == "insufficient_data"


def people(**changed: Any) -> dict[str, Any]:
    return {"white": [iin(n % 150) for n in range(ROWS)], **changed}


def test_identifiers_are_no_groups_and_the_firm_is_told(tmp_path, capsys):
    file, out, plan = a_file(tmp_path, **people()), tmp_path / "counts.json", tmp_path / "plan.json"
    plan.write_text(json.dumps(plan_of(**SENT)))
    assert main(["count", str(file), "--plan", str(plan), "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert "white looks like IIN by its values: 150 of 150 different ones" in told and iin(1) not in told
    assert not out.exists()


def test_a_declared_column_is_counted(tmp_path):
    file = a_file(tmp_path, **people())
    document = making.document(file, {**plan_of(**SENT), "declared": ["white"]})
    assert len(named(document)) == 150


# --- at intake


@pytest.fixture
def dataset(owner) -> Dataset:
    return a_dataset(owner, a_model(owner), features=["dep"], sensitive=["white"])


def take_in(by, dataset, document: dict[str, Any]) -> Window:
    file = BytesIO(json.dumps(document).encode())
    said = {"name": "2025", "part": "reference", "file_name": "counts.json"}
    return data.add_window(by=by, dataset=dataset, file=file, **said)


def refusal_of(by, dataset, document: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(RuleBroken) as refusal:
        take_in(by, dataset, document)
    with viewing(by):
        assert not Window.objects.exists()
    return [(each.where, str(each.what)) for each in refusal.value.problems]


def renamed(document: dict[str, Any], names: list[str]) -> dict[str, Any]:
    told = deepcopy(document)
    for group, name in zip(told["sensitive"][0]["groups"], names, strict=True):
        group["group"] = name
    return told


def test_a_document_that_names_people_is_refused(owner, dataset, tmp_path):
    document = renamed(made_of(tmp_path), [iin(1), iin(2)])
    [(where, what)] = refusal_of(owner, dataset, document)
    assert where == "column white" and "looks like IIN" in what


def test_a_declared_column_is_known_to_the_plan_and_taken_in(owner, tmp_path):
    dataset = protected(owner, features=["income"], sensitive=["sex"], looks_personal={"sex": "desks"})
    with viewing(owner):
        assert receiving.plan_of_counts(dataset)["declared"] == ["sex"]


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_more_names_than_there_can_be_groups_of_ten_are_refused(owner, dataset, tmp_path, version):
    """169 hidden groups of 1,682 rows: one of them has nine people at most."""
    document = as_of(made_of(tmp_path), version)
    groups = [{"group": f"office {n}", "counts": None} for n in range(169)]
    document["sensitive"][0]["groups"] = groups
    said = refusal_of(owner, dataset, document)
    assert any("by their name" in what and where == "column white" for where, what in said), said


def test_a_name_without_anybody_is_refused(owner, dataset, tmp_path):
    document = made_of(tmp_path)
    document["sensitive"][0]["groups"].append({"group": "Aigul's", "counts": [0] * 6})
    assert any("by their name" in what for _where, what in refusal_of(owner, dataset, document))


def as_of(document: dict[str, Any], version: int) -> dict[str, Any]:
    later = {1: ("crossed", "roles"), 2: ("roles",)}.get(version, ())
    return {key: each for key, each in document.items() if key not in later} | {"version": version}


@pytest.mark.parametrize(("version", "shown"), [(1, "?"), (3, "?"), (4, "south, tenth, ?")])
def test_a_hidden_group_of_an_earlier_document_is_not_shown_by_its_name(
    owner, dataset, tmp_path, version, shown
):
    """Nobody knows whether it counts one person or a thousand. What is told of others stays."""
    document = as_of(made_of(tmp_path, ("tenth", 30), ("one", 2)), version)
    assert take_in(owner, dataset, document).made_of == "counts"
    asked = Inputs(
        current=stored(tmp_path, document, "d"), prediction="approve", sensitive=("white",), seed=1
    )
    found = measure("fairness", asked)
    assert ("tenth" in json.dumps(found)) == (version == 4)
    assert CHECKS["fairness"].judge(found, {"demographic_parity_ratio": 0.1}).params["hidden"] == shown


# --- a column that is told by its values and by its groups


def twice(folder: Path, undecided: int) -> dict[str, Any]:
    """`white` is a feature as well; that many of each group have no decision."""
    file = a_file(folder, white=groups_of(ROWS))
    frame = pd.read_csv(file)
    frame["approve"] = frame["approve"].astype("Int64")
    frame.loc[: 2 * undecided - 1, "approve"] = pd.NA
    frame.to_csv(file, index=False)
    return making.document(
        file, plan_of(features=["white"], categorical=["white"], sensitive=["white"], label="")
    )


def test_the_values_of_a_sensitive_column_are_hidden_where_its_groups_would_give_people_away(tmp_path):
    few, many = twice(tmp_path, 6), twice(tmp_path, 20)
    assert [each["undecided"] for document in (few, many) for each in document["sensitive"]] == [12, 40]
    [hidden], [open_] = few["columns"], many["columns"]
    assert (hidden["counts"], hidden["missing"]) == ([None] * 3, None)
    assert (open_["counts"], open_["missing"]) == ([841, 841, 0], 0)
    assert all(each["counts"] for each in few["sensitive"][0]["groups"])


def test_a_document_that_tells_both_is_refused(owner, tmp_path):
    few, many = twice(tmp_path, 6), twice(tmp_path, 20)
    said = {**ROLES, "features": ["white"], "categorical": ["white"], "label": ""}
    dataset = data.describe(by=owner, model=a_model(owner), name="twice", **said)
    spoiled = deepcopy(few)
    spoiled["columns"][0].update(counts=[841, 841, 0], missing=0)
    [(where, what)] = refusal_of(owner, dataset, spoiled)
    assert where == "column white" and "computed from both together" in what
    partly = deepcopy(many)
    partly["columns"][0].update(counts=[None, None, 0], missing=0)
    assert "computed from both together" in refusal_of(owner, dataset, partly)[0][1]
    assert take_in(owner, dataset, few).made_of == "counts"
