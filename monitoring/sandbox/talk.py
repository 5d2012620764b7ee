"""What a child says: lines of JSON through a pipe, progress first, the answer last. Nothing is ever unpickled."""

from __future__ import annotations

import json
import os
import select
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

Beat = Callable[[int, str], bool]

LOOK_EVERY = 1.0
BEAT_EVERY = 5.0
LONGEST_WORD = 200
MOST_PLACES = 40
TOO_LARGE, MALFORMED, TOOK_TOO_LONG = "answer too large", "answer malformed", "took too long"


class Died(Exception):
    """The child ended without an answer; the message says how, `places` where. Another attempt may succeed."""

    def __init__(self, how: str, places: Sequence[str] = ()) -> None:
        super().__init__(how)
        self.places = tuple(places)


class Lost(Exception):
    """The run has passed to another worker; the child was ended."""


@dataclass
class Heard:
    """What the child has said so far. most: bytes of a line."""

    most: int
    progress: int = 0
    phase: str = ""
    answer: dict[str, Any] | None = None
    broke: str = ""
    rest: bytes = b""
    told: tuple[int, str] = (0, "")

    def take(self, chunk: bytes) -> None:
        """Raises Died."""
        *lines, self.rest = (self.rest + chunk).split(b"\n")
        if any(len(line) > self.most for line in (*lines, self.rest)):
            raise Died(TOO_LARGE)
        for line in lines:
            self.understand(self.read(line))

    def read(self, line: bytes) -> Any:
        return json.loads(line)

    def understand(self, said: dict[str, Any]) -> None:
        self.progress, self.phase = said.get("progress", self.progress), said.get("phase", self.phase)
        self.answer, self.broke = said.get("answer", self.answer), said.get("broke", self.broke)


@dataclass
class Doubted(Heard):
    """The same of a child that may be in a stranger's hands: every line is looked at before it is believed."""

    layers: list[str] | None = None
    cannot: str = ""
    places: list[str] = field(default_factory=list)

    def read(self, line: bytes) -> Any:
        try:
            return json.loads(line, parse_constant=_refuse)
        except (ValueError, RecursionError) as malformed:
            raise Died(MALFORMED) from malformed

    def understand(self, said: Any) -> None:
        if not isinstance(said, dict):
            raise Died(MALFORMED)
        if self.layers is None:  # before anything of a stranger's runs
            self.layers, self.cannot = said.get("layers"), said.get("cannot", "")
            return
        if not _is_sound(said):
            raise Died(MALFORMED)
        super().understand(said)
        self.places = said.get("places", self.places)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _is_sound(said: dict[str, Any]) -> bool:
    keys, places = set(said), said.get("places", [])
    if keys == {"progress", "phase"}:
        return type(said["progress"]) is int and 0 <= said["progress"] <= 100 and _is_word(said["phase"])
    if keys == {"broke", "places"}:
        listed = isinstance(places, list) and len(places) <= MOST_PLACES and all(map(_is_word, places))
        return listed and _is_word(said["broke"])
    return keys == {"answer"} and isinstance(said["answer"], dict)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_WORD and value.isprintable()


def listen(reading: int, heard: Heard, beat: Beat, *, wall: float) -> None:
    """Until the child closes its end. Raises Lost, Died.

    beat: called with the progress when it changed and at least every five seconds; False means that the run is lost.
    """
    end, beaten = time.monotonic() + wall, time.monotonic()
    while True:
        ready, _, _ = select.select([reading], [], [], LOOK_EVERY)
        if ready:
            chunk = os.read(reading, 1 << 16)
            if not chunk:
                return
            heard.take(chunk)
        now = time.monotonic()
        if now > end:
            raise Died(TOOK_TOO_LONG)
        moved = (heard.progress, heard.phase) != heard.told
        if now - beaten >= (LOOK_EVERY if moved else BEAT_EVERY):
            beaten, heard.told = now, (heard.progress, heard.phase)
            if not beat(heard.progress, heard.phase):
                raise Lost


def say(writing: int, **what: Any) -> None:
    line = json.dumps(what, allow_nan=False).encode() + b"\n"
    while line:
        line = line[os.write(writing, line) :]


def cause(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"ended with code {code}"
