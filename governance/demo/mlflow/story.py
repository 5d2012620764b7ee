"""The bank's CI uses MLflow and nothing else: its versions come into the register by themselves, and a champion is noticed.

The administrator connects the bank's MLflow and links one registered model. CI trains, logs and registers with MLflow's
own client. Senim copies the version with its facts, says `deny` in MLflow, and opens an incident when the alias
`champion` is moved onto it all the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import httpx

from governance.demo.cast import BANK, OTHER_BANK
from governance.demo.mlflow.server import CHECKOUT, QUIET
from governance.demo.mortgage.answers import GRADE, as_json
from governance.demo.proofs import UNKNOWN, await_that, prove
from governance.demo.stage import Stage
from governance.demo.visitor import StoryBroken, words_of

NAME = "mortgage-approval"
CHAMPION = "champion"
INCIDENT = "runs as “champion” without a deployment permission"


class Ci:
    """The bank's CI as a process that stays and moves an alias when it is told to. In a `with` block."""

    def __init__(self, server: str, material: Path) -> None:
        command = [sys.executable, "-m", "governance.demo.mlflow.ci", server, NAME, str(material)]
        self._log = (material / "mlflow-ci.log").open("wb")
        self._process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env={**os.environ, **QUIET},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._log.close()

    def registered(self) -> dict[str, str]:
        """What it registered: run, version, source. Raises StoryBroken."""
        return self._heard()

    def moves(self, alias: str, version: str) -> None:
        """Raises StoryBroken."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{alias} {version}\n")
        self._process.stdin.flush()
        self._heard()

    def _heard(self) -> dict[str, str]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):  # MLflow's client says things in between
                told: dict[str, str] = json.loads(line)
                return told
        raise StoryBroken(f"the bank's CI ended with code {self._process.wait()}; see mlflow-ci.log")


class Mlflow:
    """One telling. model_id, connector: where to look afterwards."""

    def __init__(self, stage: Stage, server: str) -> None:
        self.stage, self.server = stage, server
        self.administrator = stage.visitor(BANK.part("administrator"))
        self.ci = stage.machine(BANK)
        self.rest = httpx.Client(base_url=f"{server}/api/2.0", timeout=60)
        self.model_id = self.connector = ""

    def play(self, ci: Ci) -> Self:
        self.connects_the_server()
        self.links_a_model()
        self.tell(
            "The bank's CI trains a model, logs it with signature, metrics and parameters, and registers it"
        )
        told = ci.registered()
        self.version_comes_by_itself(told)
        self.mlflow_is_told(told["version"])
        self.tell("Somebody moves the alias “champion” onto that version all the same")
        ci.moves(CHAMPION, told["version"])
        self.incident_is_opened()
        self.others_see_nothing()
        return self

    def tell(self, line: str) -> None:
        self.stage.tell(line)

    def connects_the_server(self) -> None:
        self.tell("The administrator connects the bank's MLflow and tests the connection")
        said = {"name": "MLflow of scoring", "url": self.server, "sign_in": "none"}
        landed = self.administrator.send("/mlflow/add/", said)
        self.connector = landed.rstrip("/").rpartition("/")[2]
        prove(len(self.connector) == len(UNKNOWN), "the server is connected", landed)
        self._sends("test/")

    def links_a_model(self) -> None:
        told = {**as_json(), "name": "Mortgage approval scoring, from MLflow", "submit": True}
        model = self.ci.post("/models", told, status=201)
        self.model_id = self.stage.cast.models["mlflow"] = model["id"]
        self.ci.post(f"/models/{self.model_id}/grade", {"answers": GRADE}, status=201)
        said = {"registered_name": NAME, "model": self.model_id, "alias": CHAMPION}
        self.administrator.send(f"/mlflow/{self.connector}/", said)

    def version_comes_by_itself(self, told: dict[str, str]) -> None:
        self._sends("read/")
        await_that(lambda: self._version() is not None, "the version comes into the register")
        version: dict[str, Any] = self._version() or {}
        facts = version["registry"]
        self.tell(
            f"Senim has version {version['label']} with its facts:"
            f" {len(facts['signature']['inputs'])} columns, {len(facts['params'])} parameters,"
            f" accuracy {facts['metrics']['accuracy']:.3f}, {version['artefact_format']}"
        )
        prove(facts["run"] == told["run"], "the run is copied", facts["run"])
        prove(facts["source"] == told["source"], "the source is copied", facts["source"])
        prove(
            version["artefact_sha256"] == self._sha256_of_the_model(told["version"]),
            "the artefact is the file that lies in MLflow",
            version["artefact_sha256"],
        )

    def mlflow_is_told(self, version: str) -> None:
        await_that(
            lambda: {"senim.gate", "senim.gate.why"} <= self._tags(version).keys(),
            "MLflow is told what the gate says",
        )
        tags = self._tags(version)
        self.tell(f"MLflow shows senim.gate = {tags['senim.gate']}: {tags['senim.gate.why']}")
        prove(tags["senim.gate"] == "deny", "nobody has approved it, so the tag denies", tags)

    def incident_is_opened(self) -> None:
        self._sends("read/")
        owner = self.stage.visitor(BANK.part("model_owner"))
        await_that(lambda: INCIDENT in words_of(owner.read("/incidents/")), "an incident is opened")
        page = words_of(owner.read(f"/models/{self.model_id}/"))
        prove("has no deployment permission" in page, "the model's page says so", page[:300])
        self.tell("Senim opens an incident: deployment without permission")

    def others_see_nothing(self) -> None:
        stranger = self.stage.visitor(OTHER_BANK.part("administrator"))
        prove(self.server not in stranger.read("/mlflow/"), "another bank sees no server", self.server)
        theirs, missing = (
            stranger.read(f"/mlflow/{each}/", status=404) for each in (self.connector, UNKNOWN)
        )
        prove(theirs == missing, "the answer is the same as for a missing id", self.connector)

    # --- asking

    def _sends(self, action: str) -> None:
        page = f"/mlflow/{self.connector}/"
        self.administrator.send(page, {}, at=page + action)

    def _version(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.ci.get(f"/models/{self.model_id}")["focus_version"]
        return found

    def _tags(self, version: str) -> dict[str, str]:
        told = self._asked("/mlflow/model-versions/get", name=NAME, version=version)["model_version"]
        return {each["key"]: each["value"] for each in told.get("tags", [])}

    def _sha256_of_the_model(self, version: str) -> str:
        where = self._asked("/mlflow/model-versions/get-download-uri", name=NAME, version=version)
        place = where["artifact_uri"].removeprefix("mlflow-artifacts:/")
        answer = self.rest.get(f"/mlflow-artifacts/artifacts/{place}/model.json")
        return hashlib.sha256(answer.content).hexdigest()

    def _asked(self, path: str, **query: str) -> dict[str, Any]:
        answer = self.rest.get(path, params=query)
        if answer.status_code != 200:
            raise StoryBroken(f"MLflow answered {answer.status_code} to {path}: {answer.text[:300]}")
        told: dict[str, Any] = answer.json()
        return told


def play(stage: Stage) -> Mlflow:
    """Raises StoryBroken."""
    server = stage.workshop.mlflow().ready()
    with Ci(server, stage.made("mortgage")) as ci:
        return Mlflow(stage, server).play(ci)
