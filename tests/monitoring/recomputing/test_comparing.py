"""A new computation is equal only byte for byte; otherwise each figure says what it was and what it is."""

from __future__ import annotations

from dataclasses import dataclass

from monitoring.recomputing.comparing import Side, figures, outcome


@dataclass(frozen=True)
class Figure:
    metric: str
    value: float | None
    n: int = 10
    subject: str = ""


def test_the_same_digest_is_equal():
    side = Side.of("a" * 64, "passed", [Figure("psi", 0.1)])
    assert outcome(side, side) == "equal"


def test_the_same_figures_under_another_digest_are_not_called_equal():
    was, now = (Side.of(mark * 64, "passed", [Figure("psi", 0.1)]) for mark in "ab")
    assert outcome(was, now) == "figures_equal"


def test_another_figure_number_of_rows_or_verdict_is_another_answer():
    was = Side.of("a" * 64, "passed", [Figure("psi", 0.1)])
    for verdict, figure in (
        ("passed", Figure("psi", 0.1000001)),
        ("passed", Figure("psi", 0.1, n=11)),
        ("failed", Figure("psi", 0.1)),
        ("passed", Figure("psi", None)),
    ):
        assert outcome(was, Side.of("b" * 64, verdict, [figure])) == "different"


def test_a_figure_that_only_one_side_has_is_shown_too():
    was = Side.of("a" * 64, "passed", [Figure("psi", 0.1, subject="income")])
    now = Side.of("b" * 64, "passed", [Figure("share", 0.5, n=7)])
    nothing = {"was": None, "now": None, "n_was": None, "n_now": None}
    assert figures(was, now) == [
        {**nothing, "metric": "psi", "subject": "income", "was": 0.1, "n_was": 10},
        {**nothing, "metric": "share", "subject": "", "now": 0.5, "n_now": 7},
    ]
