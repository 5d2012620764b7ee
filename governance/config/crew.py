"""Several programs run as one: lines marked with their program's name, nobody left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import IO

from honcho.colour import get_colours
from honcho.printer import Message, Printer

from governance.config.env import handed_on

TETHER = Path(__file__).with_name("tethered.py")
SHORT_LIFE = 20.0
MOST_SHORT_LIVES = 3
"""A program that ends so soon, so many times in a row, is broken: starting it again would not help."""


@dataclass(frozen=True)
class Program:
    """One program to run; `environment` is added to ours."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ended:
    name: str
    code: int


class Crew:
    """The running programs. Each has a log file under `logs`; `echo` repeats the lines on standard output.

    We use honcho's printer but not its manager: that one signals whole process groups, so that a worker's
    children die in the middle of a task, and forks a process in between, which would outlive a kill -9 of
    ours.
    """

    def __init__(self, programs: Sequence[Program], *, logs: Path, echo: bool = False) -> None:
        self.programs = programs
        self.logs = logs
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._began: dict[str, float] = {}
        self._short_lives: dict[str, int] = {}
        self._readers: list[Thread] = []
        self._colours: dict[str, str] = {}
        width = max(len(program.name) for program in programs)
        self._printer = Printer(sys.stdout, width=width) if echo else None

    def start(self) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        for program, colour in zip(self.programs, get_colours(), strict=False):
            self._colours[program.name] = colour
            self.log(program.name).unlink(missing_ok=True)
            self._begin(program)

    def _begin(self, program: Program) -> None:
        process = self._spawn(program)
        self._processes[program.name], self._began[program.name] = process, time.monotonic()
        log = self.log(program.name).open("ab")
        colour = self._colours[program.name]
        reader = Thread(target=self._follow, args=(program, process, log, colour), daemon=True)
        reader.start()
        self._readers.append(reader)

    def mend(self) -> Ended | None:
        """Start again what has ended. Returns the program that ends as soon as it is started, which we give up."""
        for program in self.programs:
            process = self._processes[program.name]
            if (code := process.poll()) is None:
                continue
            lived = time.monotonic() - self._began[program.name]
            lives = self._short_lives.get(program.name, 0) + 1 if lived < SHORT_LIFE else 0
            self._short_lives[program.name] = lives
            if lives >= MOST_SHORT_LIVES:
                return Ended(program.name, code)
            self._bury(process)
            self._begin(program)
        return None

    def ended(self) -> Ended | None:
        """The first program that is no longer running."""
        for name, process in self._processes.items():
            if (code := process.poll()) is not None:
                return Ended(name, code)
        return None

    def stop(self, *, patience: float = 15.0) -> None:
        """Ask each to end, wait, then end what is left together with its children."""
        for process in self._processes.values():
            process.terminate()
        deadline = time.monotonic() + patience
        try:
            for process in self._processes.values():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=max(0.0, deadline - time.monotonic()))
        finally:  # an impatient second Ctrl-C comes here at once
            self._kill()
        for reader in self._readers:
            reader.join(timeout=2.0)

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", os.fspath(TETHER), str(os.getpid()), *program.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=handed_on(program.environment),
            start_new_session=True,  # a Ctrl-C in the terminal reaches us alone; we then end them in order
        )

    def _follow(
        self, program: Program, process: subprocess.Popen[bytes], log: IO[bytes], colour: str
    ) -> None:
        assert process.stdout is not None
        with log, process.stdout as lines:
            for line in lines:
                self._write(program.name, line, log, colour)

    def _write(self, name: str, line: bytes, log: IO[bytes], colour: str) -> None:
        log.write(line)
        log.flush()
        if self._printer:
            said = line.decode(errors="replace")
            self._printer.write(
                Message(type="line", data=said, time=datetime.now().astimezone(), name=name, colour=colour)
            )

    def _kill(self) -> None:
        for process in self._processes.values():
            self._bury(process)

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        """End its whole group: also children that its main process left behind, which may hold its port."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
