"""A figure of a check becomes a key figure with a limit and an owner, and the committee prints the report to the board."""

from __future__ import annotations

import re

from django.utils import timezone

from governance.demo.cast import BANK
from governance.demo.form_values import FormValues
from governance.demo.proofs import await_that, prove
from governance.demo.stage import Stage
from governance.demo.visitor import found_in, words_of
from governance.desk.board.quarter import Quarter

SOURCE = re.compile(r'<option value="(\d+)">[^<]*Lowest rate divided by the highest · race</option>')
FIGURE = {
    "name": "Lowest approval rate divided by the highest, by race",
    "unit": "",
    "lower": "0.8",
    "upper": "",
}
SETTLED = ("Within its limit", "Beyond its limit")


def play(stage: Stage) -> None:
    stage.tell("The owner of the mortgage model watches a figure that its fairness check measures")
    owner = stage.visitor(BANK.part("model_owner"))
    page = f"/models/{stage.cast.models['mortgage']}/figures/"
    form = owner.read(f"{page}new/")
    responsible = FormValues(form).values["owner"]
    owner.send(f"{page}new/", {**FIGURE, "owner": responsible, "source": found_in(form, SOURCE)})
    await_that(
        lambda: any(words in owner.read(page) for words in SETTLED), "the figure is taken over from the check"
    )
    stage.tell("A member of the risk committee prints the report to the board")
    member = stage.visitor(BANK.part("committee"))
    quarter = Quarter.of(timezone.localdate()).key
    printed = member.read(f"/board-report/file/?quarter={quarter}&language=kk")
    prove(printed.startswith("%PDF-"), "the report is a PDF", words_of(printed[:300]))
