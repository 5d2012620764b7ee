"""What was changed or removed in MLflow afterwards is noticed, recorded, and removes nothing of ours."""

from __future__ import annotations

import pytest

from governance.inventory.models import ModelVersion
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.mlflow_link.models import Link, Seen

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.xdist_group("mlflow")]


def only(link: Link) -> Seen:
    with viewing(Actor.system("tests", link.organisation_id)):
        return Seen.objects.select_related("version").get(link=link)


def test_a_version_removed_there_stays_here(link, registry, reads):
    number = registry.version()
    reads()
    registry.remove(number)

    reads()

    gone = only(link)
    assert gone.gone_at is not None and gone.version.withdrawn_at is None


def test_another_version_under_the_same_number_is_no_longer_ours(link, registry, reads):
    registry.version()
    reads()
    registry.ask("DELETE", "registered-models/delete", {"name": registry.name})
    registry.model()
    number = registry.version()

    reads()

    changed = only(link)
    before, after = changed.changed["identity"]
    assert changed.changed_at is not None and before["run"] != after["run"]
    assert registry.tags(number)["senim.gate"] == "deny"
    assert registry.tags(number)["senim.gate.why"].startswith("What MLflow holds under this number")


def test_other_bytes_in_its_files_are_found_when_they_are_hashed_again(link, registry, reads):
    number = registry.version()
    reads()
    registry.put(f"{registry.source(number)}/model.json", b"{}")
    reads()
    assert only(link).changed == {}  # it was hashed a moment ago
    with acting(Actor.system("tests", link.organisation_id), "mlflow_version.looked_at"):
        Seen.objects.update(looked_at="2026-01-01T00:00Z")
    registry.alias("champion", number)

    reads()

    changed = only(link)
    assert changed.changed["files"][0] == changed.files_sha256 != changed.changed["files"][1]
    assert registry.tags(number)["senim.gate"] == "deny"
    with viewing(Actor.system("tests", link.organisation_id)):
        version = ModelVersion.objects.get(pk=changed.version_id)
    assert version.artefact_sha256 and version.withdrawn_at is None
