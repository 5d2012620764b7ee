"""A data period of counts is taken in like any other, or refused with every broken place named and nothing kept."""

from __future__ import annotations

import json
from copy import deepcopy
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance import store
from governance.errors import RuleBroken
from governance.people import services as people
from governance.people.acting import viewing
from monitoring.counting import documents, making
from monitoring.counting.program import program
from monitoring.data import receiving
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from tests.factories import sign_in
from tests.monitoring.counting.files import a_file, counted
from tests.monitoring.loans import a_dataset, a_model, a_window

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(owner) -> Dataset:
    return a_dataset(owner, a_model(owner), sensitive=["white"])


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, dict[str, Any]]:
    return counted(tmp_path_factory.mktemp("made"))


def take_in(by, dataset, document: object, part: str = "current") -> Window:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return data.add_window(
        by=by, dataset=dataset, name=part, part=part, file=BytesIO(content), file_name=f"{part}.json"
    )


def test_a_window_of_counts_is_a_canonical_document_known_by_its_digest(owner, dataset, made):
    window = take_in(owner, dataset, made["reference"], "reference")

    assert (window.made_of, window.rows, window.part) == ("counts", 1682, "reference")
    assert store.read(owner.organisation_id, window.sha256) == documents.canonical(made["reference"])
    assert [each["name"] for each in window.columns] == [*dataset.features, "approve"]
    assert window.columns[-2] == {"name": "dep", "type": "few", "nulls": None, "distinct": None}


def test_the_plan_names_the_cells_that_a_reference_of_rows_froze(owner, dataset, tmp_path, made):
    """So that counts of the reference made at home, and the register's own, are cut alike."""
    with viewing(owner):
        assert receiving.plan_of_counts(dataset)["is_cut"] is False
    a_window(owner, dataset, "reference")
    with viewing(owner):
        plan = receiving.plan_of_counts(dataset)

    assert plan["is_cut"] is True
    cut = [
        {key: each[key] for key in plan_of if key in each}
        for plan_of, each in zip(plan["columns"], made["reference"]["columns"], strict=True)
    ]
    assert plan["columns"] == cut
    window = take_in(owner, dataset, making.document(a_file(tmp_path, "current"), plan))
    assert window.made_of == "counts"


def test_a_reference_of_counts_freezes_its_cells(owner, dataset, made):
    take_in(owner, dataset, made["reference"], "reference")
    assert take_in(owner, dataset, made["current"]).rows == 307


def column(document, name: str, **changed: Any) -> dict[str, Any]:
    told = deepcopy(document)
    [each] = [each for each in told["columns"] if each["name"] == name]
    each.update(changed)
    return told


def attribute(document, **changed: Any) -> dict[str, Any]:
    told = deepcopy(document)
    told["sensitive"][0].update(changed)
    return told


