"""Running a job: paths and JSON in, JSON out. Whoever asks holds secrets; the process that forks for the job never had any."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from monitoring.sandbox.levels import Level
from monitoring.sandbox.limits import Limits
from monitoring.sandbox.talk import MALFORMED, Beat, Died, Doubted, cause, listen, say

CHECKOUT = Path(__file__).resolve().parents[2]
OUT_OF_TIME = f"killed by signal {int(signal.SIGXCPU)}"
COUNTED_IN_TICKS = 0.5
"""The kernel counts the processor's time for the limit in coarse steps."""

log = logging.getLogger(__name__)


class CannotIsolate(Exception):
    """The child could not be put where it can do no harm, so nothing was run. The message says what failed."""


@dataclass(frozen=True)
class Answer:
    """value: a JSON object, still to be looked at; layers: what stood around the job; cpu: seconds; peak: bytes."""

    value: dict[str, Any]
    layers: tuple[str, ...]
    cpu: float
    peak: int


class Sandbox:
    """Runs jobs, through a template that is started when it is needed and started again when it has died.

    modules: what the template imports before it forks. environment: all that it gets of one.
    """

    def __init__(self, modules: Sequence[str], environment: Mapping[str, str]) -> None:
        self._modules = tuple(modules)
        self._environment = {**environment, "PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"}
        self._link: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *what: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin the imports. Processes that are forked from this one share the template."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [
                sys.executable,
                "-m",
                "monitoring.sandbox.template",
                str(theirs.fileno()),
                *self._modules,
            ]
            self._process = subprocess.Popen(
                command,
                env=self._environment,
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._link = ours

    def stop(self) -> None:
        """Let go of the template: it ends when nobody holds it any more."""
        if self._link:
            self._link.close()
            self._link = None

    def run(
        self,
        entry: str,
        *,
        files: Mapping[str, Path],
        params: Any,
        level: Level,
        beat: Beat = lambda percent, phase: True,
        limits: Limits | None = None,
    ) -> Answer:
        """Call `module:function` with (files, params, progress) in a child. Raises CannotIsolate, Died, Lost, OSError."""
        limits = limits or Limits()
        there = {key: str(path.resolve()) for key, path in files.items()}
        order = {"entry": entry, "files": there, "params": params, "level": level, "limits": asdict(limits)}
        with _Line() as line:
            self._hand_over(order, line)
            heard = Doubted(limits.answer)
            listen(line.reading, heard, beat, wall=limits.wall)
            return _answer(heard, line.ending(), limits)

    def _hand_over(self, order: dict[str, Any], line: _Line) -> None:
        asked = os.memfd_create("order")
        try:
            say(asked, **order)
            os.lseek(asked, 0, os.SEEK_SET)
            self._send([asked, line.writing, line.ended, line.lifeline])
        finally:
            os.close(asked)
            line.hand_over()

    def _send(self, handed: list[int]) -> None:
        """Atomic: the processes that share the template do not mix their words."""
        with self._lock:
            for _attempt in range(2):
                if self._link is None:
                    self.start()
                assert self._link is not None
                try:
                    socket.send_fds(self._link, [b"job"], handed)
                    return
                except (BrokenPipeError, ConnectionResetError):
                    log.warning("the template of the sandbox has ended; another is started")
                    self.stop()
        raise Died("the template does not start")


class _Line:
    """Three pipes: the job's words, the warden's last word, and the lifeline, whose end ends the job."""

    def __enter__(self) -> _Line:
        self.reading, self.writing = os.pipe()
        self.ending_read, self.ended = os.pipe()
        self.lifeline, self._held = os.pipe()
        self._open = {self.reading, self.writing, self.ending_read, self.ended, self.lifeline, self._held}
        return self

    def hand_over(self) -> None:
        for each in (self.writing, self.ended, self.lifeline):
            self._close(each)

    def ending(self) -> dict[str, Any]:
        """How the job ended. Only the warden holds this pipe, and nothing of a stranger's runs in it."""
        said = b""
        while chunk := os.read(self.ending_read, 1 << 12):
            said += chunk
        return dict(json.loads(said)) if said else {"code": -int(signal.SIGKILL), "cpu": 0.0, "peak": 0}

    def _close(self, each: int) -> None:
        if each in self._open:
            self._open.remove(each)
            os.close(each)

    def __exit__(self, *what: object) -> None:
        for each in tuple(self._open):
            self._close(each)


def _answer(heard: Doubted, ending: dict[str, Any], limits: Limits) -> Answer:
    cannot = heard.cannot or ending.get("cannot", "")
    if cannot:
        raise CannotIsolate(cannot)
    if heard.broke:
        raise Died(heard.broke, heard.places)
    if ending["code"] == -signal.SIGKILL and ending["cpu"] >= limits.cpu - COUNTED_IN_TICKS:
        raise Died(OUT_OF_TIME)
    if ending["code"] != 0:
        raise Died(cause(ending["code"]))
    if heard.answer is None or heard.layers is None:
        raise Died(MALFORMED)
    return Answer(heard.answer, tuple(heard.layers), ending["cpu"], ending["peak"])
