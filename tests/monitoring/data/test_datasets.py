"""A dataset says what its columns mean; what contradicts itself is refused."""

from __future__ import annotations

import pytest

from governance.errors import NotAllowed, RuleBroken
from governance.people.acting import viewing
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
    ],
)
def test_a_contradiction_is_refused(owner, said, where):
    model = a_model(owner)
    with pytest.raises(RuleBroken) as refused:
        data.describe(by=owner, model=model, **{"name": "Loans", "features": ["income"], **said})
    assert [each.where for each in refused.value.problems] == [where]
    with viewing(owner):
        assert not Dataset.objects.exists()


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
