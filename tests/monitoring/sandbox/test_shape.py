"""A shape is exact: what is missing, what is too much and what is of another kind is named."""

from __future__ import annotations

import pytest

from monitoring.sandbox import shape

RESULT = shape.form(
    kind=shape.same("explanation"),
    n=shape.count,
    values=shape.named(shape.maybe(shape.number)),
    pairs=shape.listed(shape.row(shape.text, shape.truth)),
    status=shape.one_of("measured", "none"),
    either=shape.either(shape.text, shape.number),
)
GOOD = {
    "kind": "explanation",
    "n": 3,
    "values": {"a": 1.5, "b": None},
    "pairs": [["x", True]],
    "status": "none",
    "either": 2,
}


def test_what_fits_has_no_problem():
    assert RESULT(GOOD) == ""


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"kind": "drift"}, ".kind not what was asked"),
        ({"n": -1}, ".n no count"),
        ({"n": 1.0}, ".n no count"),
        ({"n": True}, ".n no count"),
        ({"n": 1 << 63}, ".n no count"),
        ({"values": {"a": "1"}}, ".values .a no number"),
        ({"values": {"a": 10**400}}, ".values .a no number"),
        ({"values": {"a": False}}, ".values .a no number"),
        ({"values": {"a\x00": 1}}, ".values no object"),
        ({"pairs": [["x", True], ["x"]]}, ".pairs [1] not these items"),
        ({"pairs": [["x\x00", True]]}, ".pairs [0] no text"),
        ({"pairs": {}}, ".pairs no list"),
        ({"status": []}, ".status not one of the words"),
        ({"either": None}, ".either of no known shape"),
        ({"more": 1}, "not these fields"),
    ],
)
def test_what_does_not_fit_is_named(change, problem):
    assert RESULT({**GOOD, **change}) == problem


def test_a_missing_field_and_another_kind_are_refused():
    assert RESULT({key: value for key, value in GOOD.items() if key != "n"}) == "not these fields"
    assert RESULT([]) == "not these fields"
    assert shape.same(1)(True) == "not what was asked"
    assert shape.text("x" * 10_001) == "no text"
    assert shape.listed(shape.count)([0] * 200_001) == "no list"
