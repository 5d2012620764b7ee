"""The administrator opens and ends an audit on pages; the auditor finds the way in."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audits.engagements.models import Engagement
from governance.inventory import services as inventory
from governance.people.acting import viewing
from tests import factories
from tests.factories import REGISTER

ADDRESS = "auditor@adal.example"


@pytest.fixture
def model(bank, owner):
    return inventory.register(by=owner, organisation=bank, fields={"name": "Credit score"})


def answers(model, **changed) -> dict[str, object]:
    today = timezone.localdate().isoformat()
    return {
        "firm": "Adal Audit",
        "auditors": f"{ADDRESS}\nnew@adal.example, New Auditor",
        "purpose": "A yearly audit.",
        "starts_on": today,
        "ends_on": today,
        "models": [str(model.pk)],
        "language": "ru",
        **changed,
    }


def test_an_audit_from_the_form_to_its_end(administrator, bank, model):
    firm = factories.found(7, kind="audit_firm", name="Adal Audit")
    auditor = factories.sign_in(Client(), factories.join(firm, "auditor", email=ADDRESS))
    client = factories.sign_in(Client(), administrator)
    assert "No audit has been opened yet" in client.get(reverse("engagements:engagements")).content.decode()
    assert "No visit is under way" in auditor.get(reverse("engagements:visits")).content.decode()

    landed = client.post(reverse("engagements:open"), answers(model), follow=True)
    text = landed.content.decode()
    assert "E-0001" in text and "New Auditor" in text and str(model) in text
    assert "Under way" in client.get(reverse("engagements:engagements")).content.decode()

    assert "Go in" in auditor.get(reverse("engagements:visits")).content.decode()
    auditor.post(reverse("switch-organisation"), {"organisation": str(bank.pk)})
    inside = auditor.get(reverse("engagements:visits")).content.decode()
    assert str(model) in inside and reverse("packs:packs", args=[model.pk]) in inside
    assert auditor.post(reverse("packs:packs", args=[model.pk])).status_code == 302

    with viewing(REGISTER):
        engagement = Engagement.objects.get()
        assert engagement.packs.count() == 1
    page = reverse("engagements:engagement", args=[engagement.pk])
    assert client.post(page, {"reason": ""}).status_code == 422
    assert "Handed over." in client.post(page, {"reason": "Handed over."}, follow=True).content.decode()
    assert "No visit is under way" in auditor.get(reverse("engagements:visits")).content.decode()


def test_problems_stand_beside_their_fields(administrator, model):
    client = factories.sign_in(Client(), administrator)
    answer = client.post(reverse("engagements:open"), answers(model, models=[], auditors="nobody"))
    assert answer.status_code == 422
    assert "This is no e-mail address: nobody" in answer.content.decode()
    answer = client.post(reverse("engagements:open"), answers(model, models=[]))
    assert "Choose at least one model, or all of them." in answer.content.decode()


def test_who_may_not_open_an_audit_does_not_see_the_pages(owner, model):
    client = factories.sign_in(Client(), owner)
    assert client.get(reverse("engagements:engagements")).status_code == 403
    assert client.get(reverse("engagements:open")).status_code == 403
