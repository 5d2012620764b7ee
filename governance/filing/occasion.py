"""What a return is filed for, and what its officer says: the two things that a service is given."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from governance.filing.models import Campaign, Return
from governance.filing.words import LATEST


@dataclass(frozen=True)
class Occasion:
    """A period: of a campaign, of the return that is corrected, or of a participant's own choice."""

    starts_on: date
    ends_on: date
    campaign: Campaign | None = None
    corrects: Return | None = None

    @classmethod
    def asked_by(cls, campaign: Campaign) -> Occasion:
        return cls(campaign.starts_on, campaign.ends_on, campaign)

    @classmethod
    def correcting(cls, former: Return) -> Occasion:
        return cls(former.starts_on, former.ends_on, former.campaign, former)

    @property
    def edition(self) -> str:
        if self.corrects is not None:
            return self.corrects.edition
        return self.campaign.edition if self.campaign else LATEST


@dataclass(frozen=True)
class Said:
    """What the officer declares. also: ids of models registered after the period that were used in it all the same.

    seen: the digest of the list that they had before them (`snapshot.of_models`); "" for a return without a list.
    """

    kind: str
    officer: str
    position: str
    is_complete: bool
    remark: str = ""
    also: Collection[UUID] = field(default=())
    seen: str = ""
