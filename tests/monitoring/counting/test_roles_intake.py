"""Score, decision and outcome in a document of counts are held against the groups before any of it is kept, and then told."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from governance.errors import RuleBroken
from governance.people import services as people
from governance.people.acting import viewing
from monitoring.counting import making
from monitoring.data import receiving
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from monitoring.runs import services as runs
from tests.factories import sign_in
from tests.monitoring.counting.test_roles_equal_to_rows import scored
from tests.monitoring.loans import a_dataset, a_model, a_version

pytestmark = pytest.mark.django_db
OWN: dict[str, Any] = {"features": ["dep"], "score": "p", "prediction": "approve", "label": "paid"}


@pytest.fixture
def dataset(owner) -> Dataset:
    model = a_model(owner)
    a_version(owner, model, bare=True)
    return a_dataset(owner, model, sensitive=["white"], **OWN)


def made(owner, dataset: Dataset, folder: Path, part: str = "reference") -> dict[str, Any]:
    """Counted at the firm by the plan that the register hands out. No group is hidden, and four values of a score are."""
    with viewing(owner):
        plan = receiving.plan_of_counts(dataset, part)
    file = folder / f"{part}.csv"
    scored(part).assign(paid=1).to_csv(file, index=False)
    return making.document(file, plan)


def take_in(by, dataset, document: dict[str, Any], part: str = "reference") -> Window:
    file = BytesIO(json.dumps(document).encode())
    return data.add_window(by=by, dataset=dataset, file=file, name=part, part=part, file_name="counts.json")


def role(document: dict[str, Any], of: str, **changed: Any) -> dict[str, Any]:
    told = deepcopy(document)
    [each] = [each for each in told["roles"] if each["name"] == of]
    each.update(changed)
    return told


def test_the_plan_asks_for_them_over_the_cells_of_the_reference(owner, dataset, tmp_path):
    with viewing(owner):
        asked = receiving.plan_of_counts(dataset)
    assert (asked["version"], asked["is_cut"]) == (4, False)
    assert [(each["role"], each["name"], each["kind"]) for each in asked["roles"]] == [
        ("score", "p", None),
        ("prediction", "approve", None),
        ("label", "paid", None),
    ]
    document = made(owner, dataset, tmp_path)
    window = take_in(owner, dataset, document)
    assert [(each["name"], each["type"]) for each in window.columns][1:] == [
        ("p", "numeric"),
        ("approve", "few"),
        ("paid", "few"),
    ]
    with viewing(owner):
        cut = receiving.plan_of_counts(dataset)
    told = [{key: each[key] for key in cut["roles"][at]} for at, each in enumerate(document["roles"])]
    assert cut["is_cut"] and cut["roles"] == told
    current = made(owner, dataset, tmp_path, "current")
    assert [each["name"] for each in take_in(owner, dataset, current, "current").columns][1:] == [
        "p",
        "approve",
        "paid",
    ]


def test_a_reference_of_rows_freezes_the_cells_that_the_firm_would_cut(owner, dataset, tmp_path):
    document = made(owner, dataset, tmp_path)
    file = BytesIO((tmp_path / "reference.csv").read_bytes())
    data.add_window(
        by=owner, dataset=dataset, file=file, name="rows", part="reference", file_name="reference.csv"
    )
    with viewing(owner):
        plan = receiving.plan_of_counts(dataset)
    cut = [
        {key: each[key] for key in ("role", *frozen)}
        for each, frozen in zip(document["roles"], plan["roles"], strict=True)
    ]
    assert plan["roles"] == cut


def test_a_document_of_the_second_version_is_still_taken_and_asks_for_none(owner, dataset, tmp_path):
    document = made(owner, dataset, tmp_path)
    earlier = {key: each for key, each in document.items() if key != "roles"} | {"version": 2}
    take_in(owner, dataset, earlier)
    with viewing(owner):
        plan = receiving.plan_of_counts(dataset)
    assert plan["version"] == 2 and "roles" not in plan
    assert making.document(tmp_path / "reference.csv", plan) == earlier


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], str, str]] = {
    "no list": (lambda it: {**it, "roles": {}}, "file", "not of the form"),
    "of the second version": (lambda it: {**it, "version": 2}, "file", "roles"),
    "none of the third": (
        lambda it: {key: each for key, each in it.items() if key != "roles"},
        "file",
        "roles",
    ),
    "a stranger": (lambda it: role(it, "p", name="iin"), "column iin", "does not name this column"),
    "another role": (lambda it: role(it, "p", role="label"), "column p", "does not name this column"),
    "twice": (lambda it: {**it, "roles": it["roles"] * 2}, "column p", "more than once"),
    "a mean": (lambda it: role(it, "p", mean=0.5), "file", "not of the form"),
    "half a row": (
        lambda it: role(it, "approve", counts=[171.5, 1510.5, 0]),
        "column approve",
        "whole number",
    ),
    "another sum": (lambda it: role(it, "approve", counts=[171, 1512, 0]), "column approve", "do not add up"),
    "a small cell": (lambda it: role(it, "approve", counts=[4, 1678, 0]), "column approve", "stands open"),
    "a cell less": (lambda it: role(it, "approve", counts=[1682]), "column approve", "one count for each"),
    "no edges": (lambda it: role(it, "p", edges="all"), "column p", "cells are missing"),
    "other decisions than those of the groups": (
        lambda it: role(it, "approve", counts=[182, 1500, 0]),
        "column approve",
        "not those of the groups",
    ),
    "fewer outcomes than the groups have": (
        lambda it: role(it, "paid", counts=[1670, 12]),
        "column paid",
        "not those of the groups",
    ),
    "a few others beside what the groups have": (
        lambda it: role(it, "approve", values=[1.0, 2.0], counts=[1515, 167, 0]),
        "column approve",
        "could be computed",
    ),
    "decisions where few are none": (
        lambda it: {**it, "sensitive": [nothing_told(it["sensitive"][0])]},
        "column approve",
        "could be computed",
    ),
    "missing ones that are hidden": (
        lambda it: role(it, "approve", counts=[None, 1511, 0], missing=None),
        "column approve",
        "could be computed",
    ),
}


def nothing_told(attribute: dict[str, Any]) -> dict[str, Any]:
    groups = [{**each, "counts": None} for each in attribute["groups"]]
    return {**attribute, "groups": groups, "undecided": None}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_one_is_refused_and_nothing_is_kept(owner, dataset, tmp_path, case):
    document = made(owner, dataset, tmp_path)
    assert all(each["counts"] is not None for each in document["sensitive"][0]["groups"])
    broken, where, said = BROKEN[case]
    with pytest.raises(RuleBroken) as refusal:
        take_in(owner, dataset, broken(document))

    told = [(each.where, str(each.what)) for each in refusal.value.problems]
    assert any(place == where and said in what for place, what in told), told
    with viewing(owner):
        assert not Window.objects.exists()


def test_cells_that_the_reference_did_not_freeze_are_refused(owner, dataset, tmp_path):
    take_in(owner, dataset, made(owner, dataset, tmp_path))
    current = made(owner, dataset, tmp_path, "current")
    with pytest.raises(RuleBroken) as refusal:
        take_in(owner, dataset, role(current, "approve", values=[0.0, 2.0]), "current")
    assert [each.where for each in refusal.value.problems] == ["column approve"]
    assert "the reference froze" in str(refusal.value.problems[0].what)


@pytest.mark.usefixtures("preloaded")
@pytest.mark.parametrize("version", [2, 3])
def test_a_run_over_counts_tells_them_by_the_words_of_rows(
    client, administrator, owner, bank, dataset, tmp_path, version
):
    """On the page of the run, on that of the checks and by REST; of earlier counts that nothing is known."""
    for part in ("reference", "current"):
        document = made(owner, dataset, tmp_path, part)
        if version == 2:
            document = {key: each for key, each in document.items() if key != "roles"} | {"version": 2}
        take_in(owner, dataset, document, part)
    runs.set_plan(by=owner, dataset=dataset, check_key="drift", limits={}, reason="so")
    [run] = runs.start(by=owner, model=dataset.model)
    runs.work(run.pk)

    page = sign_in(client, owner).get(f"/runs/{run.pk}/").content.decode()
    for words in ("Drift of the score", "Drift of the decision", "Drift of the outcome"):
        assert f"{words}: Population stability index" in page
    said = "counts made by an earlier plan of counts do not hold them"
    assert (said in page) == (version == 2)
    _token, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["models:read"], days=1
    )
    answer = client.get(f"/api/v1/runs/{run.pk}", HTTP_AUTHORIZATION=f"Bearer {secret}").json()
    own = [each for each in answer["measurements"] if each["metric"].endswith("_psi")]
    assert {each["metric"] for each in own} == {"score_psi", "prediction_psi", "label_psi"}
    assert (answer["verdict"], {each["verdict"] for each in own} == {"insufficient_data"}) == (
        ("uncertain", True) if version == 2 else ("amber", False)
    )
