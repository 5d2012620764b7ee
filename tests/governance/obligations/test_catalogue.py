"""The catalogue is whole: every requirement is there once, and it speaks only words of the vocabularies."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from governance.obligations.edition import (
    CATALOGUE,
    EditionBroken,
    crosswalk,
    editions,
    flag_label,
    label,
    read,
    requirement_ids,
    vocabularies,
)
from governance.obligations.rules import Facts, flags
from governance.obligations.schema import is_known

HERE = Path(__file__).parent
COUNTS = {
    "kz-ai-law": 71, "iosco": 28, "nist-ai-rmf": 72, "eu-ai-act": 54, "mas-feat": 14, "mas-airg": 4, "mifid2": 3,
    "rts6": 18, "esma-2026-algo": 4, "gdpr": 4, "sr-11-7": 10, "esma-2024": 8, "wfe": 5, "fca": 3,
}  # fmt: skip


def test_every_framework_has_its_requirements():
    assert {edition.framework: len(edition.entries) for edition in editions()} == COUNTS
    assert sum(COUNTS.values()) == 298


def test_law_guidance_and_benchmarks_have_as_many_as_were_read():
    counted = Counter({edition.framework: len(edition.entries) for edition in editions()})
    named = [counted.pop(key) for key in ("kz-ai-law", "iosco", "nist-ai-rmf", "eu-ai-act")]

    assert (*named, counted.total()) == (71, 28, 72, 54, 73)


def test_every_id_of_the_crosswalk_exists():
    groups = crosswalk()["groups"]
    named = {member for group in groups for member in (*group["members"], group["strictest"])}

    assert named | set(crosswalk()["ungrouped"]) <= requirement_ids()


def test_the_ids_are_exactly_those_that_were_read():
    ids = Counter(entry.id for edition in editions() for entry in edition.entries)

    assert ids == Counter((HERE / "requirement_ids.txt").read_text().split())
    assert requirement_ids() == set(ids)


def test_only_the_law_of_kazakhstan_and_the_two_general_guides_are_on_without_asking():
    on = {edition.framework for edition in editions() if edition.default_on}

    assert on == {"kz-ai-law", "iosco", "nist-ai-rmf"}


def test_european_frameworks_come_on_with_european_scope():
    asked = {edition.framework for edition in editions() if edition.default_on_when is not None}

    assert asked == {"eu-ai-act", "mifid2", "rts6", "esma-2026-algo", "gdpr", "esma-2024"}
    assert {e.default_on_when.flags for e in editions() if e.default_on_when} == {("eu_scope",)}


def test_every_title_is_in_three_languages():
    titles = [entry.raw["title"] for edition in editions() for entry in edition.entries]
    titles += [edition.title for edition in editions()]
    titles += [group["title"] for group in crosswalk()["groups"]]

    assert all(set(title) == {"kk", "ru", "en"} and all(title.values()) for title in titles)


def test_every_entry_says_where_it_comes_from_and_how_sure_we_are():
    for edition in editions():
        for entry in edition.entries:
            assert entry.raw["source"]
            assert entry.raw["confidence"] in ("verified", "secondary", "inferred")
            assert entry.raw["answer_confidence"] == "proposed"


def test_what_was_not_read_after_the_amendment_is_marked_so():
    [law] = [edition for edition in editions() if edition.framework == "kz-ai-law"]
    unread = [entry for entry in law.entries if entry.raw.get("wording_since_2026_08_25") == "not_read"]

    assert len(unread) == 8
    assert not any("believed_unchanged" in entry.raw for entry in unread)


def test_the_crosswalk_places_every_requirement_or_says_that_it_does_not():
    placed = [member for group in crosswalk()["groups"] for member in group["members"]]
    ungrouped = crosswalk()["ungrouped"]

    assert set(placed) | set(ungrouped) == requirement_ids()
    assert not set(placed) & set(ungrouped)
    assert all(group["strictest"] in group["members"] for group in crosswalk()["groups"])


def test_the_crosswalk_proposes_only_known_evidence():
    proposed = [kind for group in crosswalk()["groups"] for kind in group["evidence"]]

    assert [kind for kind in proposed if not is_known(kind, vocabularies())] == []


def test_every_flag_of_the_vocabulary_is_computed_and_no_other():
    assert set(flags(Facts())) == set(vocabularies()["flags"])


@pytest.mark.parametrize(
    "section",
    ["flags", "evidence_document_kinds", "registration_fields", "checks", "other_evidence", "periodicity"],
)
def test_every_word_of_the_vocabulary_has_a_name_in_three_languages(section):
    assert all(set(names) == {"kk", "ru", "en"} for names in vocabularies()[section].values())


def test_a_kind_is_called_by_its_name():
    assert label("document:risk_register", "kk") == "Тәуекелдер тізілімі"
    assert label("approval", "ru") == "Подписанное утверждение"
    assert flag_label("generative", "xx") == "generates or changes text, image, audio or video"


BROKEN = {
    "an unknown document": {"answered_by": [{"any_of": ["document:letter_from_mother"]}]},
    "an unknown flag": {"when": {"all_of": ["blue"], "any_of": []}},
    "an unknown norm": {"norm": "suggestion"},
    "an unknown check": {"evidence": ["check:beauty"]},
    "a title in two languages": {"title": {"en": "Legality", "ru": "Законность"}},
    "a text without English": {"text": {"kk": "Мәтін", "ru": "Текст"}},
    "an unknown interval": {"periodicity": "sometimes"},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
def test_an_edition_with_a_word_of_its_own_is_refused(change, tmp_path):
    raw = yaml.safe_load((CATALOGUE / "fca.yaml").read_text())
    raw["requirements"][0] |= change
    path = tmp_path / "fca.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True))

    with pytest.raises(EditionBroken) as refusal:
        read(path, vocabularies())

    assert len(refusal.value.problems) == 1


def test_an_id_may_stand_only_once_in_an_edition(tmp_path):
    raw = yaml.safe_load((CATALOGUE / "fca.yaml").read_text())
    raw["requirements"].append(raw["requirements"][0])
    path = tmp_path / "fca.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True))

    with pytest.raises(EditionBroken, match="stands twice"):
        read(path, vocabularies())
