"""What pages ask about the crosswalk: which members stand in a group today, and who confirmed them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from governance.obligations.crosswalk.models import Confirmation
from governance.obligations.crosswalk.themes import Theme, edition, themes
from governance.obligations.lines import kind_name
from governance.obligations.models import Adoption, DutySheet, Framework, Obligation
from governance.obligations.surroundings import newest_editions

Standing = Mapping[tuple[str, str, str], Confirmation]
"""(group, key of the requirement, edition of its framework) → the confirmation that stands."""


@dataclass(frozen=True)
class Member:
    """One requirement of a group. kinds: those of the proposal that answer a part of it."""

    obligation: Obligation
    theme: Theme
    confirmation: Confirmation | None

    @property
    def key(self) -> str:
        return self.obligation.key

    @property
    def is_strictest(self) -> bool:
        return self.key == self.theme.strictest

    @cached_property
    def kinds(self) -> list[str]:
        stated = [kind for group in self.obligation.facts["answered_by"] for kind in group["any_of"]]
        return [kind_name(kind) for kind in self.theme.evidence if kind in stated]


@dataclass(frozen=True)
class Progress:
    """How many members of a group are confirmed in these editions."""

    theme: Theme
    confirmed: int
    members: int

    @property
    def is_done(self) -> bool:
        return self.confirmed == self.members


def standing(organisation_id: UUID) -> Standing:
    """What counts for the crosswalk of today."""
    rows = Confirmation.objects.standing().filter(
        organisation_id=organisation_id, crosswalk_edition=edition()
    )
    return {
        (row.group, row.member, row.framework_edition): row for row in rows.select_related("confirmed_by")
    }


def members_of(organisation_id: UUID, theme: Theme) -> list[Member]:
    """Members of one group in the frameworks that the organisation follows."""
    return _members([theme], _obligations(organisation_id, theme.members), standing(organisation_id))


def progress(organisation_id: UUID) -> list[Progress]:
    """Every group that concerns the organisation, in a fixed number of queries."""
    every = {member for theme in themes().values() for member in theme.members}
    known, confirmed = _obligations(organisation_id, every), standing(organisation_id)
    found = [(theme, _members([theme], known, confirmed)) for theme in themes().values()]
    return [
        Progress(theme, sum(each.confirmation is not None for each in members), len(members))
        for theme, members in found
        if members
    ]


def _members(chosen: Iterable[Theme], known: Mapping[str, Obligation], confirmed: Standing) -> list[Member]:
    return [
        Member(known[key], theme, confirmed.get((theme.id, key, known[key].framework.edition)))
        for theme in chosen
        for key in theme.members
        if key in known
    ]


def _obligations(organisation_id: UUID, keys: Iterable[str]) -> dict[str, Obligation]:
    rows = Obligation.objects.filter(framework__in=_followed(organisation_id), key__in=list(keys))
    return {row.key: row for row in rows.select_related("framework")}


def _followed(organisation_id: UUID) -> list[Framework]:
    """The newest edition of each framework that is on by itself, adopted, or on for one of its models."""
    adopted = Adoption.objects.filter(organisation_id=organisation_id, ended_at=None)
    sheets = DutySheet.objects.filter(organisation_id=organisation_id)
    keys = set(adopted.values_list("framework_key", flat=True))
    keys = keys.union(*sheets.values_list("editions", flat=True))
    return [each for each in newest_editions() if each.default_on or each.key in keys]
