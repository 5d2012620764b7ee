"""A version is frozen: known by its digest, in a format that cannot run code, under a label used once."""

from __future__ import annotations

import io
import pickle
import re
from pathlib import Path

import pytest

from governance.errors import NotAllowed, OutOfOrder, RuleBroken
from governance.inventory import artefacts, handed_in, queries, services
from governance.inventory.models import ModelVersion
from governance.people.acting import viewing
from tests.governance.inventory.made import draft, registered, version, xgboost_json

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(owner):
    return registered(owner)


def count(actor) -> int:
    with viewing(actor):
        return ModelVersion.objects.count()


def test_an_artefact_is_stored_by_its_content_with_the_features_it_names(owner, model, home):
    made = services.add_version(
        by=owner, model=model, label="1.0", artefact=xgboost_json("age", "income"), artefact_name="model.json"
    )

    assert (made.artefact_format, made.features) == ("xgboost_json", ["age", "income"])
    assert (
        home / "store" / str(model.organisation_id) / made.artefact_sha256[:2] / made.artefact_sha256
    ).exists()


def test_a_pickle_is_refused_whatever_its_name_says(owner, model, home):
    with pytest.raises(RuleBroken) as caught:
        services.add_version(
            by=owner,
            model=model,
            label="1.0",
            artefact=io.BytesIO(pickle.dumps({"learner": 1})),
            artefact_name="model.json",
        )

    problem = caught.value.problems[0]
    assert (problem.where, str(problem.what).split(",")[0]) == ("artefact", "This is a pickle")
    assert count(owner) == 0
    assert not list(home.rglob("store/*/*/*"))


def test_a_label_is_used_once_in_a_model(owner, model):
    version(owner, model)
    other = draft(owner)

    with pytest.raises(RuleBroken) as caught:
        version(owner, model, " 1.0 ")

    assert [problem.where for problem in caught.value.problems] == ["label"]
    assert count(owner) == 1
    version(owner, other, "1.0")


def test_a_version_without_a_label_is_refused(owner, model):
    for label in ("  ", "x" * 41):
        with pytest.raises(RuleBroken):
            version(owner, model, label)

    assert count(owner) == 0


def test_a_vendors_model_has_a_version_without_an_artefact(owner, model):
    made = services.add_version(by=owner, model=model, label="2026-11", features=["x", "y"])

    assert (made.artefact_format, made.artefact_sha256, made.features) == ("none", "", ["x", "y"])


def test_features_that_differ_from_those_of_the_artefact_are_refused(owner, model):
    with pytest.raises(RuleBroken) as caught:
        services.add_version(
            by=owner,
            model=model,
            label="1",
            artefact=xgboost_json("a", "b"),
            artefact_name="m.json",
            features=["b", "a"],
        )

    assert [problem.where for problem in caught.value.problems] == ["features"]
    assert count(owner) == 0


def test_an_artefact_that_names_no_features_needs_them_listed(owner, model):
    with pytest.raises(RuleBroken):
        services.add_version(
            by=owner, model=model, label="1", artefact=xgboost_json(), artefact_name="m.json"
        )
    with pytest.raises(RuleBroken):
        services.add_version(by=owner, model=model, label="1", features=["a", "a"])
    assert count(owner) == 0

    made = services.add_version(
        by=owner, model=model, label="1", artefact=xgboost_json(), artefact_name="m.json", features=["a"]
    )
    assert made.features == ["a"]


def test_numbers_that_are_none_are_refused(owner, model):
    with pytest.raises(RuleBroken) as caught:
        services.add_version(
            by=owner, model=model, label="1", decision_threshold=float("nan"), metrics={"auc": float("inf")}
        )

    assert [problem.where for problem in caught.value.problems] == ["decision_threshold", "metrics"]
    assert count(owner) == 0


def test_the_digest_covers_what_was_said(owner, model):
    first = services.add_version(by=owner, model=model, label="1", metrics={"auc": 0.8})
    second = services.add_version(by=owner, model=model, label="2", metrics={"auc": 0.8})

    assert len(first.digest) == 64
    assert first.digest != second.digest


def test_only_its_owner_adds_and_withdraws_versions(owner, validator, stranger, model):
    made = version(owner, model)
    for actor in (validator, stranger):
        with pytest.raises(NotAllowed):
            version(actor, model, "2")
        with pytest.raises(NotAllowed):
            services.withdraw_version(by=actor, version=made)

    assert count(owner) == 1


def test_the_focus_is_the_newest_version_that_was_not_withdrawn(owner, model):
    with viewing(owner):
        assert queries.focus_version(model) is None
    first, second = version(owner, model, "1"), version(owner, model, "2")
    with viewing(owner):
        assert queries.focus_version(model) == second

    services.withdraw_version(by=owner, version=second)

    with viewing(owner):
        assert queries.focus_version(model) == first
    with pytest.raises(OutOfOrder):
        services.withdraw_version(by=owner, version=second)


def test_every_refusal_of_an_artefact_has_its_words():
    source = Path(artefacts.__file__).read_text()
    raised = set(re.findall(r'RefusedArtefact\("(\w+)"', source)) | set(re.findall(r'return "(\w+)"', source))
    magic = {rule for _magic, rule in artefacts.REFUSED_BY_MAGIC}

    assert raised | magic <= set(handed_in.RULES)
