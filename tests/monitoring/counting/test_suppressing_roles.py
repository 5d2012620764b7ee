"""Whoever holds score, decision and outcome of a document against its groups finds out no fewer than ten people."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from scipy.optimize import linprog

from monitoring.counting.crossing import rows_of
from monitoring.counting.plans import CATEGORICAL, FEW, NUMERIC, Cells
from monitoring.counting.roles import place_of, shown, totals
from monitoring.counting.suppressing import SMALLEST, groups, is_small

WHO = ("a", "b", "c")
VALUES = ("maybe", "no", "yes")
SAYS = Cells("says", CATEGORICAL, values=VALUES[:2] + VALUES[2:])
FEW_YES = {(False, False): 500, (False, True): 20, (True, False): 80, (True, True): 400}


def test_a_small_value_hides_among_those_of_its_own_decision():
    """Yes would be the next larger one, but the groups give away how many they are."""
    assert shown("prediction", SAYS, [4, 576, 420, 0], 0, FEW_YES, "yes") == [None, None, 420, 0, 0]
    assert shown("prediction", SAYS, [4, 576, 420, 0], 0, None, "yes") == [None, 576, None, 0, 0]


def test_few_rows_without_a_decision_hide_the_column():
    known = {**FEW_YES, (None, None): 3}
    assert shown("prediction", SAYS, [90, 490, 420, 0], 3, known, "yes") == [None] * 5


def test_outcomes_of_few_rows_without_a_decision_hide_the_outcomes():
    """The groups give away 480 outcomes of decided rows: 483 of all would tell of three."""
    known = {**FEW_YES, (True, None): 3, (None, None): 40}
    assert shown("label", SAYS, [100, 420, 483, 0], 40, known, "yes") == [None] * 5
    known = {**FEW_YES, (True, None): 30, (None, None): 40}
    assert shown("label", SAYS, [100, 420, 510, 0], 40, known, "yes") == [100, 420, 510, 0, 40]


def test_the_rest_of_a_cell_that_holds_the_favourable_value_as_well_is_not_given_away():
    cells = Cells("says", CATEGORICAL, values=("maybe", "no"))
    assert shown("prediction", cells, [90, 490, 420], 0, FEW_YES, "yes") == [90, 490, 420, 0]
    assert shown("prediction", cells, [90, 486, 424], 0, FEW_YES, "yes") == [None, 486, None, 0]


def test_a_column_that_is_not_what_the_groups_count_is_hidden():
    """A decision that is no number is missing in the column, and none in the groups."""
    assert shown("prediction", SAYS, [90, 470, 420, 0], 20, FEW_YES, "yes") == [None] * 5


@pytest.mark.parametrize(
    ("cells", "favourable", "place"),
    [
        (SAYS, "no", 1),
        (SAYS, "never", 3),
        (Cells("x", CATEGORICAL, values=("false", "true")), "1", 1),
        (Cells("x", CATEGORICAL, values=("false", "true")), "0", 0),
        (Cells("x", CATEGORICAL, values=("0", "1")), "1.0", 1),
        (Cells("x", CATEGORICAL, values=("1", "true")), "1", None),
        (Cells("x", FEW, values=(0.0, 1.0)), "1", 1),
        (Cells("x", FEW, values=(0.0, 1.0)), "2", 2),
        (Cells("x", FEW, values=(0.0, 1.0)), "good", None),
        (Cells("x", NUMERIC, edges=(1.0, 2.0)), "1", 1),
    ],
)
def test_the_cell_of_the_favourable_value(cells, favourable, place):
    assert place_of(cells, favourable) == place


SCORE = Cells("p", NUMERIC, edges=(0.2, 0.4, 0.5, 0.8))


def test_where_the_decision_may_follow_from_the_score_each_side_hides_its_own():
    """520 rows lie below the fourth edge, and as many are refused."""
    known = {(None, False): 520, (None, True): 480}
    assert shown("score", SCORE, [4, 216, 300, 30, 450], 0, known, "1") == [None, None, 300, 30, 450, 0]
    assert shown("score", SCORE, [4, 216, 300, 30, 450], 0, None, "1") == [None, 216, 300, None, 450, 0]


def test_a_score_whose_missing_values_would_be_given_away_is_hidden():
    known = {(None, False): 524, (None, True): 480}
    assert shown("score", SCORE, [100, 120, 300, 30, 450], 4, known, "1") == [None] * 6


def test_no_side_of_any_threshold_gives_a_small_cell_away():
    chance, tried = random.Random(3), 0
    for _each in range(2000):
        counts = [chance.choice([0, 4, 9, 10, 60, 300]) for _cell in range(5)]
        missing, at = chance.choice([0, 0, 3, 20]), chance.randint(1, 4)
        refused = sum(counts[:at]) + chance.choice([0, missing])
        known = {(None, False): refused, (None, True): sum(counts) + missing - refused}
        if any(map(is_small, known.values())):
            continue
        told = shown("score", SCORE, counts, missing, known, "1")
        if set(told) == {None}:
            continue
        assert not any(map(is_small, filter(None, told)))
        for side in (range(at), range(at, 5), [5]):
            hidden = [[*counts, missing][place] for place in side if told[place] is None]
            assert not hidden or (len(hidden) > 1 and sum(hidden) >= SMALLEST)
            tried += bool(hidden)
    assert tried > 300


Row = tuple[str, str | None, str | None]
"""Group, outcome and decision."""


def side(value: str | None) -> bool | None:
    return None if value is None else value == "yes"


def a_table(chance: random.Random) -> dict[Row, int]:
    """Most values are frequent, some are rare or are not there at all."""
    everything = (*VALUES, None)
    often = {
        (at, value): chance.choices(["often", "rare", "never"], [5, 2, 2])[0]
        for at in (1, 2)
        for value in everything
    }
    found = {}
    for row in product(WHO, everything, everything):
        kinds = {often[1, row[1]], often[2, row[2]]}
        if "never" not in kinds:
            found[row] = (
                chance.choice([0, 0, 0, 1, 5]) if "rare" in kinds else chance.choice([0, 20, 60, 300])
            )
    return {row: n for row, n in found.items() if n}


def told_of(table: dict[Row, int]) -> Iterator[tuple[Any, int]]:
    """Sums that a reader knows, each as which rows it adds up: the document, and what another sensitive column would tell."""
    yield (lambda row: True), sum(table.values())
    decided: dict[str | None, dict[Any, int]] = {}
    for (who, label, says), n in table.items():
        both = side(label), side(says)
        decided.setdefault(who, {})[both] = decided.setdefault(who, {}).get(both, 0) + n
    known, rows = totals(decided), rows_of(decided)
    undecided = sum(n for both, n in known.items() if both[1] is None)
    hidden, hides_undecided = groups(rows, undecided)
    everyone = {both: n for both, n in known.items() if both[1] is not None}
    if not hides_undecided:
        yield (lambda row: row[2] is None), undecided
    for both in product((None, False, True), (False, True)):
        for who in rows.keys() - hidden:
            yield (
                lambda row, who=who, both=both: (row[0], side(row[1]), side(row[2])) == (who, *both),
                decided[who].get(both, 0),
            )
        if not hides_undecided and not any(map(is_small, everyone.values())):
            yield (lambda row, both=both: (side(row[1]), side(row[2])) == both), known.get(both, 0)
    for role, at in (("label", 1), ("prediction", 2)):
        counts = [sum(n for row, n in table.items() if row[at] == value) for value in (*VALUES, None)]
        *cells, _other, missing = shown(role, SAYS, [*counts[:3], 0], counts[3], known, "yes")
        for value, n in zip((*VALUES, None), (*cells, missing), strict=True):
            if n is not None:
                yield (lambda row, value=value, at=at: row[at] == value), n


def secrets(table: dict[Row, int]) -> Iterator[Any]:
    """Sums of which none may be found out where it is small."""
    yield from (
        lambda row, at=at, value=value: row[at] == value for at in (1, 2) for value in (*VALUES, None)
    )
    for label, says in product((None, False, True), repeat=2):
        yield lambda row, both=(label, says): (side(row[1]), side(row[2])) == both
        if says is not None:
            for who in WHO:
                yield (lambda row, of=(who, label, says): (row[0], side(row[1]), side(row[2])) == of)


def test_no_small_count_can_be_found_out_from_the_columns_and_the_groups_together():
    """Of each small sum the least and the largest that fit all that is told: at least ten lie between them.

    By linear programming, which knows nothing of how the cells were chosen.
    """
    chance, tried, columns = random.Random(5), 0, 0
    places = list(product(WHO, (*VALUES, None), (*VALUES, None)))
    for _each in range(150):
        table = a_table(chance)
        if sum(table.values()) < SMALLEST:
            continue
        told = list(told_of(table))
        columns += len(told) > 8
        matrix = [[float(adds(row)) for row in places] for adds, _n in told]
        known = [float(n) for _adds, n in told]
        for adds in secrets(table):
            if is_small(sum(n for row, n in table.items() if adds(row))):
                wanted = [float(adds(row)) for row in places]
                least = linprog(wanted, A_eq=matrix, b_eq=known)
                most = linprog([-each for each in wanted], A_eq=matrix, b_eq=known)
                assert -most.fun - least.fun >= SMALLEST - 1e-6, (table, wanted, least.fun, -most.fun)
                tried += 1
    assert tried > 100 and columns > 30
