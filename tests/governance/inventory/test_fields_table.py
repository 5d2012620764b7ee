"""The table in the documentation is the form's own word on where each field of the register lives."""

from __future__ import annotations

from collections import Counter
from io import StringIO

from django.core.management import call_command

from governance.inventory.kinds import KINDS
from governance.inventory.profile.fields_table import asked_when, fields, kind_of
from governance.inventory.sections import QUESTIONS
from tests.ground import CHECKOUT


def test_the_committed_table_is_what_the_command_prints():
    printed = StringIO()
    call_command("fields_table", stdout=printed)

    assert (CHECKOUT / "docs/fields.md").read_text() == printed.getvalue()


def test_every_question_stands_in_the_table_once():
    named = Counter(name for field in fields() for name in field.get("questions", ()))

    assert named == Counter(list(QUESTIONS))


def test_every_field_of_the_list_lives_somewhere():
    assert len(fields()) == 74
    for field in fields():
        assert field.keys() & {"questions", "list", "document", "elsewhere"}, field
        assert set(field.get("document", ())) <= set(KINDS), field


def test_the_table_says_when_a_question_is_asked_and_what_it_takes():
    said = {name: (kind_of(QUESTIONS[name]), asked_when(QUESTIONS[name])) for name in QUESTIONS}

    assert said["name"] == ("text", "always; needed")
    assert said["owner"] == ("person", "always; needed")
    assert said["seeks_trusted_list"] == ("tick", "risk is high")
    assert said["training_from"] == (
        "day",
        "`trained_model` is yes or `origin` is fine_tuned and risk is medium or high",
    )
    assert said["largest_order"] == ("number", "`trading` is yes")
    assert said["special_data"] == ("several of a list", "always")
    assert said["approved_uses"] == ("short texts", "risk is medium or high")
