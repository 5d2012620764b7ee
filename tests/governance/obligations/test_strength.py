"""Wording, mapping and translation have a strength each, and a status is told with the weakest of them."""

from __future__ import annotations

import pytest

from governance.obligations.edition import editions
from governance.obligations.strength import (
    RANKS,
    Strength,
    mapping,
    official_titles,
    translation,
    weakest,
    wording,
)
from governance.obligations.words import STRENGTHS

READ = {"edition": "2025-11-17", "language": "ru", "copy": "unofficial"}
OTHER_ACT = {"act": "Order No. 95", "edition": None, "language": None, "copy": "not_read"}
TITLES = {"kk": "Аудит", "ru": "Аудит", "en": "Audit"}


def entry(**changes):
    return {"confidence": "verified", "wording_read": READ, "title": TITLES} | changes


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        (entry(), "unofficial"),
        (entry(wording_read=None), "unofficial"),
        (entry(believed_unchanged=True), "unofficial"),
        (entry(wording_read=READ | {"copy": "official"}), "official"),
        (entry(wording_read=READ | {"also": OTHER_ACT}), "partly_read"),
        (entry(wording_read=OTHER_ACT, confidence="secondary"), "secondary"),
        (entry(wording_read=OTHER_ACT), "secondary"),
        (entry(confidence="secondary"), "secondary"),
        (entry(wording_since_2026_08_25="not_read"), "not_read_since"),
        (entry(wording_since_2026_08_25="not_read", confidence="secondary"), "not_read_since"),
        (entry(confidence="inferred", wording_read=READ | {"copy": "official"}), "inferred"),
    ],
)
def test_the_wording_is_as_firm_as_what_was_read(facts, key):
    assert wording(facts) == Strength("wording", key)


def test_the_mapping_is_ours_until_it_is_signed():
    assert (mapping(is_signed=False).key, mapping(is_signed=True).key) == ("unsigned", "signed")


@pytest.mark.parametrize(
    ("facts", "language", "official", "key"),
    [
        (entry(), "kk", (), "ours"),
        (entry(), "kk", ("Аудит",), "official"),
        (entry(), "ru", ("Аудит",), "ours"),
        (entry(official_title_kk="Аудит"), "kk", (), "official"),
        (entry(official_title_kk="Аудит"), "en", (), "ours"),
        (entry(official_title_kk="Жүйе аудиті"), "kk", (), "ours"),
        (entry(kk_title_status="official"), "kk", (), "official"),
        (entry(kk_title_status="analyst translation"), "kk", (), "ours"),
    ],
)
def test_a_translation_is_official_only_where_it_is_marked_so(facts, language, official, key):
    assert translation(facts, language, official).key == key


def test_the_official_titles_of_the_law_are_those_that_were_seen():
    [law] = [edition for edition in editions() if edition.framework == "kz-ai-law"]

    assert "Жасанды интеллект жүйелерінің аудиті" in official_titles(law.head)
    assert len(official_titles(law.head)) == 3


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (("unofficial", "unsigned", "ours"), "unsigned"),
        (("unofficial", "signed", "ours"), "unofficial"),
        (("official", "signed", "ours"), "ours"),
        (("secondary", "unsigned", "ours"), "secondary"),
        (("not_read_since", "unsigned", "ours"), "not_read_since"),
        (("inferred", "signed", "official"), "inferred"),
    ],
)
def test_the_weakest_is_told_and_of_equals_the_first(keys, told):
    parts = ("wording", "mapping", "translation")

    assert weakest([Strength(part, key) for part, key in zip(parts, keys, strict=True)]).key == told


def test_every_strength_has_its_words_and_no_others_have():
    assert {(part, key) for part, words in STRENGTHS.items() for key in words} == set(RANKS)


def test_every_entry_of_the_catalogue_has_a_strength_of_each_sort():
    for edition in editions():
        for each in edition.entries:
            of = [wording(each.raw), mapping(is_signed=False), translation(each.raw, "kk")]
            assert weakest(of).rank == min(each.rank for each in of)
