"""A real MLflow server for the demonstration and the tests: SQLite, files in its own artifact store, gone with its parent.

It runs the application that `mlflow server` runs, with the settings that `mlflow server` hands to it, but in one process:
the command itself would import MLflow a second time only to wait (6 seconds of one core).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import httpx

from governance.demo.visitor import StoryBroken

CHECKOUT = Path(__file__).resolve().parents[3]
TETHERED = CHECKOUT / "governance" / "config" / "tethered.py"
PATIENCE = 180.0
QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    "GIT_PYTHON_REFRESH": "quiet",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


class MlflowServer:
    """In a `with` block; `ready()` waits until it answers. Start it early: it takes several seconds of work."""

    def __init__(self, folder: Path) -> None:
        """folder: what lies there from the last time is served again, at the same address."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.url = folder, f"http://127.0.0.1:{_port_of(folder)}"
        command = [
            sys.executable,
            "-m",
            "governance.demo.mlflow.server",
            str(folder),
            self.url.rpartition(":")[2],
        ]
        tethered = [sys.executable, "-I", "-S", str(TETHERED), str(os.getpid()), *command]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                tethered,
                cwd=CHECKOUT,
                env={**os.environ, **QUIET},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def __enter__(self) -> MlflowServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def ready(self) -> str:
        """Its address, once its database is made and it answers. Raises StoryBroken."""
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise StoryBroken(f"MLflow did not start: {self._log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)
        return self.url

    def stop(self) -> None:
        self._process.kill()  # nothing of it is kept
        self._process.wait()

    def _answers(self) -> bool:
        try:
            asked = httpx.get(f"{self.url}/api/2.0/mlflow/registered-models/search", timeout=PATIENCE)
        except httpx.HTTPError:
            return False
        return asked.status_code == 200

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"


def _port_of(folder: Path) -> int:
    kept = folder / "port"
    if not kept.exists():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            kept.write_text(str(probe.getsockname()[1]))
    return int(kept.read_text())


def serve(folder: Path, port: int) -> None:
    import uvicorn
    from mlflow.server import constants as server

    store = f"sqlite:///{folder / 'mlflow.db'}"
    os.environ |= {
        server.BACKEND_STORE_URI_ENV_VAR: store,
        server.REGISTRY_STORE_URI_ENV_VAR: store,
        server.ARTIFACT_ROOT_ENV_VAR: "mlflow-artifacts:/",
        server.ARTIFACTS_DESTINATION_ENV_VAR: str(folder / "artifacts"),
        server.SERVE_ARTIFACTS_ENV_VAR: "true",
    }
    uvicorn.run("mlflow.server.fastapi_app:app", host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    serve(Path(sys.argv[1]).absolute(), int(sys.argv[2]))
