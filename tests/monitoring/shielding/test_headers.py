"""Which headers say that a column holds personal data, and which ordinary features only sound like it."""

from __future__ import annotations

import pytest

from monitoring.shielding.headers import BACKS, BESIDES, LOOSE_KINDS, PLAIN_KINDS, kind_of, words_of
from monitoring.shielding.looks import looks


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("clientFullName_2", ["client", "fullname"]),
        ("CustomerEmail", ["customer", "email"]),
        ("IINNumber", ["iin", "number"]),
        ("client.home phone", ["client", "home", "phone"]),
        ("номертелефона", ["номер", "телефона"]),
        ("E-mail", ["email"]),
    ],
)
def test_a_header_is_split_into_words(header, words):
    assert "".join(words_of(header)) == "".join(words)


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        (
            "name",
            "client_full_name|ФИО сотрудника|Клиенттің аты-жөні|Surname|ФАМИЛИЯ|тегі|Имя клиента|clientFIO|name_of_client"
            "|last.name|фиоклиента|CLIENT_NAME|қарыз алушының аты|username|borrower name 1",
        ),
        (
            "email",
            "CustomerEmail|e-mail|E-Mail|email_2|Эл. почта|электронная почта|Клиенттің электрондық поштасы",
        ),
        ("iin", "iin_number|жсн|ЖСН|clientIIN|borrower iin|ИИН заемщика|Клиенттің ЖСН"),
        ("phone", "mobile_phone|phone1|номер телефона|client.phone.number|ұялы телефон нөмірі|Моб. тел."),
        ("card", "card_no|Card number|НомерКарты|карта клиента"),
        ("person", "Клиент|client|CUSTOMER|Сотрудник|қызметкер|operator"),
    ],
)
def test_headers_of_one_word_and_of_several_name_a_kind(kind, headers):
    assert {header: kind_of(header) for header in headers.split("|")} == dict.fromkeys(
        headers.split("|"), kind
    )


@pytest.mark.parametrize(
    "header",
    [
        "username_length",
        "name_of_instrument",
        "email_domain_count",
        "card_type",
        "number_of_cards",
        "card_present",
        "client_age",
        "client_id",
        "company_name",
        "product name",
        "имя файла",
        "номер договора",
        "has_phone",
        "is_email_valid",
        "n_cards",
        "CardBalance",
        "client_type",
        "operator_code",
        "тип клиента",
        "количество карт",
        "өнімнің аты",
        "bank_name",
        "mobile_app_sessions",
        "telecom",
        "account_number",
        "expan",
        "personal_status",
        "phone_model",
        "iin_hash",
        "foreign_worker",
        "own_telephone",
        "customer_segment",
        "Имеет телефон",
        "карта саны",
        "email_age_days",
        "days_since_phone_change",
        "panel",
    ],
)
def test_ordinary_features_stay_free(header):
    assert kind_of(header) == ""
    assert looks(header, ["Retail", "Small business", "Private", "Corporate"] * 5) is None


def test_a_header_of_persons_alone_needs_values_that_are_names():
    named = looks("Клиент", ["Омаров Данияр", "Ким А.", "Дана Әбенова"])
    assert named is not None and (named.kind, named.by_header) == ("name", True)
    for free in (
        ["VIP", "mass", "retail"] * 5,
        list(range(50)),
        ["A-17", "A-18", "A-19"],
        ["Розница", "Опт", "Банк"],
    ):
        assert looks("Клиент", free) is None


def test_no_word_of_the_table_both_makes_a_header_personal_and_takes_it_back():
    assert not BACKS & (PLAIN_KINDS.keys() | LOOSE_KINDS.keys() | BESIDES)
