"""Where the models of the stories are made: a process of its own, so that nothing else imports a science library.

It begins with everything else, works at low priority, and makes the material of one story after the other.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from governance.demo.mlflow.server import MlflowServer
from governance.demo.visitor import StoryBroken

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0
LAST_WRITTEN = "facts.json"
"""Each training writes this file when all others are there."""


class Workshop:
    """folder: one folder for each story in it, named as the story."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._mlflow: MlflowServer | None = None

    def begin(self) -> None:
        """Make what is missing. Returns at once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "governance.demo.training", str(self.folder)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=CHECKOUT, stdout=log, stderr=log)

    def mlflow(self) -> MlflowServer:
        """The bank's MLflow, started at the first call. It ends with the thread that called first, or with `close`."""
        if self._mlflow is None:
            self._mlflow = MlflowServer(self.folder / "mlflow-server")
        return self._mlflow

    def made(self, story: str) -> Path:
        """The folder of a story's material, waited for. Raises StoryBroken."""
        until = time.monotonic() + PATIENCE
        while not (self.folder / story / LAST_WRITTEN).exists():
            if time.monotonic() > until or self._has_failed():
                said = self._log.read_text(errors="replace")[-2000:] if self._log.exists() else "nothing"
                raise StoryBroken(f"the material of {story} was not made: {said}")
            time.sleep(0.1)
        return self.folder / story

    def close(self) -> None:
        """End the training, if it has not ended by itself, and MLflow."""
        if self._mlflow is not None:
            self._mlflow.stop()
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def _has_failed(self) -> bool:
        return self._process is not None and bool(self._process.poll())

    @property
    def _log(self) -> Path:
        return self.folder / "training.log"
