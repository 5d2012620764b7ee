"""How far apart a job runs, the best first."""

from __future__ import annotations

from typing import Literal

Level = Literal["namespaces", "landlock", "process"]

NAMESPACES: Level = "namespaces"
"""Namespaces of its own, a root of its own; Landlock and the filter of system calls inside, where there are any."""
LANDLOCK: Level = "landlock"
"""Where no namespaces may be made: Landlock closes the files, the filter closes sockets and processes. No scratch folder."""
PROCESS: Level = "process"
"""A process of its own with limits, and whatever else this machine has. No sandbox: an operator has to allow it by name."""

SANDBOXES: tuple[Level, ...] = (NAMESPACES, LANDLOCK)
