"""The model, its permission and its committee are those of the approvals' tests; incidents come on top."""

from __future__ import annotations

import pytest

from governance.incidents import services as incidents
from governance.incidents.models import Incident
from governance.people.acting import viewing
from governance.post.models import Message
from tests.factories import REGISTER
from tests.governance.approvals.conftest import asked, card, count, model, permission, version

__all__ = ["asked", "card", "count", "model", "permission", "version"]

CRITICAL = {"kind": "harm", "severity": "critical", "title": "Clients were refused without cause"}


@pytest.fixture
def incident(model, owner) -> Incident:
    return incidents.open_incident(by=owner, model=model, **CRITICAL)


def messages(key: str) -> list[Message]:
    with viewing(REGISTER):
        return list(Message.objects.filter(key=key).select_related("to").order_by("to__email"))


def again(row):
    """As it stands in the database now."""
    with viewing(REGISTER):
        return type(row).objects.get(pk=row.pk)
