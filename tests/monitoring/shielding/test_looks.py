"""What a column of personal data looks like, and what does not look like one. Every value here is made up."""

from __future__ import annotations

import random

import pytest

from monitoring.shielding.looks import AT_LEAST, ENOUGH, Look
from monitoring.shielding.looks import looks as look
from monitoring.shielding.values import is_card, is_iin


def looks(header: str, values: list[object]) -> str:
    """The kind alone."""
    found = look(header, values)
    return found.kind if found else ""


def an_iin(first: str) -> str | None:
    """With its check digit, where it has one."""
    return next((f"{first}{digit}" for digit in range(10) if is_iin(f"{first}{digit}")), None)


def iins(n: int) -> list[str]:
    """Born on days from 1971 on, alternately with centuries 3 and 4."""
    found = (
        an_iin(f"{71 + at % 29}{1 + at % 12:02}{1 + at % 28:02}{3 + at % 2}{at:04}") for at in range(2 * n)
    )
    return [each for each in found if each][:n]


def cards(n: int) -> list[str]:
    found = (f"440043{at:09}{digit}" for at in range(n) for digit in range(10))
    return [each for each in found if is_card(each)]


def test_an_iin_has_a_day_of_birth_a_century_and_a_check_digit():
    [good] = iins(1)
    assert is_iin(good) and not is_iin(good[:-1] + str((int(good[-1]) + 1) % 10))
    assert not is_iin("711301" + good[6:]) and not is_iin("710230" + good[6:]) and not is_iin(good + "0")


def test_a_number_that_lost_its_leading_zeros_is_still_an_iin():
    born_in_2001 = an_iin("0101015" + "0012")
    assert born_in_2001 is not None and len(str(int(born_in_2001))) == 11
    assert looks("x", [int(born_in_2001)] * 10) == "iin" and looks("x", [float(born_in_2001)] * 10) == "iin"


def test_the_number_of_a_company_is_no_iin():
    """A BIN has 4, 5 or 6 where a person has the first digit of the day of birth."""
    assert not is_iin("240140000011")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("iin", iins(20)),
        ("iin", [int(each) for each in iins(20)]),
        ("iin", [float(each) for each in iins(20)]),
        ("iin", [f"{each}.0" for each in iins(20)]),
        ("iin", [f"{each[:6]} {each[6:]}" for each in iins(20)]),
        ("iin", [f"{each[:6]}-{each[6]}-{each[7:]}" for each in iins(20)]),
        ("iin", [f"{each[:4]} {each[4:8]} {each[8:]}" for each in iins(20)]),
        ("iin", [f"Договор от 12.03.2026, ИИН: {each}, филиал 4" for each in iins(20)]),
        ("card", cards(20)),
        ("card", [f"{c[:4]} {c[4:8]} {c[8:12]} {c[12:]}" for c in cards(20)]),
        ("card", [f"{c[:4]}-{c[4:8]}-{c[8:12]}-{c[12:]}" for c in cards(20)]),
        ("card", [int(c) for c in cards(20)]),
        ("card", [f"paid with {c[:4]} {c[4:8]} {c[8:12]} {c[12:]}." for c in cards(20)]),
        ("email", [f"person{n}@mail.kz" for n in range(20)]),
        ("email", [f"write to <person{n}@mail.kz>, please" for n in range(20)]),
        ("phone", [f"звонить 8 (701) 555-{n:02}-11 после шести" for n in range(20)]),
        ("phone", [f"call +44 20 7946 09{n:02}" for n in range(20)]),
        ("phone", [87015550000 + n for n in range(20)]),
        ("name", ["Данияр Серікұлы", "Анна Петровна", "Гүлнар Асқарқызы"] * 5),
        ("name", ["омаров данияр серикович", "ким анна петровна"] * 5),
        ("name", ["Omarov Daniyar Serikuly", "ABENOVA GULNAR ASKARKYZY"] * 5),
        ("name", ["Решение принял Омаров Данияр Серикович, филиал 4"] * 10),
        ("phone", [f"+7 (701) 555-{n:02}-11" for n in range(20)]),
        ("phone", [f"8701555{n:04}" for n in range(20)]),
        ("name", ["Омаров Данияр Серікұлы", "Ким Анна Петровна", "Әбенова Гүлнар Асқарқызы"] * 5),
    ],
)
def test_values_say_it_whatever_the_header_says(kind, values):
    assert looks("column_7", values) == kind


