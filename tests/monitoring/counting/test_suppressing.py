"""No cell of fewer than ten people leaves the firm, nor anything that it could be computed from."""

from __future__ import annotations

import random

from monitoring.counting.suppressing import SMALLEST, cells, groups


def test_large_cells_and_empty_ones_are_told():
    assert cells([10, 0, 200]) == [10, 0, 200]


def test_a_small_cell_takes_the_next_larger_one_with_it():
    assert cells([3, 40, 20, 0]) == [None, 40, None, 0]


def test_two_small_cells_that_count_too_few_together_take_a_third_one():
    assert cells([3, 4, 30, 12]) == [None, None, 30, None]


def test_two_small_cells_that_count_ten_together_hide_each_other():
    assert cells([4, 6, 30]) == [None, None, 30]


def test_what_is_hidden_is_never_alone_and_counts_ten_together():
    chance = random.Random(1)
    for _each in range(2000):
        counts = [chance.choice([0, 1, 5, 9, 10, 11, 300]) for _cell in range(chance.randint(2, 8))]
        if sum(counts) < SMALLEST or sum(n > 0 for n in counts) < 2:
            continue
        shown = cells(counts)
        hidden = [n for n, told in zip(counts, shown, strict=True) if told is None]
        assert all(told is None or told == n for n, told in zip(counts, shown, strict=True))
        assert not any(0 < (told or 0) < SMALLEST for told in shown)
        assert not hidden or (len(hidden) >= 2 and sum(hidden) >= SMALLEST)


def test_a_group_with_a_small_cell_is_hidden_whole_and_with_another_group():
    table = {"a": (100, 200), "b": (40, 3), "c": (20, 60)}
    assert groups(table, 0) == ({"b", "c"}, False)


def test_groups_that_hide_each_other_leave_no_small_cell_as_a_remainder():
    table = {"a": (100, 200), "b": (40, 3), "c": (20, 5), "d": (50, 60)}
    assert groups(table, 0) == ({"b", "c", "d"}, False)


def test_of_two_groups_none_is_told_when_one_is_small():
    assert groups({"f": (4, 30), "m": (300, 400)}, 0) == ({"f", "m"}, False)


def test_few_rows_without_a_decision_are_hidden_with_two_groups():
    assert groups({"a": (100, 200), "b": (40, 50), "c": (20, 60)}, 4) == ({"b", "c"}, True)
