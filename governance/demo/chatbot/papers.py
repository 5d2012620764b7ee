"""Papers of the broker about its bought chatbot: fictional, short, without any data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    title: str
    kinds: tuple[str, ...]
    text: str
    language: str = "en"


VENDOR = Paper(
    "Disclosure by Sapa Dialog",
    ("vendor_disclosure",),
    """# Disclosure by the vendor
What the assistant is, which base model it stands on, what it was tested for, how it fails and what happens then, how changes are
announced (30 days before), where its servers stand. It was tested with 600 questions in Kazakh and in Russian; groups of clients
are not told apart, since it knows nothing of the person who asks. Signed by the vendor's technical director.""",
)

TEXTS = (
    Paper(
        "Клиентке хабарлама",
        ("notification_text",),
        "Сіз жасанды интеллектпен жазысып отырсыз. Адаммен сөйлескіңіз келсе, «Оператор» деп жазыңыз.",
        "kk",
    ),
    Paper(
        "Уведомление клиента",
        ("notification_text",),
        "Вам отвечает искусственный интеллект. Чтобы поговорить с человеком, напишите «Оператор».",
        "ru",
    ),
    Paper(
        "Notice to the client",
        ("notification_text",),
        "You are writing with an artificial intelligence. Write “Operator” to speak with a person.",
    ),
    Paper(
        "Жауап таңбасы",
        ("label_text",),
        "Бұл жауапты жасанды интеллект жазды.",
        "kk",
    ),
    Paper(
        "Маркировка ответа",
        ("label_text",),
        "Этот ответ создан искусственным интеллектом.",
        "ru",
    ),
    Paper(
        "Label of an answer",
        ("label_text",),
        "This answer was written by an artificial intelligence.",
    ),
)

HOUSE = (
    Paper(
        "Marking of synthetic results",
        ("marking_procedure", "responsibility_matrix"),
        """# Marking of synthetic results
Each answer carries the label beneath it and the mark `data-generated="ai"` in the page, so that a machine can tell it as well.
The head of client service answers for both; the website is looked at every Monday.""",
    ),
    Paper(
        "Disclosure to clients",
        ("client_disclosure", "user_agreement", "instructions_for_use"),
        """# How clients are told
The notice opens each conversation and stands in the user agreement (clause 7): what the assistant knows, what it does not know,
that it gives no investment advice, and how to reach a person instead.""",
    ),
)

PAPERS = (VENDOR, *TEXTS, *HOUSE)

OVERSIGHT = "Read 40 conversations of last week; two wrong tariffs corrected and sent to the vendor."
