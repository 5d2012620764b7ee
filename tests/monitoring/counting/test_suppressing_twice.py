"""Whoever holds a whole document, with sensitive columns told by their values as well, finds out no fewer than ten people."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.optimize import linprog

from monitoring.counting import making, plans, suppressing
from monitoring.counting.documents import COMBINATIONS
from monitoring.counting.plans import CATEGORICAL, FEW, NUMERIC, Cells
from monitoring.counting.suppressing import SMALLEST, is_small
from monitoring.counting.twice import is_safe, place_of

COLUMNS = ("who", "where", "label", "says")
Row = tuple[str | None, str | None, str | None, str | None]
Adds = Callable[[Row], bool]
WHO, WHERE, RESULTS = ("a", "b", "c", "d", None), ("x", "y", None), ("no", "yes", None)
PLACES: list[Row] = list(product(WHO, WHERE, RESULTS, RESULTS))
CELLS = {"who": ("a", "b", "c"), "where": ("x", "y")}
"""The reference names no d: it lies in the cell of all other values."""
PLAN = plans.plan(
    [Cells(name, CATEGORICAL, values=values) for name, values in CELLS.items()],
    features=["who", "where"],
    categorical=["who", "where"],
    sensitive=["who", "where"],
    label="label",
    prediction="says",
    favourable="yes",
    roles=[Cells(name, CATEGORICAL, values=("no", "yes")) for name in ("says", "label")],
)


WOMEN = {(None, False): 120, (None, True): 120}
MEN = {(None, False): 180, (None, True): 180}
SEX = Cells("sex", CATEGORICAL, values=("f", "m"))


def test_few_of_a_group_without_a_decision_hide_the_column_and_not_the_groups():
    """13 people together are told; 5 women and 8 men would be the difference of two numbers."""
    table = {"f": {**WOMEN, (None, None): 5}, "m": {**MEN, (None, None): 8}}
    assert not is_safe(SEX, [245, 368, 0], 0, table)
    table = {"f": {**WOMEN, (None, None): 15}, "m": MEN}
    assert is_safe(SEX, [255, 360, 0], 0, table)


def test_a_value_without_a_name_is_not_given_away_by_the_cell_of_the_others():
    """Twelve others, nine of whom have no name, and three nobody's group: together they are the group without a name."""
    table = {
        "f": WOMEN,
        "m": MEN,
        "other": {(None, True): 9},
        "rare": {(None, True): 3},
        None: {(None, True): 3},
    }
    assert not is_safe(SEX, [240, 360, 12], 3, table)
    assert is_safe(SEX, [240, 360, 12], 0, {**table, None: {}})


def test_an_empty_text_is_a_value_of_the_column_and_nobodys_group():
    assert not is_safe(SEX, [240, 360, 20], 0, {"f": WOMEN, "m": MEN, None: {(None, True): 20}})


@pytest.mark.parametrize(
    ("cells", "group", "place"),
    [
        (SEX, "m", 1),
        (SEX, "x", 2),
        (SEX, None, 3),
        (Cells("x", FEW, values=(0.0, 1.0)), "1", 1),
        (Cells("x", FEW, values=(0.0, 1.0)), "true", 1),
        (Cells("x", FEW, values=(0.0, 1.0)), "2.5", 2),
        (Cells("x", FEW, values=(0.0, 1.0)), "nan", 3),
        (Cells("x", NUMERIC, edges=(1.0, 2.0)), "1", 1),
        (Cells("x", NUMERIC, edges=(1.0, 2.0)), "-7", 0),
        (Cells("x", NUMERIC, edges=(1.0, 2.0)), "many", None),
    ],
)
def test_the_cell_of_a_group(cells, group, place):
    assert place_of(cells, group) == place


def a_table(chance: random.Random) -> dict[Row, int]:
    """Groups of any size, and without a decision nobody, a few of each, or many."""
    sizes = {who: chance.choices(["large", "few", "none"], [6, 1, 1])[0] for who in WHO}
    undecided = chance.choice([[0], [0, 1, 3], [0, 20], [20, 60]])
    unknown = chance.choice([0, 0, 20])
    found = {}
    for who, where, label, says in PLACES:
        n = chance.choice([0, 20, 60, 300]) if says else chance.choice(undecided)
        n = min(n, unknown) if label is None or where is None else n
        n = chance.choice([0, 0, 0, 0, 1, 3]) if sizes[who] == "few" else n
        if n and sizes[who] != "none":
            found[who, where, label, says] = n
    return found


def document_of(table: dict[Row, int], folder: Path) -> dict[str, Any]:
    path = folder / "rows.parquet"
    rows = [row for row, n in table.items() for _each in range(n)]
    columns = {name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(COLUMNS)}
    pq.write_table(pa.table(columns), path)
    return making.document(path, PLAN)


