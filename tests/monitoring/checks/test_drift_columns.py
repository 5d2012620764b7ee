"""Lines of a plan that give a column a method or a limit of its own: what they say, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from monitoring.checks import CHECKS
from monitoring.checks.drift import rule_of
from monitoring.checks.drift_columns import flaws, not_frozen, read
from monitoring.engines.drift_rule import BY_ROWS, CATEGORICAL_ONLY, METHODS, Own, Rule
from monitoring.engines.refusals import CannotMeasure

KINDS = {"income": "numeric", "share: net": "numeric", "region": "categorical", "p": "numeric", "y": ""}


def wrong(lines: str, **limits: Any) -> list[str]:
    chosen = CHECKS["drift"].limits_of({**limits, "columns": lines})
    return [str(each) for found in (not_frozen, flaws) for each in found(chosen, KINDS)]


def test_a_line_names_a_column_and_a_method_a_limit_or_both():
    lines = "income: wasserstein 0.2\r\n\n  region : chisquare \nshare: net: 0,3\np:evidently 1e-1"

    assert wrong(lines) == []
    assert read(lines) == {
        "income": Own("wasserstein", 0.2),
        "region": Own("chisquare"),
        "share: net": Own(limit=0.3),
        "p": Own("evidently", 0.1),
    }


def test_no_line_gives_no_column_anything_of_its_own():
    assert read("") == read(" \n ") == {}
    assert rule_of(CHECKS["drift"].default_limits) == Rule()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("income 0.2", "write a column, a colon, and a method, a limit or both"),
        ("income:", "write a column, a colon"),
        (": psi", "write a column, a colon"),
        ("income: psi 0.2 0.3", "write a column, a colon"),
        ("age: psi", "age is no feature, score, decision or outcome of the dataset"),
        ("income: magic 0.2", "there is no method magic; there are psi, wasserstein"),
        ("income: nan", "there is no method nan"),
        ("region: ks", "the method ks is for numbers, and region is a category"),
        ("p: chisquare", "the method chisquare is for categories, and p is a number"),
        ("income: psi 0", "the limit of income must be a number above 0"),
        ("income: -0.1", "the limit of income must be a number above 0"),
        ("income: 1e999", "the limit of income must be a number above 0"),
        ("income: psi many", "the limit of income must be a number above 0"),
        ("income: ks 1.5", "by the method ks the limit of income is at most 1"),
        ("income: anderson 0.001", "the limit of income lies above 0.001 and is at most 0.25"),
        ("income: anderson 0.3", "the limit of income lies above 0.001 and is at most 0.25"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_line(line: str, said: str):
    [told] = wrong(f"y: psi\n\n{line}")
    assert told.startswith("Line 3: ") and said in told


def test_every_broken_line_is_named_and_a_column_stands_once():
    assert [each.partition(":")[0] for each in wrong("age: psi\nincome: 0.1\nincome: 0.2\nregion: ks")] == [
        "Line 1",
        "Line 3",
        "Line 4",
    ]


def test_the_method_of_the_plan_decides_how_large_a_limit_may_be():
    assert wrong("income: 1.5") == []
    assert "at most 1" in wrong("income: 1.5", numeric_method="ks")[0]
    assert wrong("region: 1.5", numeric_method="ks") == []


@pytest.mark.parametrize(
    ("lines", "limits", "said"),
    [
        ("", {"limits_from": "own_periods"}, "the reference's own quarters need its rows"),
        ("", {"numeric_method": "evidently"}, "Evidently chooses a method by the rows of both data periods"),
        ("", {"categorical_method": "evidently"}, "Evidently chooses a method by the rows"),
        ("income: evidently", {}, "Evidently chooses a method by the rows of both data periods"),
        ("income: t_test\np: es 0.1", {"numeric_method": "t_test"}, "keeps none: t_test, es."),
    ],
)
def test_the_frozen_baseline_keeps_no_rows_for_what_asks_for_them(lines: str, limits: Any, said: str):
    [told] = wrong(lines, **limits, cells="frozen_baseline")
    assert said in told
    assert wrong(lines, **limits) == []


@pytest.mark.parametrize("name", ["numeric_method", "categorical_method"])
def test_what_is_no_word_at_all_is_left_to_the_list_of_choices(name: str):
    assert wrong("", **{name: ["psi"]}, cells="frozen_baseline") == []


@pytest.mark.parametrize(
    "method", [m for m in METHODS if m not in (*BY_ROWS, "evidently", *CATEGORICAL_ONLY)]
)
def test_every_other_method_of_numbers_may_go_by_the_frozen_baseline(method: str):
    assert wrong("region: chisquare", numeric_method=method, cells="frozen_baseline") == []


def test_anderson_darling_needs_a_limit_that_its_p_values_reach():
    """SciPy gives none below 0.001 and none above 0.25: beyond, a column would have drifted never or always."""
    for limits in ({"numeric_method": "anderson"}, {"columns": "income: anderson"}):
        lines = limits.pop("columns", "")
        assert wrong(lines, significance=0.05, **limits) == wrong(lines, significance=0.25, **limits) == []
        for significance in (0.001, 0.3):
            [told] = wrong(lines, significance=significance, **limits)
            assert "the limit of p-values lies above 0.001" in told
    assert wrong("income: anderson 0.05", significance=0.001) == []
    assert "0.25" in wrong("income: 0.3", numeric_method="anderson")[0]


def test_of_an_outcome_the_data_say_what_it_holds():
    assert wrong("y: ks") == wrong("y: chisquare") == []


def test_what_gives_no_distance_needs_a_limit_where_others_go_by_own_quarters():
    assert "Write a limit for income as well" in wrong("income: ks", limits_from="own_periods")[0]
    assert wrong("income: ks 0.05", limits_from="own_periods") == []


def test_the_rule_of_a_plan_knows_its_columns():
    lines = "income: wasserstein 0.2\nregion: chisquare\nage: 0.3"
    rule = rule_of(CHECKS["drift"].limits_of({"columns": lines, "significance": 0.01}))

    assert rule.methods == ("psi", "wasserstein", "chisquare")
    for name, kind, method, limit in (
        ("income", "numeric", "wasserstein", 0.2),
        ("region", "categorical", "chisquare", 0.01),
        ("age", "numeric", "psi", 0.3),
        ("debt", "numeric", "psi", 0.1),
    ):
        assert rule.method_of(name, kind) == method
        assert rule.threshold_of(name, method, kind) == limit


@pytest.mark.parametrize(
    ("own", "kind", "reason"),
    [
        (Own("ks"), "categorical", "column_holds_categories"),
        (Own("z"), "numeric", "column_holds_numbers"),
    ],
)
def test_a_method_that_is_not_for_what_a_column_holds_is_refused_with_its_name(own, kind, reason):
    with pytest.raises(CannotMeasure) as refused:
        Rule(columns={"y": own}).method_of("y", kind)
    assert (refused.value.rule, refused.value.params["column"]) == (reason, "y")


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"columns": {"x": Own("magic")}}, "unknown_method"),
        ({"columns": {"x": Own("ks")}, "limits_from": "own_periods"}, "no_own_periods_of_method"),
    ],
)
def test_an_impossible_rule_is_refused(rule: dict[str, Any], reason: str):
    with pytest.raises(CannotMeasure) as refused:
        Rule(**rule)
    assert refused.value.rule == reason
