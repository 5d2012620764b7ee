"""Which headers of columns name personal data: a table of words in English, Russian and Kazakh. Pure.

A header is split into words, `clientFullName_2` into client, full, name; a word that was written together, `номертелефона`,
is split where it falls into words of the table. Plain words (a surname, an e-mail address) make a header personal unless another
takes it back: `email_domain_count` is a count. Loose words (name, card) do so only where every other word belongs to a person
or to such a number: `card_number` and not `card_type`, `client_name` and not `name_of_instrument`.
"""

from __future__ import annotations

import re
from functools import cache

NAME, IIN, EMAIL, PHONE, CARD, PERSON = "name", "iin", "email", "phone", "card", "person"
"""PERSON: the header says who it is and not what is told of them; the values decide whether these are names."""

PLAIN = {
    NAME: """surname lastname firstname middlename fullname patronymic forename fio fullfio familiya familia imya otchestvo
        cardholder фамилия фамилии отчество отчества фио тегі есімі жөні тегіаты атыжөні""",
    IIN: "iin jsn zhsn inn rnn иин жсн инн рнн",
    EMAIL: "email emailaddress почта почты эпошта элпошта элпочта пошта поштасы",
    PHONE: "phone telephone cellphone msisdn phonenumber телефон телефона телефоны ұялытелефон",
    CARD: "cardnumber cardno pan",
}
LOOSE = {
    NAME: "name names имя имени аты username",
    EMAIL: "mail",
    PHONE: "tel mobile cell тел моб мобильный сотовый ұялы",
    CARD: "card creditcard карта карты карточка карточки картасы картасының",
    PERSON: """
        client customer borrower applicant debtor guarantor employee operator person cardowner holder owner investor
        depositor trader clerk officer underwriter клиент клиента заемщик заемщика заёмщик заёмщика заявитель
        заявителя должник должника гарант поручитель сотрудник сотрудника работник работника оператор оператора
        инвестор инвестора вкладчик вкладчика держатель держателя владелец владельца трейдер исполнитель клиенттің
        қарызалушы қарызалушының қызметкер қызметкердің азамат азаматтың оператордың инвестордың салымшы салымшының
        иесі иесінің
    """,
}
BESIDE = """
    full first last middle given family maiden second number no num nr address mobile home work cell contact main
    primary private personal credit debit new old raw text latin ru kz kk en of the user users account clients customers
    electronic номер номера адрес полное полные мобильный мобильного домашний рабочий сотовый контактный контакт личный
    основной электронная электронной электрон электрондық эл әкесінің толық нөмірі номері мекенжайы алушы алушының қарыз
    банковской физлица физического лица
"""
"""Words that may stand beside a loose one."""
BACK = """
    count counts cnt length len size type types kind class category group segment status state flag flags is has had was
    are present absent exists available missing valid validity verified confirmed match matched matches mismatch
    similarity distance domain domains provider carrier brand issuer network country region city age ages share ratio
    rate pct percent percentage score scores rank risk index level mean avg average median min max sum total amount
    balance limit turnover price fee cost days months years since until date time duration change changed changes
    changing frequency freq unique distinct hash hashed token digest encoded embedding vector bin bucket gender sex
    origin ethnicity language reused shared blacklisted fraud contacted consent calls model title количество кол колво
    число длина тип вид категория группа сегмент статус флаг признак наличие есть нет совпадение домен страна регион
    город возраст доля процент балл скоринг ранг риск индекс уровень среднее сумма остаток лимит оборот дата время срок
    смена изменение частота хеш хэш пол согласие подтвержден подтверждён проверен саны ұзындығы түрі санаты тобы
    мәртебесі белгісі бар жоқ домені елі өңірі жасы үлесі пайызы балы деңгейі орташа сомасы қалдығы лимиті күні уақыты
    мерзімі өзгеруі жиілігі хеші жынысы келісімі расталған
"""
"""Words that take a header back: what such a column holds is told of the data and is not the data."""
COUNTS = frozenset({"number", "num", "no", "nr", "n"})
"""In front of the word they count, `number_of_cards`; behind it they are the number itself, `card_number`."""


def _of(words: str) -> frozenset[str]:
    return frozenset(words.split())


PLAIN_KINDS = {word: kind for kind, words in PLAIN.items() for word in words.split()}
LOOSE_KINDS = {word: kind for kind, words in LOOSE.items() for word in words.split()}
BESIDES, BACKS = _of(BESIDE), _of(BACK)
KNOWN = PLAIN_KINDS.keys() | LOOSE_KINDS.keys() | {word for word in BESIDES | BACKS if len(word) > 1}
MARK = re.compile(r"\be[\W_]?mail", re.IGNORECASE)
HUMP = re.compile(r"(?<=[a-zа-яёәғқңөұүһі])(?=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])")
ACRONYM = re.compile(r"(?<=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])(?=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][a-zа-яёәғқңөұүһі])")
LONGEST = 200
"""Characters of a header that are looked at."""


def words_of(header: str) -> list[str]:
    """The words of a header, small, without digits and signs."""
    text = re.sub(r"[\d_]", " ", header[:LONGEST])
    text = MARK.sub(lambda found: " Email" if found[0][0] == "E" else " email", text)
    humped = ACRONYM.sub(" ", HUMP.sub(" ", text))
    plain, humps = (re.sub(r"\W+", " ", each).casefold().split() for each in (text, humped))
    chosen = plain if all(word in KNOWN for word in plain) else humps
    glued = "".join(humps)
    if glued in PLAIN_KINDS or glued in LOOSE_KINDS:
        return [glued]
    if not all(word in KNOWN for word in chosen) and (parts := _parts(glued)):
        return list(parts)
    return [part for word in chosen for part in (_parts(word) or (word,))]


@cache
def _parts(word: str) -> tuple[str, ...]:
    """The fewest words of the table that make it up, or ()."""
    best: list[tuple[str, ...] | None] = [(), *([None] * len(word))]
    for end in range(1, len(word) + 1):
        ways = (
            (*before, word[at:end])
            for at in range(end)
            if (before := best[at]) is not None and word[at:end] in KNOWN
        )
        best[end] = min(ways, key=len, default=None)
    return best[-1] or ()


def kind_of(header: str) -> str:
    """Which kind of personal data a header names, or ""."""
    words = words_of(header)
    if BACKS.intersection(words) or (len(words) > 1 and words[0] in COUNTS):
        return ""
    plain = [PLAIN_KINDS[word] for word in words if word in PLAIN_KINDS]
    if plain:
        return plain[0] if plain[0] != PHONE or _belongs(words) else ""
    loose = [LOOSE_KINDS[word] for word in words if word in LOOSE_KINDS]
    if not loose or not _belongs(words):
        return ""
    return next((kind for kind in loose if kind != PERSON), PERSON)


def _belongs(words: list[str]) -> bool:
    return all(word in PLAIN_KINDS or word in LOOSE_KINDS or word in BESIDES for word in words)
