"""Why a flag is as it is: the answers named decide it, no other answer could turn it, and none is named in vain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.obligations.because import READS, Flag, answers, options, reads
from governance.obligations.edition import vocabularies
from governance.obligations.rules import Facts, explained, flags

FLAGS = sorted(vocabularies()["flags"])
EVERYTHING_SAID = st.builds(Facts, **{name: st.sampled_from(said) for name, said in options().items()})


def every_way_to_answer(flag: str) -> list[Facts]:
    """All that can be said to the facts that a flag reads; nobody has answered the rest."""
    return otherwise(Facts(), list(reads(flag)))


def otherwise(facts: Facts, names: list[str], choices: Mapping[str, tuple] | None = None) -> list[Facts]:
    """The same facts with everything that could be said to these."""
    said = product(*((choices or options())[name] for name in names))
    return [replace(facts, **dict(zip(names, each, strict=True))) for each in said]


def settles(flag: str, facts: Facts, kept: tuple[str, ...]) -> bool:
    """Whether these facts alone keep the flag as it is."""
    free = [name for name in reads(flag) if name not in kept]
    return {flags(other)[flag] for other in otherwise(facts, free)} == {flags(facts)[flag]}


@given(EVERYTHING_SAID)
def test_the_plain_flags_are_the_values_of_the_explained_ones(facts):
    assert {flag: each.value for flag, each in explained(facts).items()} == flags(facts)


@given(EVERYTHING_SAID, st.data())
@settings(max_examples=300, deadline=None)
def test_what_is_not_named_could_be_answered_otherwise_and_changes_nothing(facts, data):
    for flag, each in explained(facts).items():
        if each.value is not None:
            free = [name for name in options() if name not in each.because]
            changed = {name: data.draw(st.sampled_from(options()[name]), label=name) for name in free[::3]}
            assert flags(replace(facts, **changed))[flag] is each.value


@given(EVERYTHING_SAID, EVERYTHING_SAID)
@settings(max_examples=300)
def test_no_fact_bears_on_a_flag_that_does_not_read_it(facts, others):
    for flag in FLAGS:
        kept = {name: getattr(facts, name) for name in reads(flag)}
        assert flags(replace(others, **kept))[flag] is flags(facts)[flag]


@pytest.mark.parametrize("flag", FLAGS)
def test_every_fact_that_a_flag_reads_can_turn_it(flag):
    for name in reads(flag):
        assert any(
            len({flags(other)[flag] for other in otherwise(facts, [name])}) > 1
            for facts in every_way_to_answer(flag)
        ), name


@pytest.mark.parametrize("flag", FLAGS)
def test_whatever_was_answered_what_is_named_settles_it_and_no_fewer_answers_would(flag):
    for facts in every_way_to_answer(flag):
        found = explained(facts)[flag]
        if found.value is None:
            continue
        fewer = [kept for size in range(len(found.because)) for kept in combinations(reads(flag), size)]
        assert settles(flag, facts, found.because), facts
        assert not any(settles(flag, facts, kept) for kept in fewer), facts


@pytest.mark.parametrize("flag", FLAGS)
def test_an_open_flag_names_unanswered_facts_and_answering_all_of_them_settles_it(flag):
    asked = {name: answers(name) for name in options()}
    for facts in every_way_to_answer(flag):
        found = explained(facts)[flag]
        if found.value is not None:
            continue
        assert found.because
        assert {getattr(facts, name) for name in found.because} <= {None, ""}
        assert None not in {flags(other)[flag] for other in otherwise(facts, list(found.because), asked)}


@pytest.mark.parametrize("flag", FLAGS)
def test_an_unanswered_fact_that_an_open_flag_does_not_name_leaves_it_open(flag):
    for facts in every_way_to_answer(flag):
        found = explained(facts)[flag]
        if found.value is None:
            empty = [name for name in reads(flag) if getattr(facts, name) in (None, "")]
            free = [name for name in empty if name not in found.because]
            assert {flags(other)[flag] for other in otherwise(facts, free)} == {None}, facts


@pytest.mark.parametrize(
    ("facts", "flag", "expected"),
    [
        (Facts(credit_scoring=True), "natural_persons", Flag(True, ("credit_scoring",))),
        (Facts(natural_persons=True, credit_scoring=True), "natural_persons", Flag(True, ("natural_persons",))),
        (
            Facts(natural_persons=False),
            "natural_persons",
            Flag(False, ("natural_persons", "decisions_about_persons", "credit_scoring")),
        ),
        (Facts(origin="fine_tuned"), "trained_model", Flag(True, ("origin",))),
        (Facts(origin="in_house"), "third_party", Flag(False, ("origin", "vendor"))),
        (Facts(origin="in_house", vendor="A data vendor"), "third_party", Flag(True, ("vendor",))),
        (Facts(role="user"), "user_role", Flag(True, ("role",))),
        (
            Facts(role="owner_or_holder", origin="vendor", client_facing=True),
            "user_role",
            Flag(False, ("role", "client_facing")),
        ),
        (Facts(origin="vendor", client_facing=False), "user_role", Flag(True, ("origin", "client_facing"))),
        (Facts(eu_scope=False, credit_scoring=True), "eu_high_risk", Flag(False, ("eu_scope",))),
        (Facts(eu_scope=True, credit_scoring=True), "eu_high_risk", Flag(True, ("eu_scope", "credit_scoring"))),
        (
            Facts(eu_scope=True, staff=True, decisions_about_persons=True),
            "eu_high_risk",
            Flag(True, ("eu_scope", "staff", "decisions_about_persons")),
        ),
        (Facts(risk_degree="high"), "risk_medium", Flag(False, ("risk_degree",))),
        (Facts(), "licensed_participant", Flag(None, ("licensed",))),
        (Facts(origin="vendor", role="owner_or_holder"), "user_role", Flag(None, ("client_facing",))),
        (Facts(eu_scope=True, credit_scoring=False, staff=False), "eu_high_risk", Flag(None, ("emotion_or_biometric",))),
        (Facts(incident_occurred=True), "incident_occurred", Flag(True, ("incident_occurred",))),
    ],
)  # fmt: skip
def test_by_hand(facts, flag, expected):
    assert explained(facts)[flag] == expected


def test_only_flags_that_rest_on_other_facts_are_listed():
    own = {field.name for field in fields(Facts)}

    assert set(FLAGS) - own <= set(READS) <= set(FLAGS)
    assert {name for flag in FLAGS for name in reads(flag)} == own
