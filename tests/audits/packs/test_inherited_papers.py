"""A pack carries the papers and trainings of the organisation on which the model's requirements stand, and no others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from governance.config import sweep
from governance.obligations.house import services as house
from tests.audits.packs.conftest import made, unpacked, verified
from tests.factories import join
from tests.governance.inventory.made import PDF, registered
from tests.governance.obligations.house.made import accepted, handed_in, trained

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(bank):
    return join(bank, "validator", email="second@bank.example")


def packed(bank, owner, model, folder) -> tuple[Any, dict[str, list[dict[str, Any]]]]:
    """The folder of the organisation's papers, and its tables by name."""
    sweep.catch_up(bank.pk)
    root = unpacked(made(owner, model), folder)
    answer = verified(root)
    assert answer.returncode == 0, answer.stdout
    inside = root / "data" / "organisation"
    tables = {
        path.stem: [json.loads(line) for line in path.read_text().splitlines()]
        for path in inside.glob("*.jsonl")
    }
    return inside, tables


def test_what_the_model_inherits_is_in_the_pack_with_its_file(bank, owner, second, tmp_path):
    model = registered(owner)
    policy = accepted(owner, second)
    handed_in(owner, "governance_charter", title="Charter that nobody has read yet")
    training = trained(owner, "A. Analyst")

    inside, tables = packed(bank, owner, model, tmp_path)

    assert [row["id"] for row in tables["governance_houserevision"]] == [str(policy.pk)]
    assert [row["title"] for row in tables["governance_housepaper"]] == ["AI policy"]
    assert [row["id"] for row in tables["governance_training"]] == [str(training.pk)]
    assert "people" not in tables["governance_training"][0]
    kinds = {row["kind"] for row in tables["governance_evidence"]}
    assert kinds == {"document:ai_policy", "training_record"}
    places = json.loads((inside / "files.json").read_text())
    assert (inside.parent / places[str(policy.pk)]).read_bytes() == PDF


def test_what_was_taken_back_is_not_inherited(bank, owner, second, tmp_path):
    model = registered(owner)
    policy = accepted(owner, second)
    house.withdraw(by=owner, revision=policy, reason="The wrong file")

    _inside, tables = packed(bank, owner, model, tmp_path)

    assert not any(tables.values())
