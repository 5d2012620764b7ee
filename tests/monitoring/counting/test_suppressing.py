"""No cell of fewer than ten people leaves the firm, nor anything that it could be computed from."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

from scipy.optimize import linprog

from monitoring.counting.suppressing import SMALLEST, cells, groups, is_small, pairs


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


def test_few_rows_with_a_decision_are_not_given_away_by_those_without_one():
    """Whoever knows how many rows there are takes the undecided ones away."""
    assert groups({"a": (4, 3)}, 200) == ({"a"}, True)


SIDES = ("a", "b", "c", "d"), ("x", "y", "z", None)


def test_pairs_without_a_small_cell_are_all_told():
    assert pairs({("a", "x"): (10, 0), ("a", "y"): (40, 20), ("b", "x"): (90, 12)}) == (set(), set())


def test_one_small_pair_hides_the_block_that_keeps_it_from_being_taken_away():
    table = {
        ("a", "x"): (4, 30),
        ("a", "y"): (60, 70),
        ("a", "z"): (20, 20),
        ("b", "x"): (50, 50),
        ("b", "y"): (80, 80),
        ("b", "z"): (90, 90),
        ("c", "x"): (300, 300),
        ("c", "y"): (300, 300),
        ("c", "z"): (300, 300),
    }
    assert pairs(table) == ({"a", "b"}, {"x", "z"})


def a_table(chance: random.Random) -> dict[tuple[str | None, str | None], tuple[int, ...]]:
    cells = [0, 0, 3, 9, 10, 14, 60, 300]
    names = [side[: chance.randint(2, 4)] for side in SIDES]
    return {both: tuple(chance.choice(cells) for _layer in range(2)) for both in product(*names)}


def test_no_small_pair_can_be_found_out_even_by_whoever_knows_both_columns():
    """Of each hidden small count the least and the largest that fit all that is told: at least ten lie between them."""
    chance, tried = random.Random(2), 0
    for _each in range(400):
        table = a_table(chance)
        hidden = pairs(table)
        for layer, (both, row) in product(range(2), table.items()):
            inside = both[0] in hidden[0] and both[1] in hidden[1]
            assert inside or not 0 < row[layer] < SMALLEST
            if (
                inside
                and 0 < row[layer] < SMALLEST
                and not any(any(map(is_small, each)) for each in sums(table))
            ):
                low, high = bounds(table, hidden, layer, both)
                assert high - low >= SMALLEST, (table, hidden, both)
                tried += 1
    assert tried > 100


def sums(table: dict[Any, tuple[int, ...]]) -> list[tuple[int, ...]]:
    """What each group of both columns counts: columns with a small one tell no pairs at all."""
    return [
        tuple(map(sum, zip(*(row for both, row in table.items() if both[side] == name), strict=True)))
        for side in (0, 1)
        for name in {both[side] for both in table}
    ]


def bounds(table: dict[Any, tuple[int, ...]], hidden: Any, layer: int, of: Any) -> tuple[float, float]:
    """By linear programming, which knows nothing of how the block was chosen."""
    places = [both for both in table if both[0] in hidden[0] and both[1] in hidden[1]]
    lines = [(side, name) for side in (0, 1) for name in hidden[side]]
    matrix = [[float(both[side] == name) for both in places] for side, name in lines]
    known = [sum(table[both][layer] for both in places if both[side] == name) for side, name in lines]
    wanted = [float(both == of) for both in places]
    least = linprog(wanted, A_eq=matrix, b_eq=known)
    most = linprog([-each for each in wanted], A_eq=matrix, b_eq=known)
    return round(least.fun, 6), round(-most.fun, 6)
