"""A candidate edition is held against the live register: what would turn is listed, and nothing is written."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import timedelta
from io import StringIO

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from governance.errors import RuleBroken
from governance.obligations import services as obligations
from governance.obligations.edition import CATALOGUE
from governance.obligations.models import Framework
from governance.obligations.preview.reading import candidate
from governance.obligations.preview.turning import preview
from governance.people.acting import viewing
from tests.factories import join, sign_in
from tests.governance.obligations.things import a_model, a_paper, graded
from tests.journeys.refusing import reading_only

pytestmark = pytest.mark.django_db

RISKS, POLICY = "kz-art18-1-1-identify-risks", "kz-art15-2-1-risk-management"


@pytest.fixture
def model(bank, owner):
    model = a_model(owner, role="owner_or_holder", origin="in_house", trained_model=True, credit_scoring=True)
    graded(owner, model, "high", "medium")
    a_paper(owner, model, "risk_register")
    obligations.catch_up(bank.pk)
    return model


def law(change=lambda entries: entries, **head):
    """The law as it is on file, with another day and some entries changed."""
    raw = yaml.load((CATALOGUE / "kz-ai-law.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    raw |= {"edition": "2099-01-01", **head}
    raw["requirements"] = change(raw["requirements"])
    return yaml.safe_dump(raw, allow_unicode=True, sort_keys=False).encode()


def one(entries, key=RISKS):
    return next(entry for entry in entries if entry["id"] == key)


def asks_for_more(entries):
    one(entries)["answered_by"] = [{"any_of": ["document:ai_policy"]}]
    return entries


def turned(actor, content):
    with viewing(actor):
        found = preview(by=actor, edition=candidate(content), today=timezone.localdate())
    return {turn.obligation.key: turn for turn in found.turns}


def test_the_same_edition_turns_nothing(validator, model):
    assert turned(validator, law()) == {}


def test_a_requirement_that_asks_for_more_turns_red_today_and_nothing_is_written(validator, model):
    with reading_only():
        turns = turned(validator, law(asks_for_more))

    assert {key: (turn.was, turn.now) for key, turn in turns.items()} == {RISKS: ("on_file", "missing")}
    assert turns[RISKS].turns_red and turns[RISKS].on == timezone.localdate()
    with viewing(validator):
        assert not Framework.objects.filter(edition="2099-01-01").exists()


def test_what_comes_into_force_later_turns_on_that_day(validator, model):
    later = timezone.localdate() + timedelta(days=40)

    def comes(entries):
        new = {**deepcopy(one(entries)), "id": "kz-new", "in_force": {"from": later.isoformat()}}
        return [*entries, {**new, "answered_by": [{"any_of": ["document:ai_policy"]}]}]

    turns = turned(validator, law(comes))
    assert {key: (turn.was, turn.now, turn.on) for key, turn in turns.items()} == {
        "kz-new": ("", "missing", later)
    }


def test_a_requirement_that_is_dropped_no_longer_stands(validator, model):
    turns = turned(validator, law(lambda entries: [each for each in entries if each["id"] != RISKS]))

    assert {key: (turn.was, turn.now) for key, turn in turns.items()} == {RISKS: ("on_file", "")}


def test_everybody_sees_the_models_that_they_may_see(validator, model, stranger, supervisor):
    content = law(asks_for_more)

    assert set(turned(validator, content)) == set(turned(supervisor, content)) == {RISKS}
    assert turned(stranger, content) == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a: [", "This is not YAML"),
        (b"- 1\n- 2\n", ""),
        (b"a: &x [1]\nb: *x\n", "by reference"),
        (b"x" * (1024 * 1024 + 1), "at most 1 MB"),
        ("framework: заң".encode("cp1251", "replace"), "not in UTF-8"),
        (b"a: " + b"[" * 100_000, "nested more than 40 levels"),
        (
            law(lambda entries: [{**entries[0], "answered_by": [{"any_of": ["document:poem"]}]}]),
            "document:poem",
        ),
    ],
    ids=["broken", "a_list", "aliases", "large", "windows_1251", "bottomless", "unknown_evidence"],
)
def test_what_is_no_edition_is_refused_with_its_flaws(content, words):
    with pytest.raises(RuleBroken) as refusal:
        candidate(content)
    assert any(words in str(problem.what) for problem in refusal.value.problems)


def send(client, content):
    return client.post(reverse("obligations:preview"), {"file": SimpleUploadedFile("law.yaml", content)})


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_second_line_sees_it_on_a_page(client, validator, model, language):
    sign_in(client, validator).cookies["django_language"] = language
    assert client.get(reverse("obligations:preview")).status_code == 200
    answer = send(client, law(asks_for_more))

    assert answer.status_code == 200 and len(answer.context["rows"]) == 1
    assert answer.context["totals"] == [(answer.context["rows"][0].turn.organisation.name, 1, 1)]


def test_flaws_stand_beside_the_field(client, validator, model):
    answer = send(sign_in(client, validator), b"a: [")

    assert answer.status_code == 422 and "This is not YAML" in answer.content.decode()


def test_it_is_not_for_everybody(client, bank, model):
    for role in ("model_owner", "committee", "auditor"):
        other = join(bank, role, email=f"{role}@else.example")
        assert sign_in(client, other).get(reverse("obligations:preview")).status_code == 403


def test_the_command_lists_the_whole_register(model, tmp_path):
    path, said, told = tmp_path / "law.yaml", StringIO(), StringIO()
    path.write_bytes(law(asks_for_more))
    call_command("preview", "edition", path, "--json", stdout=said, stderr=told)

    [line] = [json.loads(each) for each in said.getvalue().splitlines()]
    assert (line["model"], line["requirement"], line["was"], line["now"]) == (
        model.number,
        RISKS,
        "on_file",
        "missing",
    )
    assert "1 models judged, 1 requirements turn, 1 of them to red; nothing was written" in told.getvalue()


def test_the_command_names_what_is_wrong(tmp_path):
    path = tmp_path / "law.yaml"
    path.write_bytes(b"a: [")
    with pytest.raises(CommandError, match=r"law\.yaml cannot be tried"):
        call_command("preview", "edition", path)
