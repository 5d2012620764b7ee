"""A condition answers yes, no or open, and says which flags decided."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.obligations.rules import (
    Applies,
    Group,
    Requirement,
    When,
    active_numbers,
    applies,
    organisation_flags,
    switched_on,
)

FLAGS = ("a", "b", "c", "d")
values = st.dictionaries(st.sampled_from(FLAGS), st.sampled_from([True, False, None]))
conditions = st.builds(
    When,
    all_of=st.lists(st.sampled_from(FLAGS), max_size=2).map(tuple),
    any_of=st.lists(st.sampled_from(FLAGS), max_size=3).map(tuple),
)


@pytest.mark.parametrize(
    ("when", "flags", "expected"),
    [
        (When(), {}, Applies("yes")),
        (When(("a",)), {"a": True}, Applies("yes", ("a",))),
        (When(("a",)), {"a": False}, Applies("no", ("a",))),
        (When(("a",)), {}, Applies("no", ("a",))),
        (When(("a",)), {"a": None}, Applies("open", ("a",))),
        (When(("a", "b")), {"a": None, "b": False}, Applies("no", ("b",))),
        (When((), ("a", "b")), {"a": False, "b": True}, Applies("yes", ("b",))),
        (When((), ("a", "b")), {"a": False, "b": False}, Applies("no", ("a", "b"))),
        (When((), ("a", "b")), {"a": None, "b": True}, Applies("yes", ("b",))),
        (When((), ("a", "b")), {"a": None, "b": False}, Applies("open", ("a",))),
        (When(("a",), ("b",)), {"a": None, "b": None}, Applies("open", ("a", "b"))),
        (When(("a",), ("b",)), {"a": True, "b": True}, Applies("yes", ("a", "b"))),
    ],
)
def test_a_condition_is_judged_by_its_flags(when, flags, expected):
    assert applies(when, flags) == expected


@given(conditions, values)
def test_an_open_answer_is_closed_by_answering_the_flags_it_names(when, flags):
    verdict = applies(when, flags)
    if verdict.answer == "open":
        settled = {**flags, **dict.fromkeys(verdict.because, True)}

        assert applies(when, settled).answer == "yes"


@given(conditions, values, st.sampled_from(FLAGS), st.booleans())
def test_answering_a_question_never_overturns_a_yes_or_a_no(when, flags, flag, answer):
    before = applies(when, {**flags, flag: None}).answer
    after = applies(when, {**flags, flag: answer}).answer

    assert before in ("open", after)


def test_a_group_whose_flag_nobody_answered_is_asked_for_all_the_same():
    requirement = Requirement("r", "duty", (Group(1, ("approval",)), Group(2, ("approval",), When(("a",)))))

    assert active_numbers(requirement, {"a": None}) == [1, 2]
    assert active_numbers(requirement, {"a": False}) == [1]


@pytest.mark.parametrize(("scope", "on"), [(True, True), (False, False), (None, False)])
def test_an_unanswered_flag_does_not_switch_a_framework_on(scope, on):
    assert switched_on(default_on=False, default_on_when=When(("eu_scope",)), flags={"eu_scope": scope}) is on


def test_a_framework_that_is_on_by_itself_asks_no_flag():
    assert switched_on(default_on=True, default_on_when=None, flags={})
    assert not switched_on(default_on=False, default_on_when=None, flags={})


def test_a_flag_of_an_organisation_holds_if_it_holds_for_one_of_its_models():
    models = [{"a": True, "b": False, "c": None}, {"a": False, "b": False, "c": False}]

    assert organisation_flags(models) == {"a": True, "b": False, "c": None}
    assert organisation_flags([]) == {}
