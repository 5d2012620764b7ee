"""Words by which people name columns of personal data, in Kazakh, Russian and English. Pure."""

from __future__ import annotations

import re

NAME, IIN, EMAIL, PHONE, CARD = "name", "iin", "email", "phone", "card"

WORDS = {
    NAME: """surname firstname lastname middlename fullname patronymic forename givenname familyname name fio familiya imya
        otchestvo clientname customername borrowername personname имя фамилия отчество фио имяклиента фиоклиента клиентфио
        имязаемщика фиозаемщика тегі есімі аты атыжөні әкесініңаты тегіаты клиенттіңаты азаматтыңаты""",
    IIN: "iin jsn inn clientiin iinclient иин жсн инн иинклиента клиенттіңжсн",
    EMAIL: "email mail emailaddress почта электроннаяпочта элпочта эпошта электрондықпошта пошта",
    PHONE: """phone telephone mobile phonenumber mobilephone msisdn тел телефон номертелефона мобильный мобильныйтелефон
        ұялытелефон телефоннөмірі""",
    CARD: "card cardnumber cardno pan creditcard карта карточка номеркарты номеркарточки картанөмірі",
}
"""A header is one of these when its letters alone are held against them: "Client Name", client_name, clientName."""
KINDS = {word: kind for kind, words in WORDS.items() for word in words.split()}


def kind_of(header: str) -> str:
    """Which kind of personal data a header names, or ""."""
    return KINDS.get(re.sub(r"[\W\d_]+", "", header).casefold(), "")
