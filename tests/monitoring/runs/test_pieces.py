"""What a sentence has nothing to name for is left out of it, in every language."""

from __future__ import annotations

import pytest
from django.utils import translation

from monitoring.checks import CHECKS
from monitoring.checks.drift import SUMMARIES
from monitoring.runs.pieces import PIECE
from monitoring.runs.words import sentence

NOTHING = dict.fromkeys(("missing", "outside", "groups", "changed", "repeated", "days"), "–")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_troubles_that_there_are_not_are_not_listed(language: str) -> None:
    told = {"key": "failed", "params": NOTHING | {"repeated": "12.0%"}}
    with translation.override(language):
        said = sentence("quality", told)
    assert "12.0%" in said and "–" not in said.replace(" – ", "") and said.count(":") == 1


def test_what_was_not_measured_stays_as_a_dash() -> None:
    told = {
        "complete": None,
        "n": 40,
        "unapproved": None,
        "suspended": 0.0,
        "overridden": 0.1,
    }
    assert "Without a permission: –." in sentence("decision_log", {"key": "uncertain", "params": told})


@pytest.mark.parametrize("key", ["quality", "trading"])
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_translation_has_the_same_pieces(key: str, language: str) -> None:
    for template in CHECKS[key].summaries.values():
        with translation.override("en"):
            pieces = PIECE.findall(str(template))
        with translation.override(language):
            assert PIECE.findall(str(template)) == pieces, str(template)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_what_drift_says_nothing_of_is_a_piece_in_every_language(language: str) -> None:
    with translation.override(language):
        told = {key: PIECE.findall(str(each)) for key, each in CHECKS["drift"].summaries.items()}
        assert set(told["by_chance"]) == {"by_chance", "too_few"}
        assert all(told[key][-1:] == ["by_chance"] for key in SUMMARIES)


def test_a_piece_that_an_answer_of_before_did_not_know_is_left_out() -> None:
    told = {"key": "amber", "params": {"drifted": 2, "measured": 5, "names": "a, b"}}
    assert sentence("drift", told) == "2 features have drifted (of 5 measured), led by a, b."
