"""How identifiers are made is part of a description, and what comes in has to look so."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from django.utils import translation

from governance.errors import RuleBroken
from governance.people.acting import viewing
from monitoring.data.models import Dataset
from monitoring.decisions import services as decisions
from monitoring.editions import services as editions
from monitoring.labels import services as labels
from tests.factories import sign_in
from tests.monitoring.loans import a_model, a_version
from tests.monitoring.shielding.rows import csv, grounds, hand_in, protected

pytestmark = pytest.mark.django_db
RANDOM = {"pseudonyms": "random_uuid"}
A_UUID = "3f0c2f62-9c39-4f52-8d1e-0b6f3a5d7c11"
OF_THE_TIME = "a256b1fe-eb95-11f1-a097-02fc00000001"
WRONG = (OF_THE_TIME, A_UUID[:-1], A_UUID.replace("-", ""), "a" * 64, "case-3")
KEEPER = "Information security office; the key changes each January."


def of_uuids(rows: int = 200, *, wrong: str = "") -> bytes:
    """The usual rows with a random UUID each in place of a hash; wrong: in the third row."""
    head, *lines = csv(rows).splitlines()
    ids = [str(uuid4()) for _line in lines]
    ids[2] = wrong or ids[2]
    said = zip(ids, lines, strict=True)
    return b"\n".join([head, *(b",".join([name.encode(), line.split(b",", 1)[1]]) for name, line in said)])


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_random_uuid_is_refused_with_its_row_and_never_repeated(owner, wrong):
    with translation.override("en"), pytest.raises(RuleBroken) as refusal:
        hand_in(owner, protected(owner, **RANDOM), of_uuids(wrong=wrong), **grounds())
    [problem] = refusal.value.problems
    assert str(problem.where) == "row 4, column case"
    assert "no random UUID" in str(problem.what) and wrong not in str(problem.what)


def test_random_uuids_come_in_where_the_description_says_so_and_nowhere_else(owner):
    rows = of_uuids(wrong=str(uuid4()).upper())
    assert hand_in(owner, protected(owner, **RANDOM), rows, **grounds()).rows == 200
    with translation.override("en"), pytest.raises(RuleBroken) as refusal:
        hand_in(owner, protected(owner, model=a_model(owner, number="M-0002")), rows, **grounds())
    assert "not hashed" in str(refusal.value.problems[0].what)


def test_later_outcomes_and_single_decisions_are_asked_for_the_same_form(owner):
    dataset = protected(owner, **RANDOM, label="paid", prediction="decision")
    version = a_version(owner, dataset.model, bare=True)
    window = hand_in(owner, dataset, of_uuids(), **grounds())
    said = {"by": owner, "window": window, "file_name": "outcomes.csv"}
    with translation.override("en"), pytest.raises(RuleBroken) as refusal:
        labels.add(**said, file=io.BytesIO(b"case,paid\n" + b"a" * 64 + b",1\n"))
    assert "no random UUID" in str(refusal.value.problems[0].what)
    with translation.override("en"), pytest.raises(RuleBroken) as refusal:
        decisions.ask(by=owner, window=window, version=version, case="a" * 64)
    assert [each.where for each in refusal.value.problems] == ["case"]


@pytest.mark.parametrize(
    ("said", "where", "what"),
    [
        ({"pseudonyms": "sha1"}, "pseudonyms", "hmac_sha256 or random_uuid"),
        ({"pseudonym_keeper": "x " * 151}, "pseudonym_keeper", "at most 300"),
        ({"pseudonym_keeper": f"the key is {'0f' * 16}"}, "pseudonym_keeper", "never the key"),
        (
            {"pseudonym_keeper": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA=="},
            "pseudonym_keeper",
            "never the key",
        ),
    ],
)
def test_each_part_of_what_is_said_is_judged(owner, said, where, what):
    with translation.override("en"), pytest.raises(RuleBroken) as refusal:
        protected(owner, **said)
    [problem] = refusal.value.problems
    assert problem.where == where and what in str(problem.what)


def test_another_way_is_another_version_of_the_description(owner):
    former = protected(owner, pseudonym_keeper=KEEPER)
    said = {
        "features": former.features,
        "sensitive": former.sensitive,
        "prediction": "decision",
        "identifier": "case",
    }
    corrected = editions.correct(
        by=owner, dataset=former, reason="A table is kept now.", **said, **RANDOM
    ).dataset
    assert (corrected.version, corrected.pseudonyms, corrected.pseudonym_keeper) == (2, "random_uuid", "")
    assert hand_in(owner, corrected, of_uuids(), **grounds()).rows == 200
    with viewing(owner):
        former.refresh_from_db()
    assert (former.pseudonyms, former.pseudonym_keeper) == ("hmac_sha256", KEEPER)


def test_page_and_program_say_and_show_it(client, owner):
    model = a_model(owner)
    address = f"/models/{model.pk}/data/"
    said = {"name": "Applications", "features": "income", "identifier": "case", "favourable": "1"}
    said |= {"personal": "on", "pseudonyms": "random_uuid", "pseudonym_keeper": KEEPER}
    assert sign_in(client, owner).post(address, said).status_code == 302
    with viewing(owner):
        dataset = Dataset.objects.get(model=model)
    assert (dataset.pseudonyms, dataset.pseudonym_keeper) == ("random_uuid", KEEPER)
    page = client.get(f"/datasets/{dataset.pk}/").content.decode()
    assert "random UUID" in page and KEEPER in page
    asked = client.get(f"/datasets/{dataset.pk}/windows/add/").content.decode()
    assert "must be a random UUID of version 4" in asked


def test_where_rows_are_not_protected_nothing_is_asked_of_the_identifier(client, owner):
    dataset = protected(owner, personal=False, **RANDOM)
    assert hand_in(owner, dataset, csv()).rows == 200
    page = sign_in(client, owner).get(f"/datasets/{dataset.pk}/").content.decode()
    assert "random UUID" not in page
