"""MLflow is told what the gate says, and its alias is watched."""

from __future__ import annotations

import httpx
import pytest

from governance.approvals.models import Authorisation
from governance.incidents.models import Incident
from governance.incidents.telling import title
from governance.inventory import services as inventory
from governance.inventory.models import ModelVersion
from governance.obligations import services as obligations
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.mlflow_link import services
from monitoring.mlflow_link.models import Connector, Link, Seen

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.xdist_group("mlflow")]


def seen(link: Link) -> dict[int, Seen]:
    with viewing(Actor.system("tests", link.organisation_id)):
        return {each.number: each for each in Seen.objects.filter(link=link).select_related("version")}


def incidents(link: Link) -> list[Incident]:
    with viewing(Actor.system("tests", link.organisation_id)):
        return list(Incident.objects.filter(model=link.model).order_by("opened_at"))


def posts(monkeypatch) -> list[str]:
    """The addresses that are written to from now on."""
    sent: list[str] = []
    real = httpx.Client.stream

    def stream(self, method, url, **said):
        if method == "POST":
            sent.append(str(url))
        return real(self, method, url, **said)

    monkeypatch.setattr(httpx.Client, "stream", stream)
    return sent


def test_a_version_that_nobody_approved_is_tagged_deny_with_the_reason(link, registry, reads):
    number = registry.version(git="4f2c1e9")

    reads()

    tags = registry.tags(number)
    assert tags["senim.gate"] == "deny"
    assert tags["senim.gate.why"].startswith("No committee has approved") or "not" in tags["senim.gate.why"]
    assert tags["senim.version"] == f"{link.model.number} mlflow-1"
    assert tags["git"] == "4f2c1e9"


def test_tags_are_written_when_they_change_and_not_again(link, registry, reads, monkeypatch):
    registry.version()
    reads()
    reads()  # what was still being computed is told once it is
    sent = posts(monkeypatch)

    reads()

    assert sent == []


def test_a_tag_that_somebody_changed_there_is_set_right(link, registry, reads):
    number = registry.version()
    reads()
    body = {"name": registry.name, "version": str(number), "key": "senim.gate", "value": "allow"}
    registry.ask("POST", "model-versions/set-tag", body)

    reads()

    assert registry.tags(number)["senim.gate"] == "deny"


def test_a_version_withdrawn_in_senim_is_tagged_so(link, registry, reads, owner):
    number = registry.version()
    reads()
    inventory.withdraw_version(by=owner, version=seen(link)[number].version)

    reads()

    assert registry.tags(number)["senim.gate.why"] == "This version was withdrawn in Senim."


def test_the_alias_on_a_version_without_permission_opens_one_incident(link, registry, reads):
    number = registry.version()
    reads()
    assert incidents(link) == []
    registry.alias("champion", number)

    reads()
    reads()

    [incident] = incidents(link)
    assert (incident.kind, incident.severity, incident.source) == (
        "unauthorised_deployment",
        "high",
        "mlflow",
    )
    assert incident.version_id == seen(link)[number].version_id
    assert incident.opened_by_id is None
    assert title(incident) == "Version mlflow-1 runs as “champion” without a deployment permission"


def test_every_episode_of_the_alias_is_an_incident_of_its_own(link, registry, reads):
    first, second = registry.version(), registry.version()
    for version in (first, second, first):
        registry.alias("champion", version)
        reads()

    assert len(incidents(link)) == 3


def test_another_alias_is_nobodys_business(link, registry, reads):
    registry.alias("challenger", registry.version())

    reads()

    assert incidents(link) == []


def test_what_the_committee_permitted_is_tagged_allow_and_may_be_champion(link, registry, reads, permitted):
    number = registry.version()
    reads()
    permitted(seen(link)[number].version)
    registry.alias("champion", number)

    reads()

    assert incidents(link) == []
    assert registry.tags(number)["senim.gate"] in {"allow", "unknown"}


@pytest.fixture
def permitted(committee, owner):
    """The version may run in production, whatever it owes: as if a committee had decided so."""
    from governance.approvals.models import ApprovalRequest, Decision

    def permit(version: ModelVersion) -> None:
        from datetime import timedelta

        from django.utils import timezone

        own = {"organisation_id": version.organisation_id, "model_id": version.model_id}
        now = timezone.now()
        with acting(Actor.system("tests", version.organisation_id), "approval.decided"):
            request = ApprovalRequest.objects.create(
                **own,
                version=version,
                environment="production",
                route="standard",
                route_edition="1",
                manifest={},
                manifest_sha256="0" * 64,
                requested_by_id=owner.user_id,
                status="approved",
            )
            decision = Decision.objects.create(
                **own, request=request, verdict="approve", manifest_sha256="0" * 64
            )
            Authorisation.objects.create(
                **own,
                version=version,
                decision=decision,
                environment="production",
                artefact_sha256=version.artefact_sha256,
                starts_at=now - timedelta(days=1),
                expires_at=now + timedelta(days=1),
            )

    return permit


def test_a_suspended_permission_is_none(link, registry, reads, permitted):
    number = registry.version()
    reads()
    permitted(seen(link)[number].version)
    registry.alias("champion", number)
    reads()
    with acting(Actor.system("tests", link.organisation_id), "permission.suspended"):
        Authorisation.objects.update(state="suspended")

    reads()

    assert len(incidents(link)) == 1
    assert registry.tags(number)["senim.gate"] == "deny"


def test_news_of_the_gate_makes_the_server_due(
    link, registry, reads, owner, django_capture_on_commit_callbacks
):
    registry.version()
    reads()
    obligations.catch_up(link.organisation_id)
    reads()
    before = _due(link)
    services.catch_up(link.organisation_id)
    assert _due(link) == before
    inventory.withdraw_version(by=owner, version=seen(link)[1].version)
    with acting(Actor.system("tests", link.organisation_id), "connector.looked_at"):
        Connector.objects.update(tried_at="2026-01-01T00:00Z")

    services.catch_up(link.organisation_id)
    assert _due(link) == before  # its requirements are still being computed
    obligations.catch_up(link.organisation_id)

    services.catch_up(link.organisation_id)

    assert _due(link) < before


def _due(link: Link):
    with viewing(Actor.system("tests", link.organisation_id)):
        return Connector.objects.get(pk=link.connector_id).due_at
