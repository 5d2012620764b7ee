"""Shares of attribution beside counts: the firm's own word, checked for sense and shown as stated, never as measured."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from scipy.spatial.distance import jensenshannon

from governance.errors import RuleBroken
from governance.people.acting import viewing
from monitoring.counting import making
from monitoring.counting.__main__ import main
from monitoring.counting.shares import distance
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from monitoring.data.queries import datasets_of
from tests.factories import sign_in
from tests.monitoring.counting.files import a_file, counted, plan_of
from tests.monitoring.loans import a_dataset, a_model

THEN = {"loanamt": 0.5, "appinc": 0.3, "hrat": 0.2}
NOW = {"loanamt": 0.2, "appinc": 0.3, "obrat": 0.5}


def stating(shares: Any, n: Any = 300, **more: Any) -> dict[str, Any]:
    return {"n": n, "method": "shap.TreeExplainer", "shares": shares, **more}


@pytest.fixture
def dataset(owner) -> Dataset:
    return a_dataset(owner, a_model(owner), sensitive=["white"])


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, dict[str, Any]]:
    return counted(tmp_path_factory.mktemp("made"))


def take_in(by, dataset, document: dict[str, Any], part: str) -> Window:
    file = BytesIO(json.dumps(document).encode())
    return data.add_window(by=by, dataset=dataset, name=part, part=part, file=file, file_name=f"{part}.json")


WRONG = {
    "no shares": (stating({}), "per feature a share"),
    "a share above one": (stating({"loanamt": 1.5, "appinc": -0.5}), "per feature a share"),
    "words": (stating({"loanamt": "much"}), "per feature a share"),
    "a truth": (stating({"loanamt": True}), "per feature a share"),
    "a sum below one": (stating({"loanamt": 0.5, "appinc": 0.4}), "do not add up to 1"),
    "a stranger": (stating({"loanamt": 0.5, "iin": 0.5}), "does not name"),
    "nine people": (stating(THEN, 9), "fewer than 10 rows"),
    "more than counted": (stating(THEN, 308), "more than were counted"),
    "half a row": (stating(THEN, 10.5), "fewer than 10 rows"),
    "no method": ({"n": 300, "method": "", "shares": THEN}, "per feature a share"),
    "a field more": (stating(THEN, people=["900101300123"]), "per feature a share"),
    "a list": ([THEN], "per feature a share"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", WRONG)
def test_shares_that_make_no_sense_are_refused_and_nothing_is_kept(owner, dataset, made, case):
    told, said = WRONG[case]
    take_in(owner, dataset, made["reference"], "reference")
    with pytest.raises(RuleBroken) as refusal:
        take_in(owner, dataset, {**made["current"], "explanation": told}, "current")

    assert [said in str(each.what) for each in refusal.value.problems] == [True]
    with viewing(owner):
        assert Window.objects.get().part == "reference"


@pytest.mark.django_db
def test_an_engine_that_nobody_knows_is_refused(owner, dataset, made):
    with pytest.raises(RuleBroken) as refusal:
        take_in(owner, dataset, {**made["reference"], "counted_by": ["oracle"]}, "reference")
    assert "known are duckdb, postgresql, spark" in str(refusal.value.problems[0].what)
    assert take_in(owner, dataset, {**made["reference"], "counted_by": "spark"}, "reference").rows == 1682


@pytest.mark.django_db
def test_they_are_shown_as_stated_with_their_distance_and_their_rows(client, owner, dataset, made):
    take_in(owner, dataset, {**made["reference"], "explanation": stating(THEN, 1000)}, "reference")
    take_in(owner, dataset, {**made["current"], "explanation": stating(NOW)}, "current")

    with viewing(owner):
        [described] = datasets_of(dataset.model)
    assert described.stated.lines[0] == ("obrat", None, 0.5)
    assert described.stated.n == (1000, 300)
    page = sign_in(client, owner).get(f"/models/{dataset.model_id}/data/").content.decode()
    assert "Shares of attribution, as the participant states them" in page
    assert f"{distance(THEN, NOW):.3f}" in page and "The register has not computed these shares" in page


@pytest.mark.django_db
def test_few_explained_rows_say_nothing_of_a_change(client, owner, dataset, made):
    take_in(owner, dataset, {**made["reference"], "explanation": stating(THEN, 1000)}, "reference")
    take_in(owner, dataset, {**made["current"], "explanation": stating(NOW, 49)}, "current")

    with viewing(owner):
        [described] = datasets_of(dataset.model)
    assert (described.stated.distance, described.stated.too_few) == (None, True)
    page = sign_in(client, owner).get(f"/models/{dataset.model_id}/data/").content.decode()
    assert "Too few rows were explained" in page and "Jensen-Shannon" not in page


@pytest.mark.django_db
def test_nothing_is_shown_where_nothing_is_stated(client, owner, dataset, made):
    take_in(owner, dataset, made["reference"], "reference")
    page = sign_in(client, owner).get(f"/models/{dataset.model_id}/data/").content.decode()
    assert "Shares of attribution" not in page


def test_the_distance_is_scipy_s():
    names = sorted({*THEN, *NOW})
    pair = [[each.get(name, 0.0) for name in names] for each in (THEN, NOW)]
    assert distance(THEN, NOW) == pytest.approx(float(jensenshannon(*pair, base=2)), abs=1e-12)
    assert (distance(THEN, THEN), distance({"a": 1.0}, {"b": 1.0})) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("told", "code"), [(stating(THEN), 0), (stating(THEN, 5), 2), (stating({"x": 1.0}), 2)]
)
def test_the_command_takes_them_or_writes_nothing(tmp_path, capsys, told, code):
    plan, shares, out = (tmp_path / name for name in ("plan.json", "shares.json", "counts.json"))
    plan.write_text(json.dumps(plan_of()))
    shares.write_text(json.dumps(told))
    file = a_file(tmp_path, "current")
    asked = ["count", str(file), "--plan", str(plan), "--shares", str(shares), "--out", str(out)]

    assert main(asked) == code
    if code:
        assert "shares of attribution" in capsys.readouterr().err and not out.exists()
    else:
        assert json.loads(out.read_bytes()) == {**making.document(file, plan_of()), "explanation": told}
        assert (
            "Shares of attribution of 3 features over 300 rows, as you state them." in capsys.readouterr().out
        )
