"""Census rows with their weights, from the description of the data to the figures on file and the sentence about them."""

from __future__ import annotations

import fairlearn.metrics
import pandas as pd
import pytest
from django.test import Client

from governance.people.actor import Actor
from tests.factories import sign_in
from tests.monitoring.loans import a_model
from tests.monitoring.truth.asking import ABOUT_PUBLISHED_SETS, Question, ask
from tests.reference import of_set

pytestmark = ABOUT_PUBLISHED_SETS
ROLES = {"label": "class", "prediction": "class", "sensitive": ["sex"], "favourable": ">50K"}


@pytest.fixture(scope="module")
def census() -> pd.DataFrame:
    return pd.read_parquet(of_set("adult/data.parquet"))[["sex", "class", "fnlwgt"]]


def test_income_by_sex_is_that_of_the_people_whom_the_rows_stand_for(
    owner: Actor, client: Client, census: pd.DataFrame
) -> None:
    model = a_model(owner)
    answers = ask(
        owner, model, Question(census, roles={**ROLES, "weight": "fnlwgt"}, checks={"fairness": {}})
    )

    rich = (census["class"] == ">50K").astype(int)
    rows = {"y_true": rich, "y_pred": rich, "sensitive_features": census.sex}
    weighed = fairlearn.metrics.demographic_parity_ratio(**rows, sample_weight=census.fnlwgt)
    unweighed = fairlearn.metrics.demographic_parity_ratio(**rows)
    ratio = answers.figures["fairness", "demographic_parity_ratio", "sex"]
    assert ratio.value == pytest.approx(weighed, abs=1e-12) and abs(weighed - unweighed) > 1e-3
    worth = answers.figures["fairness", "effective_rows", "fnlwgt"]
    weights = census.fnlwgt.astype(float)
    kish = int(weights.sum() ** 2 / (weights**2).sum())
    assert (worth.value, worth.n) == (kish, 48_842)
    assert answers.figures["fairness", "selection_rate", ""].n == kish
    assert "fnlwgt" in sign_in(client, owner).get(f"/models/{model.pk}/data/").content.decode()


def test_a_census_without_its_weights_is_counted_row_by_row(owner: Actor, census: pd.DataFrame) -> None:
    answers = ask(owner, a_model(owner), Question(census, roles=ROLES, checks={"fairness": {}}))

    assert answers.figures["fairness", "selection_rate", ""].n == 48_842
    assert ("fairness", "effective_rows", "fnlwgt") not in answers.figures
