"""The internal tier: a table of materiality, complexity and autonomy, and floors below which nothing falls."""

from __future__ import annotations

from dataclasses import replace

import pytest

from governance.risk.questions import AUTONOMY, BANDS, Option, Question, Questionnaire
from governance.risk.rules import grade
from tests.governance.risk.given import KZ, mildest

CELLS = [(one, other, it) for one in BANDS for other in BANDS for it in AUTONOMY]
AMOUNT = {"low": "small", "medium": "noticeable", "high": "large"}
EXPLANATION = {"low": "by_itself", "medium": "by_a_method", "high": "nobody_can"}
INTERVENE = {"low": "before_it_acts", "medium": "after_it_acts", "high": "impossible"}


def answers_of(materiality: str, complexity: str, autonomy: str, **said: str) -> dict[str, str]:
    return mildest(
        **{"stop": "work_suffers", "special_law": "Law No. 1-VIII, Art. 5", **said},
        amount=AMOUNT[materiality],
        explanation=EXPLANATION[complexity],
        intervene=INTERVENE[autonomy],
    )


@pytest.mark.parametrize("cell", CELLS, ids=" × ".join)
def test_the_tier_is_the_cell_of_the_table(cell):
    materiality, complexity, autonomy = cell
    graded = grade(answers_of(*cell), KZ)

    assert (graded.materiality, graded.complexity, graded.autonomy_degree) == cell
    assert graded.tier == KZ.table[materiality][complexity][autonomy]


@pytest.mark.parametrize("cell", CELLS, ids=" × ".join)
def test_no_tier_falls_as_an_axis_rises(cell):
    materiality, complexity, autonomy = cell
    tier = KZ.table[materiality][complexity][autonomy]

    assert all(KZ.table[it][complexity][autonomy] >= tier for it in BANDS[: BANDS.index(materiality)])
    assert all(KZ.table[materiality][it][autonomy] >= tier for it in BANDS[: BANDS.index(complexity)])
    assert all(KZ.table[materiality][complexity][it] >= tier for it in AUTONOMY[: AUTONOMY.index(autonomy)])


@pytest.mark.parametrize("cell", CELLS, ids=" × ".join)
def test_orders_of_clients_hold_the_tier_at_two(cell):
    own = grade(answers_of(*cell, money="within_limits"), KZ)
    clients = grade(answers_of(*cell, money="within_limits", orders="client_orders"), KZ)

    assert clients.tier <= min(2, own.tier)
    if clients.tier == 2:
        assert [reason.as_dict() for reason in clients.reasons if reason.axis == "tier"] == [
            {
                "axis": "tier",
                "value": "2",
                "question": "",
                "answer": "",
                "article": "",
                "reading": "ours",
                "floor": "client_orders",
            }
        ]


@pytest.mark.parametrize("cell", CELLS, ids=" × ".join)
def test_a_high_degree_of_risk_holds_the_tier_at_one(cell):
    graded = grade(answers_of(*cell, wrong="loss_grave"), KZ)

    assert (graded.risk_degree, graded.tier) == ("high", 1)
    assert "high_risk" in {reason.floor for reason in graded.reasons}


def test_a_floor_that_holds_nothing_is_no_reason():
    high = grade(answers_of("high", "high", "low", money="within_limits", orders="client_orders"), KZ)

    assert high.tier == 1
    assert not [reason for reason in high.reasons if reason.floor]


def test_a_floor_counts_only_where_its_question_is_asked():
    graded = grade(answers_of("low", "low", "low") | {"orders": "client_orders"}, KZ)

    assert (graded.tier, [reason for reason in graded.reasons if reason.floor]) == (4, [])


def test_without_any_floor_the_table_decides_alone():
    bare: Questionnaire = replace(KZ, floors=())

    assert grade(answers_of("low", "low", "low", wrong="loss_grave"), bare).tier == 4


def test_the_points_of_annex_iii_are_named():
    [question] = [each for each in KZ.questions if each.id == "eu"]
    high = [option for option in question.options if option.eu == "high"]

    assert {option.annex for option in high} == {"1", "4", "5(b)", "5(c)"}
    assert _article(question, "credit") == "EU AI Act, Art. 6(2), Annex III 5(b)"
    assert _article(question, "talks_or_generates") == "EU AI Act, Art. 50"


def _article(question: Question, answer: str) -> str:
    option: Option | None = question.option(answer)
    assert option is not None
    return question.article_of(option)
