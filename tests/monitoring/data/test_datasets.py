"""A dataset says what its columns mean; what contradicts itself is refused."""

from __future__ import annotations

import pytest

from governance.errors import NotAllowed, RuleBroken
from governance.people.acting import viewing
from monitoring.data import declared
from monitoring.data import services as data
from monitoring.data.models import Dataset
from tests.monitoring.loans import a_model

pytestmark = pytest.mark.django_db


def test_names_are_tidied_and_kept_in_order(owner):
    dataset = data.describe(
        by=owner,
        model=a_model(owner),
        name=" Loans ",
        features=[" income", "region", "income"],
        sensitive=["sex"],
        label="paid",
    )
    assert (dataset.name, dataset.features, dataset.favourable) == ("Loans", ["income", "region"], "1")
    assert dataset.required_columns == ["income", "region", "sex", "paid"]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"name": ""}, "name"),
        ({"features": []}, "features"),
        ({"features": ["x" * 121]}, "features"),
        ({"features": [f"c{n}" for n in range(501)]}, "features"),
        ({"categorical": ["elsewhere"]}, "categorical"),
        ({"label": "income"}, "features"),
        ({"prediction": "income"}, "features"),
        ({"favourable": " "}, "favourable"),
        ({"score": "points", "favourable": "paid"}, "high_score"),
        ({"high_score": "up"}, "high_score"),
        ({"allowed": {"shoe_size": {"low": 30}}}, "allowed"),
        ({"allowed": {"income": {"low": 9, "high": 1}}}, "allowed"),
        ({"allowed": {"income": {"low": float("nan")}}}, "allowed"),
        ({"allowed": {"income": {}}}, "allowed"),
        ({"allowed": {"income": {"values": []}}}, "allowed"),
        ({"allowed": {"income": {"values": ["x" * 201]}}}, "allowed"),
        ({"allowed": {"income": ["1"]}}, "allowed"),
        ({"population": {"shoe_size": {"big": 1.0}}}, "population"),
        ({"population": {"income": {"high": 0.5, "low": 0.3}}}, "population"),
        ({"population": {"income": {"high": 1.5, "low": -0.5}}}, "population"),
        ({"population": {"income": {}}}, "population"),
    ],
)
def test_a_contradiction_is_refused(owner, said, where):
    model = a_model(owner)
    with pytest.raises(RuleBroken) as refused:
        data.describe(by=owner, model=model, **{"name": "Loans", "features": ["income"], **said})
    assert [each.where for each in refused.value.problems] == [where]
    with viewing(owner):
        assert not Dataset.objects.exists()


@pytest.mark.parametrize(
    "said", [{"favourable": "paid", "high_score": "unfavourable"}, {"favourable": "0.0"}, {"favourable": "1"}]
)
def test_for_which_outcome_a_high_score_speaks_is_told_or_said(owner, said):
    dataset = data.describe(
        by=owner, model=a_model(owner), name="Loans", features=["income"], score="points", **said
    )
    assert dataset.high_score == said.get("high_score", "")


def test_a_name_is_used_once_in_a_model(owner):
    model = a_model(owner)
    data.describe(by=owner, model=model, name="Loans", features=["income"])
    with pytest.raises(RuleBroken):
        data.describe(by=owner, model=model, name="Loans", features=["income"])
    data.describe(by=owner, model=a_model(owner, number="M-0002"), name="Loans", features=["income"])


def test_others_may_not_describe(owner, validator, stranger):
    model = a_model(owner)
    for other in (validator, stranger):
        with pytest.raises((NotAllowed, model.DoesNotExist)):
            data.describe(by=other, model=model, name="Loans", features=["income"])
    with viewing(owner):
        assert not Dataset.objects.exists()


def test_what_is_declared_of_a_column_is_kept(owner):
    dataset = data.describe(
        by=owner,
        model=a_model(owner),
        name="Loans",
        features=["income"],
        sensitive=["sex"],
        allowed={"income": {"low": 0}, "sex": {"values": ["f", "m"]}},
        population={"sex": {"f": 0.51, "m": 0.49}},
    )
    with viewing(owner):
        kept = Dataset.objects.get(pk=dataset.pk)
    assert (kept.allowed_lines, kept.population_lines) == (
        ["income: 0 ..", "sex: f, m"],
        ["sex: f 0.51, m 0.49"],
    )


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("age: 18 .. 100", {"age": {"low": 18.0, "high": 100.0}}),
        ("age: .. 100", {"age": {"high": 100.0}}),
        ("  region : north,  south coast ", {"region": {"values": ["north", "south coast"]}}),
        ("", {}),
        ("age: 0..1\n\nsex: f", {"age": {"low": 0.0, "high": 1.0}, "sex": {"values": ["f"]}}),
    ],
)
def test_allowed_values_are_written_in_lines(line, rule):
    assert declared.allowed_of(line) == rule


@pytest.mark.parametrize(
    "lines", ["age 18", "age: a .. b", "age:", ": 1 .. 2", "age: ..", "x: 1 .. 2\nx: 3 .. 4"]
)
def test_a_line_that_is_not_understood_is_named(lines):
    with pytest.raises(declared.Misread) as misread:
        declared.allowed_of(lines)
    assert misread.value.line == len(lines.splitlines())


def test_a_population_is_written_in_lines():
    assert declared.population_of("region: north coast 0.6, south 0.4") == {
        "region": {"north coast": 0.6, "south": 0.4}
    }
    with pytest.raises(declared.Misread):
        declared.population_of("region: north, south")
