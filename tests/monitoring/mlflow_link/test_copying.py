"""A new version in MLflow becomes a version in Senim, with its facts; nothing of it is run."""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess

import pytest

from governance import store
from governance.inventory.models import ModelVersion
from governance.people.acting import viewing
from governance.people.actor import Actor
from monitoring.mlflow_link.models import Link, Seen
from tests.monitoring.mlflow_link.registry import mlmodel, native_files

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.xdist_group("mlflow")]


def versions(link: Link) -> list[ModelVersion]:
    with viewing(Actor.system("tests", link.organisation_id)):
        return list(ModelVersion.objects.filter(model=link.model).order_by("created_at"))


def only(link: Link) -> ModelVersion:
    [version] = versions(link)
    return version


def test_a_version_comes_with_its_facts_and_its_artefact(link, registry, reads):
    files = native_files()
    number = registry.version(
        files, {"auc": 0.91, "accuracy": 0.88}, {"depth": "3", "decision_threshold": "0.4"}, git="4f2c1e9"
    )

    connector = reads()

    version = only(link)
    assert (connector.last_error, connector.failures, connector.last_ok_at is not None) == ("", 0, True)
    assert (version.label, version.artefact_format, version.artefact_name) == (
        f"mlflow-{number}",
        "xgboost_json",
        "model.json",
    )
    assert version.artefact_sha256 == hashlib.sha256(files["model.json"]).hexdigest()
    assert store.read(link.organisation_id, version.artefact_sha256) == files["model.json"]
    assert version.features == ["income", "age"]
    assert version.decision_threshold == 0.4
    assert version.metrics == {"accuracy": 0.88, "auc": 0.91}
    assert version.created_by_id == link.linked_by_id
    copied = version.registry
    assert copied["server"] == registry.url
    assert (copied["model"], copied["version"]) == (registry.name, "1")
    assert copied["params"] == {"decision_threshold": "0.4", "depth": "3"}
    assert copied["tags"] == {"git": "4f2c1e9"}
    assert [each["name"] for each in copied["signature"]["inputs"]] == ["income", "age"]
    assert copied["source"].startswith("mlflow-artifacts:/") and len(copied["run"]) == 32
    assert copied["files"]["count"] == 3 and copied["no_artefact"] == ""


def test_reading_again_changes_nothing(link, registry, reads):
    registry.version()
    reads()
    first = only(link)

    reads()

    assert only(link).digest == first.digest
    with viewing(Actor.system("tests", link.organisation_id)):
        assert Seen.objects.count() == 1


def test_the_digest_of_the_files_is_what_sha256sum_says(link, registry, reads, mlflow_folder):
    number = registry.version({**native_files(), "code notes/лог.txt": b"1", "b": b"2"})
    reads()

    folder = mlflow_folder / "artifacts" / registry.source(number)
    command = r"find . -type f | sed 's|^\./||' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum"
    said = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=True)
    assert only(link).registry["files"]["sha256"] == said.stdout.split()[0]


class Trap:
    """What a pickle can do to whoever opens it."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.parametrize("name", ["model.pkl", "model.json", "model.skops", "python_model.pkl"])
def test_a_pickle_is_hashed_and_never_opened(link, registry, reads, tmp_path, name):
    trap = tmp_path / "sprung"
    content = pickle.dumps(Trap(str(trap)))
    flavour = {"xgboost": {"data": name}} if name.endswith("json") else {"sklearn": {"pickled_model": name}}
    registry.version({"MLmodel": mlmodel(**flavour), name: content})

    reads()

    version = only(link)
    assert not trap.exists()
    assert (version.artefact_format, version.artefact_sha256) == ("none", "")
    why = "not_what_it_says" if name == "model.json" else "other_format"
    assert version.registry["no_artefact"] == why
    assert len(version.registry["files"]["sha256"]) == 64
    assert not list((tmp_path / "store").rglob("*" + hashlib.sha256(content).hexdigest()))
    pickle.loads(content)  # the trap is a real one
    assert trap.exists()


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"MLmodel": mlmodel(xgboost={"data": "model.json", "code": "code"})}, "ships_code"),
        (
            {
                "MLmodel": mlmodel(python_function={"loader_module": "evil"}, xgboost={"data": "model.json"}),
            },
            "ships_code",
        ),
        ({"MLmodel": b"flavors: &a [1]\nsignature: *a\n"}, "no_description"),
        ({"MLmodel": b"!!python/object/apply:os.mkdir ['sprung']"}, "no_description"),
        ({"MLmodel": mlmodel(xgboost={"data": "../../secret.json"})}, "other_format"),
        ({}, "no_description"),
    ],
)
def test_what_is_no_plain_file_of_numbers_is_no_artefact(link, registry, reads, files, why):
    registry.version({"model.json": native_files()["model.json"], **files})

    reads()

    assert only(link).artefact_format == "none"
    assert only(link).registry["no_artefact"] == why


def test_files_outside_the_server_are_not_followed(link, registry, reads):
    body = {"name": registry.name, "source": "s3://bucket/model"}
    registry.ask("POST", "model-versions/create", body)

    reads()

    assert only(link).registry["no_artefact"] == "elsewhere"
    assert only(link).registry["files"]["sha256"] == ""


def test_a_label_that_is_taken_does_not_stop_it(link, registry, reads, owner):
    from governance.inventory import services as inventory

    inventory.add_version(by=owner, model=link.model, label="mlflow-1")
    registry.version()

    assert reads().last_error == ""

    assert versions(link)[-1].label == f"mlflow-1-{link.pk.hex[:6]}"


def test_a_model_that_was_withdrawn_is_left_alone(link, registry, reads, owner):
    from governance.inventory import services as inventory

    inventory.withdraw(by=owner, model=link.model, reason="replaced")
    registry.version()

    reads()

    assert versions(link) == []
