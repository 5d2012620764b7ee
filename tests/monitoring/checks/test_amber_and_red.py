"""A plan's amber limit comes before its red one, whichever side is the bad one."""

from __future__ import annotations

import pytest

from monitoring.runs.plans import problems_of_plan


@pytest.mark.parametrize(
    ("check", "limits", "where"),
    [
        ("quality", {"missing_rise_red": 0.01}, ["missing_rise_amber"]),
        ("fairness", {"demographic_parity_ratio_amber": 0.7}, ["demographic_parity_ratio_amber"]),
        ("fairness", {"demographic_parity_ratio_amber": 0.9}, []),
        ("fairness", {"equalized_odds_difference_amber": 0.2}, []),
        ("performance", {"auc_fall_amber": 0.06}, ["auc_fall_amber"]),
        ("performance", {"auc_fall_amber": 0.05, "auc_fall": 0.05}, []),
    ],
)
def test_amber_that_lies_beyond_red_is_refused_beside_its_field(check, limits, where):
    problems = problems_of_plan(check, limits, 30, 30, "so decided")
    assert [each.where for each in problems] == where
    assert all("before red" in str(each.what) for each in problems)
