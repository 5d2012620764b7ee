"""The conclusion of a named second-line person: it holds for exactly the evidence it was drawn from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from governance.obligations.evidence import EvidenceFact

if TYPE_CHECKING:
    from governance.obligations.status import Answered


@dataclass(frozen=True)
class ConclusionFact:
    verdict: Literal["met", "not_met", "not_applicable"]
    evidence_digest: str


def met(answered: Answered, conclusion: ConclusionFact | None) -> bool:
    """Met needs both: evidence on file in date, and a person who concluded so from this very evidence.

    A date that comes near (due_soon) takes nothing away yet; "not applicable" by a person is never met.
    """
    on_file = answered.status in ("on_file", "due_soon")
    return on_file and conclusion is not None and conclusion.verdict == "met" and stands(conclusion, answered)


def stands(conclusion: ConclusionFact, answered: Answered) -> bool:
    """False once the evidence changed: the person has not seen what is on file now."""
    return conclusion.evidence_digest == answered.digest


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
