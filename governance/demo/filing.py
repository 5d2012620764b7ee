"""The supervisor asks for the third quarter; a firm without AI files that, the bank files what its register holds."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone

from governance.demo.cast import ASSET_MANAGER, BANK, SUPERVISOR, Firm
from governance.demo.proofs import prove
from governance.demo.stage import Stage
from governance.demo.visitor import Visitor, found_in, words_of

QUARTER = {"starts_on": "2026-07-01", "ends_on": "2026-09-30"}
TITLES = {
    "title_kk": "2026 жылғы III тоқсан (демо)",
    "title_ru": "III квартал 2026 года (демо)",
    "title_en": "Third quarter of 2026 (demo)",
}
DAYS = 10
"""Until the last day: short enough that everybody who has not filed is reminded at once."""

FORM = re.compile(r'href="(/returns/file/\?campaign=[0-9a-f-]+)"')
NUMBER = re.compile(r"(R-\d{4}-\d{4}/\d{8})")
LATER = re.compile(r'name="also" value="([0-9a-f-]+)"')


def open_campaign(stage: Stage) -> None:
    stage.tell("The supervisor asks every participant for a return of the third quarter")
    officer = stage.visitor(SUPERVISOR.part("officer"))
    last_day = timezone.localdate() + timedelta(days=DAYS)
    asked = {**TITLES, **QUARTER, "due_on": last_day.isoformat(), "edition": "2026-1"}
    page = officer.send("/campaigns/open/", asked)
    words = words_of(officer.read(page))
    prove("participants have filed" in words, "the campaign shows who has filed", words[:400])


def file_nil(stage: Stage) -> None:
    stage.tell("The asset manager files that it used no AI in the third quarter")
    administrator = stage.visitor(ASSET_MANAGER.part("administrator"))
    _file(administrator, ASSET_MANAGER, {"kind": "nil", "position": "Chief executive"})


def file_full(stage: Stage, firm: Firm = BANK) -> None:
    stage.tell(f"{firm.names['en']} files the list of its models, filled in from the register")
    administrator = stage.visitor(firm.part("administrator"))
    # Everything in the demonstration is registered today: it says which models it used in the quarter before.
    used = LATER.findall(administrator.read(_form(administrator)))
    receipt = _file(administrator, firm, {"kind": "full", "also": used, "position": "Chief risk officer"})
    prove(receipt.startswith("%PDF-"), "the receipt is a PDF", receipt[:20])


def _form(visitor: Visitor) -> str:
    return found_in(visitor.read("/returns/"), FORM)


def _file(visitor: Visitor, firm: Firm, declared: dict[str, object]) -> str:
    """Sign the return of the campaign, and return the beginning of its receipt."""
    officer = firm.part("administrator").name
    page = visitor.send(_form(visitor), {"officer": officer, "is_complete": "on", "remark": "", **declared})
    number = found_in(visitor.read(page), NUMBER)
    prove(number.partition("/")[0] in visitor.read("/returns/"), "the return has a number", number)
    return visitor.read(f"{page}receipt/?language=kk")[:20]
