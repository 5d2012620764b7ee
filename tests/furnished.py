"""One bank with one of everything that has an address, for tests that knock on every door."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from governance.approvals import services as approvals
from governance.demo.answers import GRADE, as_json
from governance.inventory import services as inventory
from governance.obligations import services as obligations
from governance.people import services as people
from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.people.models import Membership, Organisation
from governance.risk import services as risk
from monitoring.data import services as data
from monitoring.runs import services as runs
from tests import factories

ROWS = b"income,approved,race,score\n" + b"".join(
    b"%d,%d,%s,%.2f\n" % (n, n % 2, b"a" if n % 3 else b"b", n / 200) for n in range(200)
)


@dataclass
class Furnished:
    """ids: by the name of the parameter in the addresses."""

    model_id: Any
    key: str
    ids: dict[str, Any] = field(default_factory=dict)
    tokens: dict[Any, str] = field(default_factory=dict)

    def token_of(self, organisation: Organisation) -> str:
        if organisation.pk not in self.tokens:
            who = factories.join(organisation, "administrator", email=f"ci@{organisation.bin}.example")
            scopes = ["models:read", "models:write", "windows:write", "approvals:request", "gate:read"]
            _token, self.tokens[organisation.pk] = people.issue_token(
                by=who, organisation=organisation, name="CI", scopes=scopes, days=10
            )
        return self.tokens[organisation.pk]


def furnish(bank: Organisation, owner: Actor) -> Furnished:
    model = inventory.register(by=owner, organisation=bank, fields=as_json())
    model = inventory.submit(by=owner, model=model)
    risk.assess(by=owner, model=model, answers=GRADE)
    version = inventory.add_version(by=owner, model=model, label="1", artefact=None, artefact_name="")
    revision = inventory.add_document(
        by=owner,
        model=model,
        title="Model card",
        kinds=["model_card"],
        file=SimpleUploadedFile("card.md", b"# Model card\n"),
        file_name="card.md",
        language="en",
    )
    dataset = data.describe(
        by=owner,
        model=model,
        name="Applications",
        features=["income"],
        sensitive=["race"],
        label="approved",
        score="score",
    )
    window = data.add_window(
        by=owner, dataset=dataset, name="2026 Q1", part="current", file=io.BytesIO(ROWS), file_name="rows.csv"
    )
    runs.set_default_plans(by=owner, dataset=dataset)
    run = runs.start(by=owner, model=model)[0]
    obligations.catch_up(bank.pk)
    request = approvals.request(by=owner, version=version, environment="production")
    obligations.catch_up(bank.pk)
    with viewing(owner):
        membership = Membership.objects.get(user_id=owner.user_id)
    key = "kz-art6-fairness-equality"
    furnished = Furnished(model.pk, key)
    token = people.issue_token(
        by=factories.join(bank, "administrator", email="tokens@bank.example"),
        organisation=bank,
        name="x",
        scopes=["gate:read"],
        days=1,
    )[0]
    furnished.ids = {
        "model_id": model.pk,
        "version_id": version.pk,
        "document_id": revision.document_id,
        "revision_id": revision.pk,
        "dataset_id": dataset.pk,
        "window_id": window.pk,
        "run_id": run.pk,
        "request_id": request.pk,
        "membership_id": membership.pk,
        "token_id": token.pk,
        "section": "what",
        "key": key,
    }
    return furnished


@pytest.fixture
def furnished(bank, owner) -> Furnished:
    return furnish(bank, owner)
