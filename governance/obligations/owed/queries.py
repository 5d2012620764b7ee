"""What a model still owes, read once: every duty, the evidence that fails or lapses, and what was confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.inventory.sections import QUESTIONS
from governance.obligations.crosswalk import queries as crosswalk
from governance.obligations.crosswalk.themes import Theme, themes
from governance.obligations.lines import LOOKS, kind_name
from governance.obligations.models import Duty, Evidence, Framework, Obligation
from governance.obligations.owed.asking import GRADE, demands_of
from governance.obligations.owed.efforts import ANSWER, Effort, effort_of, efforts
from governance.obligations.owed.rules import URGENCY, Act, Piece, pieces, theme_of
from governance.obligations.status import FIELD
from governance.obligations.words import STATUSES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

AVOIDED = 50
"""Cost of a kind that the register cannot take in by itself: proposed only where nothing else will do."""


EXCUSED = ("accepted_gap", "waived")


@dataclass(frozen=True)
class Helped:
    """The requirements of one framework that a piece helps to answer."""

    framework: Framework
    obligations: Sequence[Obligation]


@dataclass(frozen=True)
class Line:
    """One thing to do, as a page says it. evidence: the newest piece of this kind that fails, lapses or comes due."""

    piece: Piece
    theme: Theme | None
    helped: Sequence[Helped]
    confirmed: int
    """How many of the members of its theme a person has confirmed."""
    members: int
    evidence: Evidence | None = None

    @property
    def kind(self) -> str:
        return self.piece.kind

    @property
    def name(self) -> StrOrPromise:
        if self.piece.act != Act.ANSWER:
            return kind_name(self.kind)
        return _("Degrees of risk and autonomy") if self.kind == GRADE else QUESTIONS[self.kind].label

    @property
    def effort(self) -> Effort:
        return efforts()[ANSWER] if self.piece.act == Act.ANSWER else effort_of(self.kind)

    @property
    def look(self) -> str:
        return LOOKS.get(self.piece.status, self.piece.status)

    @property
    def words(self) -> str:
        return str(STATUSES[self.piece.status])

    @property
    def number(self) -> int:
        return sum(len(each.obligations) for each in self.helped)

    @property
    def answers_once(self) -> str:
        """ "confirmed", "partly" or "proposed" where one piece is said to answer several requirements of a theme."""
        if self.members < 2 or self.piece.act != Act.HAND_IN:
            return ""
        if self.confirmed == self.members:
            return "confirmed"
        return "partly" if self.confirmed else "proposed"

    @property
    def order(self) -> tuple[int, int, date, int]:
        """By effort; what is alike by urgency, by day, and by how much it helps."""
        return (
            self.effort.rank,
            URGENCY.index(self.piece.status),
            self.piece.due_on or date.max,
            -self.number,
        )


@dataclass(frozen=True)
class Chapter:
    """The lines of one theme; theme None: what no group of the crosswalk names."""

    theme: Theme | None
    lines: Sequence[Line]


@dataclass(frozen=True)
class OwedToday:
    """chapters: what the model owes; of_organisation: what is asked of the organisation once."""

    chapters: Sequence[Chapter] = ()
    of_organisation: Sequence[Line] = ()
    excused: Mapping[str, int] = field(default_factory=dict)
    """Status → number of requirements for which the second line accepted something for a time."""

    @property
    def lines(self) -> list[Line]:
        return [*(line for chapter in self.chapters for line in chapter.lines), *self.of_organisation]

    @property
    def pieces(self) -> int:
        return len(self.lines)

    @property
    def requirements(self) -> int:
        return len({key for line in self.lines for key in line.piece.requirements})


def owed_by(model: AIModel, *, avoided: Collection[str] = ()) -> OwedToday:
    """What is owed today, in a fixed number of queries. avoided: kinds that the register cannot take in by itself."""
    duties = _duties(model)
    evidence = _evidence(duties)
    kinds = {key: row.kind for key, row in evidence.items()}
    today = timezone.localdate()
    demands = [demand for duty in duties for demand in demands_of(duty, kinds, today, model)]
    found = pieces(demands, lambda kind: _cost(kind, avoided))
    page = _Page({duty.obligation.key: duty.obligation for duty in duties}, evidence, model)
    tally = Counter(duty.status for duty in duties)
    lines = sorted((page.line(piece) for piece in found), key=lambda line: line.order)
    return OwedToday(
        _chapters([line for line in lines if not line.piece.of_organisation]),
        [line for line in lines if line.piece.of_organisation],
        {status: tally[status] for status in EXCUSED if tally[status]},
    )


def _duties(model: AIModel) -> list[Duty]:
    """One pass over the duties that bear on this page; their long texts are left where they are."""
    rows = Duty.objects.filter(model=model, status__in=[*URGENCY, *EXCUSED])
    return list(
        rows.select_related("obligation__framework")
        .defer("obligation__facts")
        .order_by(
            "-obligation__framework__head__binding_in_kz",
            "obligation__framework__key",
            "obligation__position",
        )
    )


def _evidence(duties: Iterable[Duty]) -> dict[str, Evidence]:
    """What the groups of these duties name, by id."""
    named = {
        key
        for duty in duties
        for group in duty.groups
        for key in (*group["by"], *group["failing"], *group["lapsed"])
        if not key.startswith(FIELD)
    }
    return {str(row.pk): row for row in Evidence.objects.filter(pk__in=named)}


def _cost(kind: str, avoided: Collection[str]) -> int:
    if kind in avoided:
        return AVOIDED
    known = kind in QUESTIONS or kind == GRADE
    return 1 if known else effort_of(kind).cost


class _Page:
    """Everything that the lines of one page share."""

    def __init__(
        self, obligations: Mapping[str, Obligation], evidence: Mapping[str, Evidence], model: AIModel
    ) -> None:
        self.obligations = obligations
        self.evidence = sorted(evidence.values(), key=lambda row: row.taken_at, reverse=True)
        self.confirmed = crosswalk.standing(model.organisation_id)
        self.groups = {name: (theme.evidence, theme.members) for name, theme in themes().items()}

    def line(self, piece: Piece) -> Line:
        theme = themes().get(theme_of(piece, self.groups))
        members = [key for key in piece.requirements if theme and key in theme.members]
        return Line(
            piece,
            theme,
            self._helped(piece),
            confirmed=sum(self._is_confirmed(theme, key) for key in members),
            members=len(members),
            evidence=next((row for row in self.evidence if row.kind == piece.kind), None),
        )

    def _helped(self, piece: Piece) -> list[Helped]:
        found: dict[Framework, list[Obligation]] = {}
        for key in piece.requirements:
            found.setdefault(self.obligations[key].framework, []).append(self.obligations[key])
        return [Helped(framework, obligations) for framework, obligations in found.items()]

    def _is_confirmed(self, theme: Theme | None, key: str) -> bool:
        edition = self.obligations[key].framework.edition
        return theme is not None and (theme.id, key, edition) in self.confirmed


def _chapters(lines: Sequence[Line]) -> list[Chapter]:
    """In the order of the crosswalk; what no group names comes last."""
    by_theme: list[Theme | None] = [*themes().values(), None]
    chapters = [Chapter(theme, [line for line in lines if line.theme == theme]) for theme in by_theme]
    return [chapter for chapter in chapters if chapter.lines]
