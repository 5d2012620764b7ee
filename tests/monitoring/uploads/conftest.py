"""A dataset, and a program of the bank that sends files in pieces."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from governance.people import services as people
from governance.people.models import Organisation
from monitoring.data import services as data
from monitoring.data.models import Dataset
from tests.monitoring.loans import a_model

ROWS = b"income,sex\n" + b"".join(b"%d,%s\n" % (n, b"fm"[n % 2 : n % 2 + 1]) for n in range(5_000))
PIECE = "application/offset+octet-stream"


@dataclass
class Sender:
    """What CI does, one request after the other."""

    client: Client
    headers: dict[str, str]

    def begins(self, dataset: Dataset, content: bytes = ROWS, **said: Any) -> HttpResponse:
        body = {
            "dataset": dataset.name,
            "name": "October",
            "file_name": "rows.csv",
            "size": len(content),
            "digest": hashlib.sha256(content).hexdigest(),
            **said,
        }
        address = f"/api/v1/models/{dataset.model_id}/uploads"
        return self.client.post(address, body, content_type="application/json", headers=self.headers)

    def sends(self, place: str, content: bytes, offset: int, kind: str = PIECE) -> HttpResponse:
        headers = {**self.headers, "Upload-Offset": str(offset)}
        return self.client.patch(place, content, content_type=kind, headers=headers)

    def asks(self, place: str) -> HttpResponse:
        return self.client.head(place, headers=self.headers)

    def finishes(self, place: str) -> HttpResponse:
        return self.client.post(f"{place}/finish", headers=self.headers)

    def gives_up(self, place: str) -> HttpResponse:
        return self.client.delete(place, headers=self.headers)


def a_sender(organisation: Organisation, administrator: Any, *scopes: str) -> Sender:
    _row, secret = people.issue_token(
        by=administrator, organisation=organisation, name="CI", scopes=list(scopes), days=1
    )
    return Sender(Client(), {"Authorization": f"Bearer {secret}", "Accept-Language": "en"})


@pytest.fixture
def dataset(owner) -> Dataset:
    return data.describe(by=owner, model=a_model(owner), name="Loans", features=["income"], sensitive=["sex"])


@pytest.fixture
def ci(bank, administrator) -> Sender:
    return a_sender(bank, administrator, "windows:write")


@pytest.fixture
def place(ci, dataset) -> str:
    """Where the pieces of one announced upload go."""
    return str(ci.begins(dataset)["Location"])
