"""The conclusion of a named second-line person: it holds for exactly the evidence and the edition it was drawn from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from governance.obligations.evidence import EvidenceFact

if TYPE_CHECKING:
    from governance.obligations.status import Answered


OUTDATED = "outdated"
"""In place of a verdict: somebody concluded, and the evidence or the edition has changed since."""

UNSIGNED = "unsigned"
"""In place of a verdict that rests on our mapping, which no lawyer has signed."""

MAY_BE_MET = frozenset({"on_file", "due_soon"})


@dataclass(frozen=True)
class ConclusionFact:
    """edition: of the framework, by which it was drawn."""

    verdict: Literal["met", "partly", "not_met", "not_applicable"]
    evidence_digest: str
    edition: str


@dataclass(frozen=True)
class Ground:
    """What a conclusion stands on beside the evidence, as it is now. binds: a norm of law, not a recommendation."""

    edition: str
    is_signed: bool
    binds: bool = True


def met(answered: Answered, conclusion: ConclusionFact | None, ground: Ground) -> bool:
    """Met needs all of it: evidence on file in date, a person who concluded so from this very evidence, a signed mapping.

    A date that comes near (due_soon) takes nothing away yet; "partly" and "not applicable" by a person are never met.
    """
    return _is_said_to_be_met(answered, conclusion, ground) and ground.is_signed


def stands(conclusion: ConclusionFact, answered: Answered, ground: Ground) -> bool:
    """False once the evidence or the edition changed: the person has not seen what counts now."""
    return conclusion.evidence_digest == answered.digest and conclusion.edition == ground.edition


def spoken(conclusion: ConclusionFact | None, answered: Answered, ground: Ground) -> str:
    """The verdict while all that it needs stands, else OUTDATED or UNSIGNED; "" = nobody concluded."""
    if conclusion is None:
        return ""
    if met(answered, conclusion, ground):
        return "met"
    if conclusion.verdict == "met":
        return UNSIGNED if _is_said_to_be_met(answered, conclusion, ground) else OUTDATED
    if not stands(conclusion, answered, ground):
        return OUTDATED
    sets_aside = conclusion.verdict == "not_applicable" and ground.binds
    return UNSIGNED if sets_aside and not ground.is_signed else conclusion.verdict


def _is_said_to_be_met(answered: Answered, conclusion: ConclusionFact | None, ground: Ground) -> bool:
    said = conclusion is not None and conclusion.verdict == "met" and stands(conclusion, answered, ground)
    return said and answered.status in MAY_BE_MET


def evidence_digest(evidence: Iterable[EvidenceFact], fields: Mapping[str, str] | None = None) -> str:
    """SHA-256 of what a person concludes from: contents of papers, verdicts of checks, values of fields.

    A check enters by plan, version and verdict, not by run: the nightly rerun with the same verdict does not
    send the second line back to work, another verdict or another version does.
    """
    rows = sorted(
        [
            fact.kind,
            fact.series,
            fact.version_id or "",
            fact.verdict,
            "" if fact.is_check else fact.digest or fact.id,
        ]
        for fact in evidence
    )
    content = {"evidence": rows, "fields": dict(sorted((fields or {}).items()))}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
