"""Pairs of groups in a document of counts are held against the groups of each column before any of it is kept."""

from __future__ import annotations

import json
from copy import deepcopy
from io import BytesIO
from typing import Any

import pytest

from governance import store
from governance.errors import RuleBroken
from governance.people.acting import viewing
from monitoring.counting import documents, making
from monitoring.data import receiving
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from tests.monitoring.counting.files import BOTH, a_file, plan_of, whole_applications
from tests.monitoring.loans import a_dataset, a_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(owner) -> Dataset:
    return a_dataset(owner, a_model(owner), sensitive=BOTH)


@pytest.fixture(scope="module")
def open_pairs(tmp_path_factory) -> dict[str, Any]:
    """No pair is hidden: 73, 231, 296 and 1,374 applicants."""
    return made_of(whole_applications(tmp_path_factory.mktemp("open")))


@pytest.fixture(scope="module")
def hidden_pairs(tmp_path_factory) -> dict[str, Any]:
    """A block of pairs is hidden; two are told."""
    return made_of(a_file(tmp_path_factory.mktemp("hidden"), "reference"))


def made_of(path) -> dict[str, Any]:
    return making.document(path, plan_of(sensitive=BOTH))


def take_in(by, dataset, document: dict[str, Any]) -> Window:
    file = BytesIO(json.dumps(document).encode())
    said = {"name": f"{document['rows']} rows", "part": "reference", "file_name": "counts.json"}
    return data.add_window(by=by, dataset=dataset, file=file, **said)


def pair(document, **changed: Any) -> dict[str, Any]:
    told = deepcopy(document)
    told["crossed"][0].update(changed)
    return told


def group(document, at: int = 0, **changed: Any) -> dict[str, Any]:
    told = deepcopy(document)
    told["crossed"][0]["groups"][at].update(changed)
    return told


def test_pairs_are_taken_in_as_they_are_told(owner, dataset, open_pairs, hidden_pairs):
    with viewing(owner):
        plan = receiving.plan_of_counts(dataset)
    assert (plan["version"], plan["pairs"]) == (4, [BOTH])
    for document in (open_pairs, hidden_pairs):
        window = take_in(owner, dataset, document)
        assert store.read(owner.organisation_id, window.sha256) == documents.canonical(document)


def test_a_document_of_the_first_version_is_still_taken_in(owner, dataset, open_pairs):
    former = {key: each for key, each in open_pairs.items() if key not in ("crossed", "roles")} | {
        "version": 1
    }
    assert take_in(owner, dataset, former).made_of == "counts"


OPEN = {
    "no list": (lambda it: {**it, "crossed": {}}, "file", "pairs of groups are malformed"),
    "a stranger": (lambda it: pair(it, of=["white", "iin"]), "file", "pairs of groups are malformed"),
    "of the first version": (lambda it: {**it, "version": 1}, "file", "crossed"),
    "left out": (
        lambda it: {**it, "crossed": []},
        "column white × male",
        "does not count their groups together",
    ),
    "twice": (lambda it: {**it, "crossed": it["crossed"] * 2}, "column white × male", "malformed"),
    "a field more": (lambda it: pair(it, iin=["900101300123"]), "column white × male", "malformed"),
    "a strange group": (lambda it: group(it, group=["0", "2"]), "column white × male", "malformed"),
    "a group twice": (lambda it: group(it, group=["0", "1"]), "column white × male", "malformed"),
    "half a person": (
        lambda it: group(it, counts=[0, 0, 25, 0, 0, 48.5]),
        "column white × male",
        "malformed",
    ),
    "another sum": (
        lambda it: group(it, counts=[0, 0, 25, 0, 0, 49]),
        "column white × male",
        "do not add up to the groups of each column",
    ),
    "a pair less": (
        lambda it: pair(it, groups=it["crossed"][0]["groups"][1:]),
        "column white × male",
        "do not add up to the groups of each column",
    ),
    "a small pair": (
        lambda it: group(it, counts=[0, 0, 25, 0, 0, 8]),
        "column white × male",
        "must be hidden",
    ),
    "hidden alone": (
        lambda it: pair(it, groups=it["crossed"][0]["groups"][1:], hidden=[["0"], ["0"]]),
        "column white × male",
        "must be hidden",
    ),
    "hidden and told": (
        lambda it: pair(it, hidden=[["0", "1"], ["0", "1"]]),
        "column white × male",
        "must be hidden",
    ),
    "hidden by one column": (
        lambda it: pair(it, hidden=[["0", "1"], []]),
        "column white × male",
        "malformed",
    ),
}
HIDDEN = {
    "too many for what is left": (
        lambda it: group(it, counts=[0, 0, 36, 0, 0, 110]),
        "column white × male",
        "must be hidden",
    ),
    "a column with a hidden group": (
        lambda it: {**it, "sensitive": [it["sensitive"][0], without_groups(it["sensitive"][1])]},
        "column white × male",
        "must be hidden",
    ),
    "those without a group": (
        lambda it: pair(
            it, groups=[*it["crossed"][0]["groups"], {"group": None, "counts": [0, 0, 0, 0, 0, 12]}]
        ),
        "column white × male",
        "must be hidden",
    ),
}


def without_groups(attribute: dict[str, Any]) -> dict[str, Any]:
    return {**attribute, "groups": [{**each, "counts": None} for each in attribute["groups"]]}


@pytest.mark.parametrize("case", [*OPEN, *HIDDEN])
def test_broken_pairs_are_refused_and_nothing_is_kept(owner, dataset, open_pairs, hidden_pairs, case):
    broken, where, said = {**OPEN, **HIDDEN}[case]
    with pytest.raises(RuleBroken) as refusal:
        take_in(owner, dataset, broken(open_pairs if case in OPEN else hidden_pairs))

    told = [(each.where, str(each.what)) for each in refusal.value.problems]
    assert any(place == where and said in what for place, what in told), told
    with viewing(owner):
        assert not Window.objects.exists()
