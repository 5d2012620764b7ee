"""Any one of the seven functions of Art. 17(3) closes the gate everywhere, and the page of the grade says so."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from governance.approvals import gate
from governance.approvals.route import load
from governance.inventory.models import AIModel
from governance.inventory.words import ProhibitedFunction
from governance.people.acting import acting, viewing
from tests.factories import REGISTER, sign_in
from tests.governance.approvals.conftest import ARTEFACT, sweep

pytestmark = pytest.mark.django_db


def declare(model, *functions: str, is_checked: bool = True) -> None:
    with acting(REGISTER, "test.arranged"):
        AIModel.objects.filter(pk=model.pk).update(
            prohibited_functions=list(functions), prohibited_use_check=is_checked
        )


def test_there_are_seven():
    assert len(ProhibitedFunction.values) == 7


@pytest.mark.parametrize("function", ProhibitedFunction.values)
def test_any_single_one_denies_in_every_environment(permission, owner, model, function):
    declare(model, function)
    sweep(permission)

    for environment in load().environments:
        verdict = gate.ask(
            by=owner, model="M-0001", label="1.0", artefact_sha256=ARTEFACT, environment=environment
        )
        named = [each["params"] for each in verdict.reasons if each["key"] == "prohibited_function"]
        assert (verdict.answer, named) == ("deny", [{"function": function}])
    with viewing(owner):
        assert {each.verdict.answer for each in gate.foresee(owner, model)} == {"deny"}


@pytest.mark.parametrize(
    ("functions", "is_checked", "said"),
    [
        (["social_scoring"], True, "the gate denies every version of it in every environment"),
        ([], True, "All seven were checked, and none is declared."),
        ([], False, "Nobody has checked them yet."),
    ],
)
def test_the_page_of_the_grade_says_it_plainly(owner, model, functions, is_checked, said):
    declare(model, *functions, is_checked=is_checked)
    shown = sign_in(Client(), owner).get(reverse("risk:grade", args=[model.pk])).content.decode()

    assert said in shown
    assert ("social scoring" in shown) is bool(functions)
