"""Who acts: a person, a token of a firm's CI, a part of Senim itself, or nobody yet known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal
from uuid import UUID

from governance.errors import NotAllowed

ALL: Final = "*"
Scope = frozenset[UUID] | Literal["*"]
NOWHERE: Final[frozenset[UUID]] = frozenset()


@dataclass(frozen=True)
class Actor:
    """One who reads and writes, and the organisations in which they may.

    `reads` and `writes` are ids of organisations, or ALL. `models` narrows what they see of those organisations to some
    AIModels: the visit of an auditor may be to these alone.
    """

    kind: Literal["person", "token", "system", "nobody"]
    id: str = ""
    name: str = ""
    organisation_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    reads: Scope = NOWHERE
    writes: Scope = NOWHERE
    user_id: UUID | None = None
    models: Scope = ALL

    @property
    def label(self) -> str:
        """What the ledger keeps: kind and id, never a name."""
        return f"{self.kind}:{self.id}" if self.id else self.kind

    @property
    def is_known(self) -> bool:
        return self.kind != "nobody"

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    @property
    def is_person(self) -> bool:
        return self.kind == "person"

    @property
    def person(self) -> UUID:
        """Who answers for what is written: the person, or the one who issued the token. Raises NotAllowed for nobody."""
        if self.user_id is None:
            raise NotAllowed
        return self.user_id

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def works_in(self, organisation_id: UUID) -> bool:
        return self.writes == ALL or organisation_id in self.writes

    def reaching(self, organisation_id: UUID, *, roles: frozenset[str]) -> Actor:
        """The same person, writing in one organisation that is not theirs, with none but these roles.

        Only `rights.reaching` makes one, after a right that reaches so far was judged.
        """
        return replace(
            self, organisation_id=organisation_id, writes=frozenset({organisation_id}), roles=roles
        )

    @classmethod
    def system(cls, name: str, organisation_id: UUID | None = None) -> Actor:
        """A part of Senim. With an organisation it sees that one alone; without, every one (sweeps, `found`)."""
        scope: Scope = frozenset({organisation_id}) if organisation_id else ALL
        return cls("system", id=name, name=name, organisation_id=organisation_id, reads=scope, writes=scope)

    @classmethod
    def nobody(cls) -> Actor:
        """Somebody at the door."""
        return cls("nobody")
