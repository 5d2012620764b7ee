"""A pack of a model whose rows were erased verifies like any other, and says what became of them."""

from __future__ import annotations

import json

import pytest

from governance.people.acting import viewing
from monitoring.data.models import Window
from monitoring.runs import services as runs
from monitoring.shielding import services as shielding
from tests.audits.packs.conftest import made, unpacked, verified
from tests.factories import REGISTER
from tests.monitoring.loans import a_model, a_version
from tests.monitoring.runs.conftest import preloaded
from tests.monitoring.shielding.rows import grounds, hand_in, protected

__all__ = ["preloaded"]

pytestmark = pytest.mark.django_db


def test_it_verifies_and_keeps_the_digest_of_the_rows(bank, owner, preloaded, tmp_path):
    model = a_model(owner)
    a_version(owner, model, bare=True)
    dataset = protected(owner, model=model)
    window = hand_in(owner, dataset, **grounds())
    runs.set_plan(by=owner, dataset=dataset, check_key="fairness")
    [run] = runs.start(by=owner, model=model)
    runs.work(run.pk)
    shielding.erase(by=owner, window=window, reason="Taken back")
    shielding.catch_up(bank.pk)
    with viewing(REGISTER):
        kept = Window.objects.get().kept_sha256

    folder = unpacked(made(owner, model), tmp_path)

    assert verified(folder).returncode == 0
    told = "".join(path.read_text() for path in sorted((folder / "data").rglob("*.json*")))
    for words in (window.sha256, kept, "Taken back", "window.erasure_ordered"):
        assert json.dumps(words).strip('"') in told
