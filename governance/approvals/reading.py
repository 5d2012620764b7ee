"""A manifest as a person reads it: what fails, is uncertain or is missing first, in words instead of keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from governance.approvals import words
from governance.obligations.apart import caution_over
from governance.obligations.models import Evidence, Obligation
from governance.obligations.requirement import BINDING_NORMS
from governance.obligations.words import STATUSES
from governance.risk.models import AutonomyDegree, RiskDegree
from governance.risk.overriding.words import beside, words_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

POINTS = ("failing", "uncertain", "missing")
NUMBERS = {"value": ("value", "share"), "low": ("low",), "high": ("high",), "limit": ("limit", "share_limit")}
"""Under which names the summaries of checks carry their one number, its interval and its limit."""


@dataclass(frozen=True)
class Point:
    """One group of open points. binding, voluntary: rows of the catalogue, apart; evidence: kinds in words."""

    key: str
    binding: Sequence[Obligation]
    voluntary: Sequence[Obligation]
    evidence: Sequence[str]


@dataclass(frozen=True)
class Figure:
    """What a check measured, as its evidence sums it up. value is None where one number does not say it."""

    title: str
    verdict: str
    run_id: object
    taken_at: object
    subject: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    limit: float | None = None


@dataclass(frozen=True)
class Reading:
    points: Sequence[Point]
    figures: Sequence[Figure]
    tallies: Sequence[tuple[str, str, int]]
    degrees: Mapping[str, StrOrPromise]
    caution: str

    @property
    def is_clear(self) -> bool:
        return not any(point.binding or point.voluntary or point.evidence for point in self.points)


def read(manifest: Mapping[str, Any]) -> Reading:
    """Two queries, however much stands in the manifest."""
    tallies = _tallies(manifest["duties"]["statuses"])
    caution = caution_over(manifest["editions"])
    return Reading(_points(manifest), _figures(manifest), tallies, _degrees(manifest), caution)


def _degrees(manifest: Mapping[str, Any]) -> dict[str, StrOrPromise]:
    """What was set by hand is shown with what was computed."""
    grade, by_hand = manifest["grade"], manifest["grading"].get("overrides", {})
    risk, autonomy = RiskDegree(grade["risk_degree"]), AutonomyDegree(grade["autonomy_degree"])
    degrees: dict[str, StrOrPromise] = {
        "risk": risk.label,
        "autonomy": autonomy.label,
        "tier": str(grade["tier"]),
    }
    computed = {axis: words_of(axis, each["computed"]) for axis, each in by_hand.items()}
    return {a: beside(words, computed[a]) if a in computed else words for a, words in degrees.items()}


def _points(manifest: Mapping[str, Any]) -> list[Point]:
    named = manifest["open_points"]
    keys = {key for point in POINTS for key in named[point]["requirements"]}
    rows = (
        Obligation.objects.filter(key__in=keys)
        .select_related("framework")
        .order_by("framework__key", "framework__edition", "position")
    )
    editions = manifest["editions"]
    titles = {
        row.key: row for row in rows if editions.get(row.framework.key) in (None, row.framework.edition)
    }
    found = {
        point: [row for key, row in titles.items() if key in named[point]["requirements"]] for point in POINTS
    }
    return [
        Point(
            point,
            [row for row in rows if row.norm in BINDING_NORMS and row.framework.binding],
            [row for row in rows if row.norm not in BINDING_NORMS or not row.framework.binding],
            [words.kind(kind) for kind in named[point]["evidence"]],
        )
        for point, rows in found.items()
    ]


def _figures(manifest: Mapping[str, Any]) -> list[Figure]:
    ids = [each["id"] for each in manifest["cited_evidence"] if each["kind"].startswith("check:")]
    return [_figure(each) for each in Evidence.objects.filter(pk__in=ids).order_by("kind", "taken_at")]


def _figure(evidence: Evidence) -> Figure:
    """The one number of a summary, with its interval, where the check gave one."""
    params = evidence.summary.get("params", {})
    numbers = {name: _first_number(params, names) for name, names in NUMBERS.items()}
    n = params.get("n")
    return Figure(
        title=words.kind(evidence.kind),
        verdict=evidence.verdict,
        run_id=evidence.source_id if evidence.source.startswith("plan:") else None,
        taken_at=evidence.taken_at,
        subject=str(params.get("attribute") or ""),
        n=n if isinstance(n, int) else None,
        **numbers,
    )


def _first_number(params: Mapping[str, Any], names: Sequence[str]) -> float | None:
    return next((params[name] for name in names if isinstance(params.get(name), int | float)), None)


def _tallies(statuses: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str, int]]:
    """How many requirements stand in each status, the most frequent first; those that carry none are left out."""
    counted = Counter(duty["status"] for duty in statuses.values() if duty["status"] != "none")
    return [(status, str(STATUSES.get(status, status)), number) for status, number in counted.most_common()]
