"""Takes one version of MLflow into the register: its facts, the digest of its files, and its artefact where that is safe."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from governance.errors import RuleBroken
from governance.inventory import artefacts
from governance.inventory import services as inventory
from governance.inventory.artefacts import RefusedArtefact
from governance.inventory.models import ModelVersion
from governance.people.acting import acting
from governance.people.actor import Actor
from monitoring.mlflow_link import facts
from monitoring.mlflow_link.facts import RemoteVersion
from monitoring.mlflow_link.files import Fetched, fetched
from monitoring.mlflow_link.models import Link, Seen
from monitoring.mlflow_link.server import Server, ServerTrouble
from monitoring.mlflow_link.words import Trouble

LOGGED = re.compile(r"models:/(m-[0-9a-f]{8,64})")
THRESHOLD = "decision_threshold"
"""A parameter or a tag of this name is taken as the decision threshold of the version."""


def copy(by: Actor, server: Server, link: Link, remote: RemoteVersion) -> Seen:
    """Record a version that was not seen before. by: the reader, standing for the person who linked.

    A second reading at the same time copies nothing twice. Raises ServerTrouble, Refusal.
    """
    told = _told(server, remote)
    uri = where(server, link, remote.number)
    with fetched(server, uri) as files:
        why = files.why or _unfit(files)
        with acting(by, "mlflow_version.copied"):
            Link.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)
            there: Seen | None = Seen.objects.filter(link=link, number=remote.number).first()
            return there or Seen.objects.create(
                organisation_id=link.organisation_id,
                link=link,
                number=remote.number,
                version=_version(by, link, remote, told, files, why),
                identity=dict(remote.identity),
                files_sha256=files.sha256,
            )


def where(server: Server, link: Link, number: int) -> str:
    """Where the server keeps the files of a version. Raises ServerTrouble."""
    named = server.get("model-versions/get-download-uri", name=link.registered_name, version=str(number))
    return facts.text(named.get("artifact_uri"))


def _version(
    by: Actor, link: Link, remote: RemoteVersion, told: Mapping[str, Any], files: Fetched, why: str
) -> ModelVersion:
    signed = facts.signature(files.described)
    native = None if why else files.native
    metrics = facts.metrics(told.get("metrics"))
    return inventory.add_version(
        by=by,
        model=link.model,
        label=_label(link, remote.number),
        artefact=native,
        artefact_name=files.native_name if native else "",
        features=signed.names if native is None or not _named(files) else None,
        decision_threshold=_threshold(told, remote),
        metrics=metrics,
        registry={
            "kind": "mlflow",
            "server": link.connector.url,
            "model": link.registered_name,
            "version": str(remote.number),
            "run": remote.run_id,
            "source": remote.source,
            "made": remote.identity["made"],
            "signature": {"inputs": list(signed.inputs), "outputs": list(signed.outputs)},
            "metrics": metrics,
            "params": facts.pairs(told.get("params")),
            "tags": facts.own_tags(remote.tags),
            "flavours": sorted(map(facts.text, files.described.get("flavors") or {})),
            "files": {"sha256": files.sha256, "count": files.count, "size": files.size},
            "no_artefact": why,
        },
    )


def _told(server: Server, remote: RemoteVersion) -> Mapping[str, Any]:
    """Metrics and parameters: of the run, else of the logged model. {} where both are gone. Raises ServerTrouble."""
    logged = LOGGED.fullmatch(remote.source)
    try:
        if remote.run_id:
            answer = server.get("runs/get", run_id=remote.run_id).get("run")
        elif logged:
            answer = server.get(f"logged-models/{logged.group(1)}").get("model")
        else:
            answer = None
    except ServerTrouble as gone:
        if gone.trouble != Trouble.MISSING:
            raise
        answer = None
    data = answer.get("data") if isinstance(answer, dict) else None
    return data if isinstance(data, dict) else {}


def _unfit(files: Fetched) -> str:
    """Why the inventory would refuse the native file, judged by its content. It is read as numbers, never loaded."""
    if files.native is None:
        return ""
    try:
        features = _features(files)
    except (RefusedArtefact, RuleBroken):
        return "not_what_it_says"
    return "" if features or facts.signature(files.described).names else "not_what_it_says"


def _named(files: Fetched) -> bool:
    return bool(_features(files))


def _features(files: Fetched) -> tuple[str, ...]:
    """Those that the native file itself names. Raises RefusedArtefact."""
    assert files.native is not None
    files.native.seek(0)
    return artefacts.describe(files.native, files.native_name).features


def _label(link: Link, number: int) -> str:
    """As MLflow counts; where somebody already gave that label, with the beginning of the link's id."""
    plain = f"mlflow-{number}"
    taken = ModelVersion.objects.filter(model_id=link.model_id, label=plain).exists()
    return f"{plain}-{link.pk.hex[:6]}" if taken else plain


def _threshold(told: Mapping[str, Any], remote: RemoteVersion) -> float | None:
    said = facts.pairs(told.get("params")).get(THRESHOLD) or remote.tags.get(THRESHOLD, "")
    try:
        value = float(said)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