PUBREC = "pubrec"
BROKEN = {
    "negative": (
        lambda it: column(it, PUBREC, counts=[-10, 317, 0]),
        "column pubrec",
        "whole number, 0 or more",
    ),
    "no whole number": (
        lambda it: column(it, PUBREC, counts=[275.5, 31.5, 0]),
        "column pubrec",
        "whole number",
    ),
    "true is no count": (
        lambda it: column(it, PUBREC, counts=[307, False, 0]),
        "column pubrec",
        "whole number",
    ),
    "another sum": (lambda it: column(it, PUBREC, counts=[275, 33, 0]), "column pubrec", "do not add up"),
    "a small cell": (lambda it: column(it, PUBREC, counts=[298, 9, 0]), "column pubrec", "fewer than 10"),
    "hidden alone": (
        lambda it: column(it, PUBREC, counts=[275, None, 0]),
        "column pubrec",
        "can be computed",
    ),
    "too few cells": (
        lambda it: column(it, PUBREC, counts=[307]),
        "column pubrec",
        "one count for each cell",
    ),
    "other cells": (lambda it: column(it, PUBREC, values=[0.0, 2.0]), "column pubrec", "the reference froze"),
    "falling edges": (lambda it: column(it, "hrat", edges=[3, 2, 1]), "column hrat", "numbers that rise"),
    "edges of words": (lambda it: column(it, "hrat", edges=["a"]), "column hrat", "numbers that rise"),
    "another kind": (lambda it: column(it, "hrat", kind="categorical"), "column hrat", "not the one"),
    "too many values": (
        lambda it: column(it, PUBREC, values=[float(n) for n in range(201)]),
        "column pubrec",
        "too many cells",
    ),
    "a profile apart": (lambda it: column(it, "hrat", low=9, high=1), "column hrat", "fit together"),
    "rows smuggled in": (lambda it: column(it, "hrat", iin=["900101300123"]), "column hrat", "not known"),
    "a field more": (lambda it: {**it, "people": []}, "file", "people"),
    "a column twice": (
        lambda it: {**it, "columns": [*it["columns"], it["columns"][0]]},
        "column loanamt",
        "more than once",
    ),
    "a column less": (lambda it: {**it, "columns": it["columns"][1:]}, "column loanamt", "does not count it"),
    "a stranger": (
        lambda it: {**it, "columns": [*it["columns"], {**it["columns"][0], "name": "iin"}]},
        "column iin",
        "does not name this column",
    ),
    "another outcome": (lambda it: {**it, "favourable": "0"}, "file", "another favourable outcome"),
    "few rows": (lambda it: {**it, "rows": 9}, "file", "at least 10"),
    "a lower bar": (lambda it: {**it, "smallest": 1}, "file", "names another number"),
    "no digest": (lambda it: {**it, "file": {"sha256": "x", "size": 1}}, "file", "digest"),
    "a group twice": (
        lambda it: attribute(it, groups=[it["sensitive"][0]["groups"][0]] * 2),
        "column white",
        "stands there twice",
    ),
    "groups that do not add up": (lambda it: attribute(it, undecided=12), "column white", "do not add up"),
    "too many groups": (
        lambda it: attribute(it, groups=[{"group": str(n), "counts": None} for n in range(201)]),
        "column white",
        "these are not groups",
    ),
    "a group that cannot be written": (
        lambda it: attribute(it, groups=[{"group": "a\0", "counts": None}] * 2),
        "column white",
        "malformed",
    ),
    "a list": (lambda it: [1, it], "file", "no document of counts"),
    "another version": (lambda it: {**it, "version": 5}, "file", "version"),
    "no JSON": (lambda it: b'{"format": ', "file", "not valid JSON"),
    "not a number": (lambda it: json.dumps({**it, "rows": float("nan")}).encode(), "file", "not valid JSON"),
    "a name twice": (lambda it: b'{"format":"senim.counts","format":"x"}', "file", "not valid JSON"),
    "half a character": (
        lambda it: json.dumps({**it, "favourable": "\ud800"}).encode(),
        "file",
        "not valid JSON",
    ),
    "a deep one": (lambda it: b"{" + b'"a":[' * 1 + b"[" * 200_000, "file", "not valid JSON"),
    "a huge one": (lambda it: b"{" + b" " * documents.LARGEST, "file", "counts need at most"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_document_is_refused_and_nothing_is_kept(owner, dataset, made, home, case):
    take_in(owner, dataset, made["reference"], "reference")
    kept = sorted(path.name for path in home.rglob("*") if path.is_file())
    broken, where, said = BROKEN[case]
    with pytest.raises(RuleBroken) as refusal:
        take_in(owner, dataset, broken(made["current"]))

    assert any(each.where == where and said in str(each.what) for each in refusal.value.problems), [
        (each.where, str(each.what)) for each in refusal.value.problems
    ]
    with viewing(owner):
        assert Window.objects.get().part == "reference"
    assert sorted(path.name for path in home.rglob("*") if path.is_file()) == kept


def test_every_broken_column_is_named(owner, dataset, made):
    broken = column(column(made["current"], PUBREC, counts=[-10, 317, 0]), "cons", counts=[1])
    with pytest.raises(RuleBroken) as refusal:
        take_in(owner, dataset, broken)
    assert {each.where for each in refusal.value.problems} == {"column pubrec", "column cons"}


def test_by_rest_with_a_receipt(client, administrator, owner, dataset, made, bank):
    _token, secret = people.issue_token(
        by=administrator, organisation=bank, name="CI", scopes=["windows:write"], days=1
    )
    headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    file = SimpleUploadedFile("counts.json", json.dumps(made["reference"]).encode())
    said = {"dataset": dataset.name, "name": "2025", "part": "reference", "file": file}
    answer = client.post(f"/api/v1/models/{dataset.model_id}/windows", data=said, **headers)

    assert answer.status_code == 201
    receipt = answer.json()
    assert (receipt["made_of"], receipt["rows"]) == ("counts", 1682)
    with viewing(owner):
        assert receipt["sha256"] == Window.objects.get().sha256
    plan = client.get(f"/api/v1/datasets/{dataset.pk}/plan-of-counts", **headers).json()
    assert plan["is_cut"] and plan["sensitive"] == ["white"] and plan["favourable"] == "1"


def test_by_the_form_and_the_plan_as_a_file(client, owner, dataset, made):
    sign_in(client, owner)
    file = SimpleUploadedFile("counts.json", json.dumps(made["reference"]).encode())
    said = {"name": "2025", "part": "reference", "file": file}
    answer = client.post(f"/datasets/{dataset.pk}/windows/add/", said, follow=True)

    assert "counts of 1682 rows, no rows" in answer.content.decode().replace("\xa0", "")
    plan = client.get(f"/datasets/{dataset.pk}/plan-of-counts/")
    assert plan["Content-Disposition"] == 'attachment; filename="plan-of-counts.json"'
    assert json.loads(plan.content)["is_cut"]
    assert "/senim-count.pyz" in answer.content.decode()
    assert client.get("/senim-count.pyz").content == program()
