"""The receipt of a return is one PDF in each language, the same bytes each time it is asked for."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from governance.desk.receipts import content
from governance.filing import services
from governance.people.acting import viewing
from tests.factories import REGISTER, sign_in
from tests.governance.filing.conftest import campaign, due, signed, since
from tests.governance.inventory.made import registered

__all__ = ["campaign"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(bank, owner, administrator, campaign):
    since(registered(owner), date(2026, 2, 1))
    return signed(administrator, bank, campaign)


def said(filed, language="en"):
    with viewing(REGISTER), translation.override(language):
        fresh = type(filed).objects.select_related("organisation", "campaign", "corrects").get(pk=filed.pk)
        return content(fresh)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_same_return_gives_the_same_bytes_in_each_language(client, administrator, filed, language):
    sign_in(client, administrator)
    address = f"{reverse('receipt', args=[filed.pk])}?language={language}"
    first, second = client.get(address), client.get(address)
    assert first.content.startswith(b"%PDF-") and first.content == second.content
    assert f"{filed.number}-{language}.pdf" in first["Content-Disposition"]


def test_it_says_what_was_filed_by_whom_and_when(bank, filed):
    receipt = said(filed)
    facts = dict(receipt["facts"])
    assert (receipt["title"], receipt["digest"]) == (filed.acknowledgement, filed.digest)
    assert (facts["BIN"], facts["Contents"]) == (bank.bin, "1 model")
    assert facts["Signed by"] == "A. Officer, Chief risk officer"
    assert receipt["in_time"] == {"text": "Filed in time", "tone": "good"}
    assert "compliant" not in str(receipt).lower()


def test_a_late_one_says_so(bank, administrator, campaign):
    late = signed(administrator, bank, due(campaign, 2), "nil")
    assert said(late)["in_time"] == {"text": "Filed late", "tone": "warn"}
    assert dict(said(late)["facts"])["Contents"] == "No AI in use"


def test_what_happens_afterwards_does_not_change_it(administrator, filed):
    before = said(filed)
    services.withdraw(by=administrator, filed=filed, reason="A mistake.")
    assert said(filed) == before


def test_a_language_that_nobody_speaks_here_is_not_there(client, administrator, filed):
    sign_in(client, administrator)
    assert client.get(f"{reverse('receipt', args=[filed.pk])}?language=xx").status_code == 404
