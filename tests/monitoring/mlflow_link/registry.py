"""A CI that logs and registers by REST: any files, also such as MLflow's own client would not write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

import httpx

from tests.governance.inventory.made import xgboost_json

NUMBER = count(1)
SIGNATURE = '[{"type": "double", "name": "income", "required": true}, {"type": "double", "name": "age"}]'


def mlmodel(**flavour: Any) -> bytes:
    """A description as MLflow writes it. flavour: {name: its section}."""
    loader = next(iter(flavour))
    sections = {"python_function": {"loader_module": f"mlflow.{loader}"}, **flavour}
    told = {"flavors": sections, "signature": {"inputs": SIGNATURE, "outputs": '[{"type": "double"}]'}}
    return json.dumps(told).encode()  # JSON is YAML


def native_files() -> dict[str, bytes]:
    return {
        "MLmodel": mlmodel(xgboost={"data": "model.json", "code": None}),
        "model.json": xgboost_json("income", "age").getvalue(),
        "requirements.txt": b"xgboost\n",
    }


class Registry:
    """url: of a running MLflow. Each test takes a registered model of its own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.Client(base_url=f"{url}/api/2.0", timeout=60)
        self.name = f"scoring-{next(NUMBER)}"

    def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, **query: str
    ) -> dict[str, Any]:
        answer = self.client.request(method, f"/mlflow/{path}", json=body, params=query)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def model(self) -> str:
        self.ask("POST", "registered-models/create", {"name": self.name})
        return self.name

    def run(self, metrics: Mapping[str, float], params: Mapping[str, str]) -> dict[str, str]:
        info: dict[str, str] = self.ask("POST", "runs/create", {"experiment_id": "0"})["run"]["info"]
        at = {"timestamp": 0, "step": 0}
        logged = {
            "run_id": info["run_id"],
            "metrics": [{"key": key, "value": value, **at} for key, value in metrics.items()],
            "params": [{"key": key, "value": value} for key, value in params.items()],
        }
        self.ask("POST", "runs/log-batch", logged)
        return info

    def put(self, place: str, content: bytes) -> None:
        answer = self.client.put(f"/mlflow-artifacts/artifacts/{place}", content=content)
        assert answer.status_code == 200, answer.text

    def version(
        self,
        files: Mapping[str, bytes] | None = None,
        metrics: Mapping[str, float] | None = None,
        params: Mapping[str, str] | None = None,
        **tags: str,
    ) -> int:
        """Log a run with files, and register them as the next version. Returns its number."""
        info = self.run(metrics or {"auc": 0.8}, params or {"depth": "3"})
        source = f"{info['artifact_uri']}/model"
        for path, content in (native_files() if files is None else files).items():
            self.put(f"{source.removeprefix('mlflow-artifacts:/')}/{path}", content)
        body = {
            "name": self.name,
            "source": source,
            "run_id": info["run_id"],
            "tags": [{"key": key, "value": value} for key, value in tags.items()],
        }
        return int(self.ask("POST", "model-versions/create", body)["model_version"]["version"])

    def alias(self, alias: str, version: int) -> None:
        self.ask(
            "POST", "registered-models/alias", {"name": self.name, "alias": alias, "version": str(version)}
        )

    def tags(self, version: int) -> dict[str, str]:
        told = self.ask("GET", "model-versions/get", name=self.name, version=str(version))["model_version"]
        return {each["key"]: each["value"] for each in told.get("tags", [])}

    def remove(self, version: int) -> None:
        self.ask("DELETE", "model-versions/delete", {"name": self.name, "version": str(version)})

    def source(self, version: int) -> str:
        """Where its files lie in the artifact store."""
        told = self.ask("GET", "model-versions/get", name=self.name, version=str(version))["model_version"]
        return str(told["source"]).removeprefix("mlflow-artifacts:/")