def side(value: str | None) -> bool | None:
    return None if value is None else value == "yes"


def in_column(name: str, counts: list[int | None], values: tuple[str, ...]) -> Iterator[tuple[Adds, int]]:
    """Cells, the cell of other values and the missing ones."""
    at = COLUMNS.index(name)
    for place, n in enumerate(counts):
        if n is not None:
            yield (
                (
                    lambda row, place=place: (
                        (len(values) + 1 if row[at] is None else [*values, row[at]].index(row[at])) == place
                    )
                ),
                n,
            )


def of_the_document(document: dict[str, Any]) -> Iterator[tuple[Adds, int]]:
    """All that it tells, each as which rows it adds up. Who belongs to no group with a name belongs to the one without."""
    yield (lambda row: True), document["rows"]
    for each in (*document["columns"], *document["roles"]):
        yield from in_column(each["name"], [*each["counts"], each["missing"]], tuple(each["values"]))
    names = {each["name"]: [group["group"] for group in each["groups"]] for each in document["sensitive"]}
    for each in document["sensitive"]:
        if each["undecided"] is not None:
            yield (lambda row: row[3] is None), each["undecided"]
        for group in each["groups"]:
            yield from told_group({each["name"]: group["group"]}, group["counts"], names)
    for pair in document["crossed"]:
        for group in pair["groups"]:
            if group["group"] is not None:
                of = dict(zip(pair["of"], group["group"], strict=True))
                yield from told_group(of, group["counts"], names)


def told_group(
    of: dict[str, str | None], counts: list[int] | None, names: dict[str, Any]
) -> Iterator[tuple[Adds, int]]:
    for (label, says), n in zip(COMBINATIONS, counts or [], strict=False):

        def adds(row: Row, label: bool | None = label, says: bool | None = says) -> bool:
            groups = {name: row[COLUMNS.index(name)] for name in of}
            unnamed = {name: value if value in names[name] else None for name, value in groups.items()}
            return unnamed == of and (side(row[2]), side(row[3])) == (label, says)

        yield adds, n


def by_itself(table: dict[Row, int]) -> Iterator[tuple[Adds, int]]:
    """A column as it would be told if it were no sensitive one."""
    values = CELLS["who"]
    counts = [sum(n for row, n in table.items() if row[0] == value) for value in (*values, "d", None)]
    yield from in_column("who", suppressing.cells(counts), values)


def secrets() -> Iterator[Adds]:
    """Sums of which none may be found out where it is small: groups, those without a decision, and each of their counts."""
    for at, values in ((0, WHO), (1, WHERE), (2, RESULTS), (3, RESULTS)):
        for value in values:
            yield lambda row, at=at, value=value: row[at] == value
            yield lambda row, at=at, value=value: row[at] == value and row[3] is None
            for both in product(RESULTS, repeat=2) if at < 2 else ():
                yield lambda row, at=at, value=value, both=both: row[at] == value and row[2:] == both


SECRETS = list(secrets())


def found_out(told: list[tuple[Adds, int]], table: dict[Row, int]) -> Iterator[bool]:
    """Of each small sum, whether the least and the largest that fit all that is told are the same number."""
    matrix = np.array([[float(adds(row)) for row in PLACES] for adds, _n in told])
    known = [float(n) for _adds, n in told]
    for adds in SECRETS:
        if is_small(sum(n for row, n in table.items() if adds(row))):
            wanted = np.array([float(adds(row)) for row in PLACES])
            least = linprog(wanted, A_eq=matrix, b_eq=known)
            most = linprog(-wanted, A_eq=matrix, b_eq=known)
            yield -most.fun - least.fun < SMALLEST - 1e-6


def tables(seed: int, times: int) -> Iterator[dict[Row, int]]:
    chance = random.Random(seed)
    made = (a_table(chance) for _each in range(times))
    return (table for table in made if sum(table.values()) >= SMALLEST)


def test_no_small_count_can_be_found_out_from_a_column_and_its_groups_together(tmp_path):
    """By linear programming over the rows that there could be, which knows nothing of how anything was hidden."""
    tried = told = 0
    for table in tables(7, 100):
        document = document_of(table, tmp_path)
        found = list(found_out(list(of_the_document(document)), table))
        assert not any(found), (table, document)
        tried += len(found)
        told += sum(None not in each["counts"] for each in document["columns"])
    assert tried > 300 and told > 20, (tried, told)


def test_told_by_itself_such_a_column_would_give_people_away(tmp_path):
    """So the program is able to find them."""
    leaks = 0
    for table in tables(7, 50):
        told = [*of_the_document(document_of(table, tmp_path)), *by_itself(table)]
        leaks += any(found_out(told, table))
    assert leaks > 3, leaks
