"""Which few pieces answer what is owed: each once, for how much it answers against how much work it is."""

from __future__ import annotations

from datetime import date

from governance.obligations.owed.rules import Act, Demand, pieces, theme_of

COSTS = {"field": 1, "log": 3, "card": 6, "report": 6, "test": 8}


def demand(requirement: str, *kinds: str, **more) -> Demand:
    given = {"group": 1, "act": Act.HAND_IN, "status": "missing"} | more
    return Demand(requirement, kinds=kinds, **given)


def chosen(*demands: Demand) -> dict[str, tuple[str, ...]]:
    """Kind → the requirements that it helps."""
    return {piece.kind: piece.requirements for piece in pieces(demands, lambda kind: COSTS[kind])}


def test_one_piece_is_named_once_for_all_that_it_answers():
    assert chosen(demand("law", "card"), demand("iosco", "report", "card"), demand("nist", "card")) == {
        "card": ("law", "iosco", "nist")
    }


def test_of_alternatives_the_lighter_one_is_proposed():
    assert chosen(demand("law", "card", "log")) == {"log": ("law",)}


def test_a_heavier_piece_is_proposed_where_it_answers_enough_to_be_worth_it():
    demands = [
        demand("a", "card", "log"),
        demand("b", "card", "field"),
        demand("c", "card"),
        demand("d", "card"),
    ]

    assert chosen(*demands) == {"card": ("a", "b", "c", "d")}


def test_no_piece_is_asked_for_in_vain():
    """The log is the best first choice, and the two papers that follow answer its requirements as well."""
    demands = [
        demand("a", "log", "card"),
        demand("b", "log", "report"),
        demand("c", "card"),
        demand("d", "report"),
    ]

    assert set(chosen(*demands)) == {"card", "report"}


def test_every_group_of_a_requirement_has_its_piece():
    assert chosen(demand("law", "card", group=1), demand("law", "test", group=2)) == {
        "card": ("law",),
        "test": ("law",),
    }


def test_what_would_do_instead_is_told_where_it_would_do_for_all():
    [piece] = pieces([demand("a", "log", "card", "test"), demand("b", "log", "card")], COSTS.__getitem__)

    assert (piece.kind, piece.instead) == ("log", ("card",))


def test_a_failing_check_is_looked_into_and_a_paper_is_never_offered_for_it():
    failing = demand("law", "check", act=Act.FIND_CAUSE, status="failing")
    found = pieces([failing, demand("iosco", "card")], lambda kind: COSTS.get(kind, 4))

    assert {(piece.act, piece.kind) for piece in found} == {
        (Act.FIND_CAUSE, "check"),
        (Act.HAND_IN, "card"),
    }


def test_papers_of_the_organisation_are_asked_for_apart():
    found = pieces([demand("a", "card"), demand("b", "card", of_organisation=True)], COSTS.__getitem__)

    assert [(piece.of_organisation, piece.requirements) for piece in found] == [
        (False, ("a",)),
        (True, ("b",)),
    ]


def test_a_piece_is_as_pressing_as_the_most_pressing_of_its_requirements():
    first, last = date(2026, 12, 1), date(2027, 1, 1)
    [piece] = pieces(
        [
            demand("a", "card", status="due_soon", due_on=last),
            demand("b", "card", status="overdue", due_on=first, renews=frozenset({"card"})),
        ],
        COSTS.__getitem__,
    )

    assert (piece.status, piece.due_on, piece.is_renewal) == ("overdue", first, True)


def test_a_piece_stands_under_the_theme_that_proposes_it_before_one_that_has_more_of_it():
    [piece] = pieces([demand(name, "card") for name in ("a", "b", "c")], COSTS.__getitem__)
    groups = {
        "others": (["log"], ["a", "b", "c"]),
        "papers": (["card"], ["c"]),
        "more": (["card"], ["a", "b"]),
    }

    assert theme_of(piece, groups) == "more"
    assert theme_of(piece, {"others": groups["others"]}) == "others"
    assert theme_of(piece, {"far": (["card"], ["z"])}) == ""
