"""What a person reads of a judgement."""

from __future__ import annotations

from monitoring.checks.check import Check, Judged
from monitoring.runs import words


def said(check: Check, judged: Judged) -> str:
    """The sentence as a page shows it, with every parameter that it asks for."""
    sentence = words.sentence(check.key, {"key": judged.summary_key, "params": judged.params})
    assert sentence != str(words.UNSAID), judged
    return sentence
