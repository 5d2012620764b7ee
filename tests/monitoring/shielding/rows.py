"""Rows of people, made up: their columns, their grounds, and a dataset that says what they are."""

from __future__ import annotations

import hashlib
import hmac
import io
from datetime import timedelta
from typing import Any

from django.utils import timezone

from governance.people.actor import Actor
from monitoring.data import services as data
from monitoring.data.models import Dataset, Window
from tests.monitoring.loans import a_model


def grounds(words: str = "Consent to scoring, form 7", days: int = 30) -> dict[str, Any]:
    until = timezone.localdate() + timedelta(days=days)
    return {"legal_basis": "consent", "basis_text": words, "keep_until": until}


def hashed(number: int) -> str:
    return hmac.new(b"a key of the firm", str(number).encode(), hashlib.sha256).hexdigest()


def csv(rows: int = 200, *, moved: int = 0, **more: str) -> bytes:
    """case, income, sex, decision; more: a further column by its name, its text made of the number of the row."""
    lines = [",".join(["case", "income", "sex", "decision", *more])]
    for n in range(rows):
        told = [hashed(n), str((n * 37) % 997 + moved), "fm"[n % 2], str(int(n % 5 < 3))]
        lines.append(",".join([*told, *(text.format(n=n) for text in more.values())]))
    return ("\n".join(lines) + "\n").encode()


def protected(owner: Actor, **said: Any) -> Dataset:
    described = {"name": "Clients", "features": ["income"], "sensitive": ["sex"], "prediction": "decision"}
    protection = {"personal": True, "bank_secret": False}
    model = said.pop("model", None) or a_model(owner)
    return data.describe(by=owner, model=model, **{**described, "identifier": "case", **protection, **said})


def hand_in(owner: Actor, dataset: Dataset, content: bytes | None = None, **said: Any) -> Window:
    given = {"name": "October", "part": "current", "file_name": "rows.csv", **said}
    return data.add_window(by=owner, dataset=dataset, file=io.BytesIO(content or csv()), **given)
