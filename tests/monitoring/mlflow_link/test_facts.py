"""What a server says is cut down to what is kept, whatever it says."""

from __future__ import annotations

from monitoring.mlflow_link import facts
from monitoring.mlflow_link.files import native_file


def test_versions_come_oldest_first_and_nonsense_is_no_version():
    listed = [
        {"version": "10"},
        {"version": "2"},
        {"version": "../3"},
        {"version": None},
        "x",
        {"version": -1},
    ]

    assert [each.number for each in facts.versions({"model_versions": listed})] == [2, 10]
    assert facts.versions({"model_versions": {"version": "1"}}) == []


def test_a_version_that_is_being_uploaded_is_not_ready():
    [version] = facts.versions({"model_versions": [{"version": "1", "status": "PENDING_REGISTRATION"}]})

    assert not version.is_ready


def test_what_is_no_finite_number_is_kept_as_text():
    listed = [
        {"key": "auc", "value": 0.5},
        {"key": "loss", "value": float("nan")},
        {"key": "flag", "value": True},
    ]

    assert facts.metrics(listed) == {"auc": 0.5, "flag": "True", "loss": "nan"}


def test_texts_lose_their_control_characters_and_their_length():
    assert facts.text("a\x00b\u202ec\n") == "abc"
    assert len(facts.text("x" * 10_000)) == facts.LONGEST
    assert facts.text({"a": 1}) == ""


def test_only_so_many_tags_are_copied_and_neither_ours_nor_those_of_mlflow():
    listed = [{"key": f"k{n}", "value": n} for n in range(1000)]
    assert len(facts.pairs(listed)) == facts.MOST
    assert facts.own_tags({"senim.gate": "allow", "mlflow.user": "x", "team": "risk"}) == {"team": "risk"}


def test_columns_without_names_or_with_the_same_name_are_no_features():
    two = '[{"name": "a", "type": "double"}, {"name": "%s", "type": "double"}]'
    assert facts.signature({"signature": {"inputs": two % "b"}}).names == ["a", "b"]
    assert facts.signature({"signature": {"inputs": two % "a"}}).names == []
    tensor = '[{"type": "tensor", "tensor-spec": {"dtype": "float32"}}]'
    assert facts.signature({"signature": {"inputs": tensor}}).names == []
    for broken in ("[" * 100_000, 7, {"inputs": "x"}, None):
        assert facts.signature({"signature": {"inputs": broken}}).names == []


def test_the_native_file_is_the_one_that_the_description_names():
    described = {"flavors": {"lightgbm": {"data": "model.lgb"}}}
    assert native_file(described, {"model.lgb": 10}) == ("model.lgb", "")
    assert native_file(described, {"model.lgb": 1 << 30}) == ("", "too_large")
    assert native_file(described, {"other.lgb": 10}) == ("", "other_format")
    assert native_file({"flavors": {"sklearn": {"pickled_model": "model.pkl"}}}, {"model.pkl": 1}) == (
        "",
        "other_format",
    )
    for nonsense in ({}, {"flavors": []}, {"flavors": {"xgboost": "model.json"}}):
        assert native_file(nonsense, {"model.json": 1})[1] == "no_description"