@pytest.mark.parametrize(
    "header", ["Surname", "ФАМИЛИЯ", "тегі", "client_name", "Имя клиента", "Аты-жөні", "first name"]
)
def test_a_header_and_words_are_names(header):
    assert looks(header, ["Omarov", "Kim", "Abenova", "Li"]) == "name"


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("ЖСН", ["901231300015", "901231300016"], "iin"),
        ("ИИН", [901231300015, 901231300016], "iin"),
        ("E-mail", ["a@b", "c@d"], "email"),
        ("телефон", ["55-12-34", "55-12-35"], "phone"),
        ("Card number", ["4400 **** **** 1234", "4400********5678"], "card"),
    ],
)
def test_under_such_a_header_less_is_enough(header, values, kind):
    assert looks(header, values) == kind and looks("x", values) == ""


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("telephone", ["yes", "none"] * 50),
        ("email", [0, 1, 1, 0]),
        ("name", ["A", "B"] * 50),
        ("name", [1.5, 2.5, 3.5]),
        ("income", [450_000, 1_200_000, 87_000_000]),
        ("timestamp", [1_700_000_000_000 + n for n in range(100)]),
        ("nanoseconds", [1_700_000_000_000_000_000 + n for n in range(100)]),
        ("share", [0.1, 0.25, None]),
        ("region", ["Алматы", "Астана", "Шымкент"] * 30),
        ("case", ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"] * 10),
        ("empty", [None, None]),
        ("none", []),
    ],
)
def test_flags_amounts_times_regions_and_hashes_are_no_personal_data(header, values):
    assert looks(header, values) == ""


def test_one_value_of_a_hundred_is_enough_where_there_are_five_of_them_or_a_fifth():
    mails = [f"p{n}@mail.kz" for n in range(20)]
    assert (ENOUGH, AT_LEAST) == (0.01, 5)
    assert looks("x", [*mails[:10], *["word"] * 990, *([None] * 500)]) == "email"
    assert looks("x", [*mails[:10], *["word"] * 991]) == ""
    assert (
        looks("x", [*mails[:4], *["word"] * 17]) == "" and looks("x", [*mails[:4], *["word"] * 16]) == "email"
    )


def test_a_look_says_how_many_of_how_many_and_shows_no_letter_or_digit_behind_the_first():
    said = look("x", [*(f"write to p{n}@mail.kz" for n in range(5)), "nothing", None])
    assert said == Look("email", False, 5, 6, "p•@••••.••") and said.rule == "looks_like_email"
    named = look("client_name", ["Omarov", "Kim", "Li"])
    assert named == Look("name", True, 3, 3, "O•••••") and named.rule == "headed_like_name"


def test_cards_among_numbers_of_the_same_length_are_found_where_chance_does_not_give_so_many():
    """Of random digits a tenth passes Luhn's sum: two fifths do not come about so."""
    dice = random.Random(4)
    others = [str(dice.randrange(4 * 10**15, 5 * 10**15)) for _ in range(600)]
    assert looks("x", [*cards(400), *others]) == "card" and looks("x", others) == ""


def test_who_took_part_in_a_decision_is_a_role_or_a_pseudonym():
    for names in (["Aigul"] * 9, ["Омаров Д.", "Ким А."], ["ОМАРОВ ДАНИЯР"], ["Omarov D. S."], ["d.omarov"]):
        assert look("w", names, people=True) is not None and look("w", names) is None
    for roles in (["clerk", "senior clerk"], ["op-7", "op-8"], [7, 8], ["KX2", "NIGHT"], ["u_19"], [None]):
        assert look("operator", roles, people=True) is None
