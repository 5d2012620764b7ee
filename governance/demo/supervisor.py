"""The supervisor reads the whole market on one page, and only the supervisor does."""

from __future__ import annotations

from governance.demo.cast import BANK, BROKER, SUPERVISOR
from governance.demo.proofs import prove
from governance.demo.stage import Stage
from governance.demo.visitor import words_of


def play(stage: Stage) -> None:
    stage.tell("The supervisor reads who filed, the grades, what is red, and whom all depend on")
    page = words_of(stage.visitor(SUPERVISOR.part("officer")).read("/market/"))
    for firm in (BANK, BROKER):
        prove(firm.names["en"] in page, f"{firm.names['en']} is on the page of the market", page[:400])
    prove("No AI in use until" in page, "the return that no AI is used is on it", page[:400])
    prove("Sapa Dialog LLP" in page, "the supplier of the chatbot is on it", page[-400:])
    stage.visitor(BANK.part("administrator")).read("/market/", status=404)
