"""The tables of the tiers are whole, former ones never change, and a tier says what it expects, how often and by which limits."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import yaml
from django.core.checks import registry

from governance.config.checks import the_tables_of_tiers_are_whole
from monitoring.checks import CHECKS
from monitoring.runs import tiers
from monitoring.runs.tiers import TABLE

USED = {
    "tiers-2026-1.yaml": "4d67660390d9be959c85ff122d0fc6b211f9b6c0d090b54a75783728d4903150",
    "tiers-2026-2.yaml": "8b5c51ee9f34bb5187aaaf06892cb7ed95ca8356c18aa7f8a97e3ddded0f0cd6",
    "tiers-2026-3.yaml": "ad9c92fc60172c7c2b792149617e05f010b315677977ae6aec7dac879541b564",
}
"""Plans name them, so they stay what they were."""
ROWS = ["quality", "drift", "performance", "explanation", "robustness"]


@pytest.fixture
def raw() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(TABLE.read_text())
    return found


def written(folder: Any, raw: dict[str, Any]) -> list[str]:
    (folder / TABLE.name).write_text(yaml.safe_dump(raw))
    return [str(error.msg) for error in the_tables_of_tiers_are_whole(folder=folder)]


def test_every_table_is_read_at_every_start_and_has_no_flaw() -> None:
    assert the_tables_of_tiers_are_whole in registry.registry.get_checks()
    assert the_tables_of_tiers_are_whole() == []


def test_an_edition_that_was_used_is_what_it_was() -> None:
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in TABLE.parent.glob("tiers-*.yaml")
    }
    assert {name: found[name] for name in USED} == USED
    assert max(found) == TABLE.name == f"tiers-{tiers.edition()}.yaml"


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("limits", 1, "astrology"), {"luck": 1}, "limits.1.astrology.check: There is no such check."),
        (("limits", 1, "drift", "luck"), 1, "limits.1.drift.luck: This check has no such limit."),
        (
            ("limits", 4, "drift", "feature_score"),
            "high",
            "limits.4.drift.feature_score: This must be a number, 0 or more.",
        ),
        (
            ("limits", 2, "fairness", "minimum_group"),
            None,
            "limits.2.fairness.minimum_group: This must be a number, 0 or more.",
        ),
        (
            ("limits", 2, "drift", "numeric_method"),
            "magic",
            "limits.2.drift.numeric_method: This is not one of the choices.",
        ),
        (("limits", 5), {}, "limits.5: there is no such tier"),
        (("tiers", 1, "drift"), 0, "tiers.1.drift: 0 is no number of days from 1 to 366"),
        (("tiers", 1, "astrology"), 7, "tiers.1.astrology: there is no such check"),
        (("otherwise", 1), "often", "otherwise.1: it is no number of days"),
        (("halved_for_autonomy", "total"), [], "halved_for_autonomy.total: there is no such degree"),
        (("expected", 2), ["astrology"], "expected.2.astrology: there is no such check"),
        (("expected_where", "rich"), {}, "expected_where.rich: there is no such answer"),
        (
            ("not_expected_where", "generative"),
            ["luck"],
            "not_expected_where.generative.luck: there is no such check",
        ),
        (("grace_days",), "3", "grace_days: '3' is no whole number"),
        (("edition",), "2026-9", "edition: it says '2026-9'"),
        (("luck",), 1, "luck: there is no such key"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_place(tmp_path, raw, place, value, said) -> None:
    *way, last = place
    inner = raw
    for key in way:
        inner = inner[key]
    inner[last] = value
    assert f"{TABLE.name}: {said}" in written(tmp_path, raw)


def test_what_is_missing_or_no_table_is_named_too(tmp_path, raw) -> None:
    del raw["expected"]
    (tmp_path / "tiers-2020-1.yaml").write_text("- 1\n")
    (tmp_path / "tiers-2020-2.yaml").write_text("a: [")
    found = written(tmp_path, raw)
    assert f"{TABLE.name}: expected: it is missing" in found
    assert [each.split(":")[:2] for each in found if "2020" in each] == [
        ["tiers-2020-1.yaml", " it is no table of tiers"],
        ["tiers-2020-2.yaml", " it is no table of tiers"],
    ]


@pytest.mark.parametrize(
    ("tier", "facts", "checks"),
    [
        (1, (), ROWS),
        (2, ("decisions_about_persons",), [*ROWS, "fairness"]),
        (4, ("decisions_about_persons",), ["quality", "drift", "performance", "fairness", "explanation"]),
        (3, ("trading", "solely_automated"), [*ROWS[:4], "decision_log", "trading"]),
        (1, ("generative",), []),
        (1, ("generative", "decisions_about_persons", "solely_automated"), ["fairness", "decision_log"]),
    ],
)
def test_a_tier_expects_checks_by_what_the_model_is(tier, facts, checks) -> None:
    assert sorted(tiers.expected(tier, facts)) == sorted(checks)


def test_each_tier_names_the_fewest_rows_of_every_check(raw) -> None:
    fewest = {"fewest_rows", "fewest_messages", "minimum_group"}
    for tier in (1, 2, 3, 4):
        named = {key for key, limits in raw["limits"][tier].items() if fewest & set(limits)}
        assert named == {key for key, check in CHECKS.items() if fewest & set(check.default_limits)}
        assert named == set(CHECKS)


def test_the_highest_tier_is_stricter_and_the_lowest_milder_and_who_is_not_graded_has_the_strictest() -> None:
    assert tiers.propose("performance", 1).limits["accuracy_fall_amber"] == 0.03
    assert "accuracy_fall_amber" not in tiers.propose("performance", 2).limits
    assert tiers.propose("drift", 4).limits["feature_score"] == 0.25
    assert tiers.propose("performance", None).limits == tiers.propose("performance", 1).limits


def test_the_two_highest_tiers_are_explained_every_week() -> None:
    assert [tiers.propose("explanation", tier).every_days for tier in (1, 2, 3, 4)] == [7, 7, 90, 180]
