"""What every story is played on: a running Senim, the people of the demonstration, and the files made for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from governance.demo.cast import Cast, Firm, Part, token_for
from governance.demo.visitor import Machine, Visitor
from governance.demo.workshop import Workshop

READS = ("models:read", "gate:read")
ALL_OF_CI = ("models:read", "models:write", "windows:write", "approvals:request", "gate:read")


@dataclass
class Stage:
    """url: a running Senim. tell: where the lines of the story go. Sign-ins and tokens are remembered."""

    url: str
    cast: Cast
    workshop: Workshop
    tell: Callable[[str], None] = print
    _visitors: dict[str, Visitor] = field(default_factory=dict)
    _machines: dict[tuple[str, tuple[str, ...]], Machine] = field(default_factory=dict)

    def visitor(self, part: Part) -> Visitor:
        """A person of the cast with a browser, signed in."""
        if part.email not in self._visitors:
            self._visitors[part.email] = Visitor(self.url, part.email, self.cast.password)
        return self._visitors[part.email]

    def machine(self, firm: Firm, scopes: tuple[str, ...] = ALL_OF_CI) -> Machine:
        """A program of the firm with a token that its administrator issued."""
        key = (firm.bin, tuple(scopes))
        if key not in self._machines:
            name = "CI" if "models:write" in scopes else "CI, reading"
            self._machines[key] = Machine(self.url, token_for(self.cast, firm, name, list(scopes)))
        return self._machines[key]

    def made(self, story: str) -> Path:
        """The folder of files that `governance.demo.<story>.training` made. Raises StoryBroken."""
        return self.workshop.made(story)

    def telling(self, tell: Callable[[str], None]) -> Stage:
        """The same stage, with the same people on it, whose lines go elsewhere."""
        return replace(self, tell=tell)
