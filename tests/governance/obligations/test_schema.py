"""`manage.py check` finds what is wrong with a catalogue, and says in which file, entry and key."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.checks import registry

from governance.obligations.checks import the_catalogue_is_whole
from governance.obligations.edition import CATALOGUE
from governance.obligations.whole import flaws
from tests.governance.obligations.made_up import TITLE, a_catalogue, a_group, an_edition, an_entry

FILE = "made-up-2026-11-22.yaml"


def told(folder) -> list[str]:
    return [str(flaw) for flaw in flaws(folder)]


def test_a_catalogue_that_is_whole_has_no_flaw(tmp_path):
    assert told(a_catalogue(tmp_path, crosswalk={"groups": [a_group()], "ungrouped": []})) == []


def test_the_catalogue_of_senim_is_whole():
    assert told(CATALOGUE) == []


WRONG_ENTRIES = {
    "an unknown flag": (
        {"when": {"all_of": ["blue"], "any_of": []}},
        "senim.E105",
        "when: the flag 'blue' is unknown",
    ),
    "an unknown flag of a group": (
        {"answered_by": [{"any_of": ["approval"], "when": {"any_of": ["blue"]}}]},
        "senim.E105",
        "answered_by 1: the flag 'blue' is unknown",
    ),
    "an unknown kind that answers": (
        {"answered_by": [{"any_of": ["document:letter"]}]},
        "senim.E106",
        "answered_by 1: the evidence 'document:letter' is unknown",
    ),
    "an unknown kind that may help": (
        {"evidence": ["check:beauty"]},
        "senim.E106",
        "evidence: the evidence 'check:beauty' is unknown",
    ),
    "a title in two languages": (
        {"title": {"en": "Title", "ru": "Название"}},
        "senim.E108",
        "title: it is needed in kk",
    ),
    "a text of the law in two languages": (
        {"text": {"en": "Text.", "ru": "Текст."}},
        "senim.E108",
        "text: it is needed in kk",
    ),
    "an empty text": (
        {"text": {"kk": "Мәтін.", "ru": " ", "en": "Text."}},
        "senim.E108",
        "text: it is needed in ru",
    ),
    "a language of nobody": (
        {"title": TITLE | {"fr": "Titre"}},
        "senim.E108",
        "title: 'fr' is none of our languages",
    ),
    "an end before the start": (
        {"in_force": {"from": "2026-01-18", "to": "2026-01-17"}},
        "senim.E109",
        "in_force: it ends on 2026-01-17, before it starts on 2026-01-18",
    ),
    "a day that is none": (
        {"in_force": {"from": "spring"}},
        "senim.E109",
        "in_force: from 'spring' is no day like 2026-01-18",
    ),
    "an unknown norm": (
        {"norm": "suggestion"},
        "senim.E104",
        "norm: 'suggestion' is none of duty, information, on_event, outcome, principle, prohibition,"
        " recommendation, right, sanction",
    ),
    "an unknown interval": (
        {"periodicity": "sometimes"},
        "senim.E104",
        "periodicity: 'sometimes' is not in the vocabulary",
    ),
    "an unknown basis of the interval": (
        {"periodicity_basis": "habit"},
        "senim.E104",
        "periodicity_basis: 'habit' is none of recommended, text",
    ),
    "an unknown confidence": (
        {"confidence": "certain"},
        "senim.E104",
        "confidence: 'certain' is none of inferred, secondary, verified",
    ),
    "an unknown level": ({"level": "group"}, "senim.E104", "level: 'group' is none of model, organisation"),
    "a wrong type": ({"ref": 5}, "senim.E103", "ref: 5 is not of the type str"),
    "a group without alternatives": (
        {"answered_by": [{"note": "nothing"}]},
        "senim.E103",
        "answered_by 1: a group lists its alternatives under any_of",
    ),
    "a condition that is none": (
        {"when": {"none_of": ["generative"]}},
        "senim.E104",
        "when: 'none_of' is neither all_of nor any_of",
    ),
}


@pytest.mark.parametrize(("change", "code", "says"), WRONG_ENTRIES.values(), ids=WRONG_ENTRIES)
def test_a_flaw_of_an_entry_names_file_id_and_key(change, code, says, tmp_path):
    [flaw] = flaws(a_catalogue(tmp_path, an_edition(an_entry(**change))))

    assert (flaw.code, str(flaw)) == (code, f"{FILE}: made-up-1: {says}")


@pytest.mark.parametrize("key", ["ref", "text", "norm", "answered_by", "periodicity_basis", "source"])
def test_what_every_entry_needs_is_missed(key, tmp_path):
    entry = an_entry()
    del entry[key]

    assert told(a_catalogue(tmp_path, an_edition(entry))) == [f"{FILE}: made-up-1: {key}: it is needed"]


def test_an_entry_without_a_name_is_counted(tmp_path):
    entry = an_entry()
    del entry["id"]

    assert told(a_catalogue(tmp_path, an_edition(an_entry(), entry))) == [
        f"{FILE}: requirement 2: id: it is needed"
    ]


WRONG_HEADS = {
    "no jurisdiction": ({"jurisdiction": None}, "jurisdiction: None is not of the type str"),
    "an edition that is no day": ({"edition": "first"}, "edition: 'first' is no day like 2026-01-18"),
    "a day that YAML reads as one": (
        {"edition": date(2026, 11, 22)},
        "edition: datetime.date(2026, 11, 22) is not of the type str",
    ),
    "an unknown flag": (
        {"default_on_when": {"all_of": ["blue"]}},
        "default_on_when: the flag 'blue' is unknown",
    ),
    "no list": ({"requirements": {}}, "requirements: {} is not of the type list"),
}


@pytest.mark.parametrize(("change", "says"), WRONG_HEADS.values(), ids=WRONG_HEADS)
def test_a_flaw_of_the_head_is_said_to_be_there(change, says, tmp_path):
    [flaw] = flaws(a_catalogue(tmp_path, an_edition(**change)))

    assert str(flaw) == f"{flaw.file}: head: {says}"


def test_a_text_that_does_not_bind_here_is_enough_in_english(tmp_path):
    abroad = an_edition(an_entry(text={"en": "Text."}), jurisdiction="EU")
    advice = an_edition(an_entry("advice", text={"en": "Text."}, binding_in_kz=False), framework="advice")

    assert told(a_catalogue(tmp_path, abroad, advice)) == []


def test_an_id_stands_once_in_an_edition(tmp_path):
    found = told(a_catalogue(tmp_path, an_edition(an_entry(), an_entry())))

    assert found == [f"{FILE}: made-up-1: id: 'made-up-1' stands twice"]


def test_two_frameworks_share_no_id(tmp_path):
    found = told(a_catalogue(tmp_path, an_edition(framework="b-law"), an_edition(framework="a-law")))

    assert found == ["b-law-2026-11-22.yaml: made-up-1: id: 'made-up-1' stands in a-law-2026-11-22.yaml too"]


def test_two_editions_of_one_framework_share_their_ids(tmp_path):
    assert told(a_catalogue(tmp_path, an_edition(), an_edition(edition="2026-11-25"))) == []


def test_an_edition_stands_in_one_file(tmp_path):
    folder = a_catalogue(tmp_path)
    (folder / "again.yaml").write_text((folder / FILE).read_text())

    assert told(folder) == [f"{FILE}: head: edition: made-up 2026-11-22 stands in again.yaml too"]


CROSSWALKS = {
    "a member": (a_group("made-up-1", "nobody"), "g: members: no edition knows 'nobody'"),
    "the strictest": (a_group(strictest="nobody"), "g: strictest: no edition knows 'nobody'"),
    "a kind": (
        a_group(evidence=["document:letter"]),
        "g: evidence: the evidence 'document:letter' is unknown",
    ),
    "a title": (a_group(title={"en": "Title", "kk": "Атауы"}), "g: title: it is needed in ru"),
}


@pytest.mark.parametrize(("group", "says"), CROSSWALKS.values(), ids=CROSSWALKS)
def test_the_crosswalk_speaks_only_of_what_there_is(group, says, tmp_path):
    found = told(a_catalogue(tmp_path, crosswalk={"groups": [group], "ungrouped": []}))

    assert found == [f"crosswalk.yaml: {says}"]


def test_what_the_crosswalk_leaves_out_exists_too(tmp_path):
    found = told(a_catalogue(tmp_path, crosswalk={"groups": [], "ungrouped": ["nobody"]}))

    assert found == ["crosswalk.yaml: ungrouped: no edition knows 'nobody'"]


def test_a_file_that_is_no_yaml_is_named(tmp_path):
    folder = a_catalogue(tmp_path)
    (folder / "torn.yaml").write_text("title: [")

    [flaw] = flaws(folder)
    assert (flaw.code, flaw.file) == ("senim.E101", "torn.yaml")


def test_the_check_reports_each_flaw_as_an_error_at_every_start(tmp_path):
    [error] = the_catalogue_is_whole(folder=a_catalogue(tmp_path, an_edition(an_entry(norm="suggestion"))))

    assert (error.id, error.msg.startswith(f"{FILE}: made-up-1: norm")) == ("senim.E104", True)
    assert the_catalogue_is_whole in registry.registry.get_checks()
