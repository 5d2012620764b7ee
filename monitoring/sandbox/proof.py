"""The self-test: a job really tries what no model may do. Only what was seen to be refused counts as a sandbox."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitoring.sandbox.levels import Level
from monitoring.sandbox.limits import Limits
from monitoring.sandbox.running import OUT_OF_TIME, CannotIsolate, Sandbox
from monitoring.sandbox.talk import TOO_LARGE, Died

ATTEMPTS = "monitoring.sandbox.attempts"
SMALL = Limits(memory=256 << 20, cpu=1, wall=60)
TOO_MUCH_MEMORY = 400 << 20
TOO_LONG_ANSWER = 6 << 20
PROGRAM = "/bin/true"
SYSTEM_FILE = "/etc/passwd"

Address = tuple[str, int] | tuple[str]


@dataclass(frozen=True)
class Outside:
    """What must be out of reach. addresses: of the database and the broker; secrets: files; only what is there is tried."""

    addresses: Mapping[str, Address] = field(default_factory=dict)
    secrets: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Proof:
    """open: what was not refused; tried: all that was tried; why: what failed when nothing could be tried at all."""

    level: Level
    layers: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    why: str = ""

    @property
    def holds(self) -> bool:
        return bool(self.tried) and not self.open and not self.why


def prove(sandbox: Sandbox, level: Level, outside: Outside) -> Proof:
    """About two seconds. Never raises: what cannot be tried does not hold."""
    try:
        with _stage(outside) as (params, canary):
            answer = sandbox.run(
                f"{ATTEMPTS}:reach", files={"canary": canary}, params=params, level=level, limits=SMALL
            )
            found: dict[str, bool] = {name: bool(stands) for name, stands in answer.value["open"].items()}
            found["input_unread"] = answer.value["input"] != "canary"
        found |= {
            "memory": not _ends(sandbox, level, "take_memory", TOO_MUCH_MEMORY, "MemoryError"),
            "processor": not _ends(sandbox, level, "spin", None, OUT_OF_TIME),
            "answer": not _ends(sandbox, level, "say_much", TOO_LONG_ANSWER, TOO_LARGE),
        }
    except (CannotIsolate, Died, OSError) as failed:
        return Proof(level, why=f"{type(failed).__name__}: {failed}")
    return Proof(level, answer.layers, tuple(found), tuple(name for name, stands in found.items() if stands))


def _ends(sandbox: Sandbox, level: Level, attempt: str, params: Any, how: str) -> bool:
    """Whether the attempt ends as it must."""
    try:
        sandbox.run(f"{ATTEMPTS}:{attempt}", files={}, params=params, level=level, limits=SMALL)
    except Died as death:
        return str(death) == how
    return False


@contextmanager
def _stage(outside: Outside) -> Iterator[tuple[dict[str, Any], Path]]:
    """A file that may be read, and beside it files and sockets that may not be touched and that really answer out here."""
    with tempfile.TemporaryDirectory(prefix="senim-proof-") as name, contextlib.ExitStack() as held:
        folder = Path(name)
        canary, hidden = folder / "canary", folder / "hidden"
        for file in (canary, hidden):
            file.write_text("canary")
        unix, abstract = str(folder / "socket"), f"\0{folder.name}"
        addresses: dict[str, Sequence[Any]] = {
            "tcp": held.enter_context(_listening(socket.AF_INET, ("127.0.0.1", 0))),
            "unix_socket": held.enter_context(_listening(socket.AF_UNIX, unix)),
            "abstract_socket": held.enter_context(_listening(socket.AF_UNIX, abstract)),
            **{key: each for key, each in outside.addresses.items() if _answers(each)},
        }
        secrets = {key: str(path) for key, path in outside.secrets.items() if os.access(path, os.R_OK)}
        yield (
            {
                "addresses": addresses,
                "readable": {"file_outside": str(hidden), "system_file": SYSTEM_FILE, **secrets},
                "writable": {"written_outside": f"{folder}/new", "overwritten": str(hidden)},
                "program": PROGRAM,
                "pid": os.getpid(),
            },
            canary,
        )


@contextmanager
def _listening(kind: int, at: Any) -> Iterator[Sequence[Any]]:
    with socket.socket(kind) as listener:
        listener.bind(at)
        listener.listen(8)
        yield listener.getsockname() if kind == socket.AF_INET else [at]


def _answers(at: Address) -> bool:
    """Whether it can be reached out here: else its silence in there would prove nothing."""
    with socket.socket(socket.AF_INET if len(at) == 2 else socket.AF_UNIX) as link:
        link.settimeout(2.0)
        try:
            link.connect(at if len(at) == 2 else at[0])
        except OSError:
            return False
        return True
