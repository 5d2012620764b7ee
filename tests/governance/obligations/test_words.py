"""Every key that the rules speak in has its words, and every parameter finds its place in them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from django.utils.translation import override

from governance.obligations.rules import Reason, Status
from governance.obligations.status import __file__ as status_file
from governance.obligations.words import REASONS, STATUSES, sentence

ROOM = Path(status_file).parent


def test_every_status_has_a_name():
    assert set(STATUSES) == set(get_args(Status))


def test_every_reason_that_a_rule_gives_has_a_sentence():
    code = (ROOM / "status.py").read_text() + (ROOM / "evidence.py").read_text()
    given = set(re.findall(r'Reason\.of\("(\w+)"', code)) | set(
        re.findall(r'return "(\w+)"$', code, re.MULTILINE)
    )
    verdicts = {
        "uncertain",
        "amber",
        "insufficient_data",
        "not_applicable",
        "not_run",
        "expired",
        "older_than_a_year",
    }

    assert (given | verdicts) - {"none"} <= set(REASONS) | set(STATUSES)
    assert verdicts <= set(REASONS)


@pytest.mark.parametrize("key", REASONS)
def test_a_sentence_takes_exactly_the_parameters_of_its_reason(key):
    reason = Reason.of(
        key,
        kind="check:drift",
        on="2026-11-22",
        since="2026-11-22",
        flags=("trading",),
        kinds=("approval",),
        language="kk",
        group=1,
    )
    with override("en"):
        assert "%(" not in sentence(reason)


def test_a_sentence_names_kinds_and_flags_in_the_readers_language():
    reason = Reason.of("nothing_on_file", kinds=("document:risk_register", "approval"), group=1)
    with override("kk"):
        assert "Тәуекелдер тізілімі, Қол қойылған бекіту" in sentence(reason)
