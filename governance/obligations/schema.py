"""What an edition may say, key by key: types, closed vocabularies, languages, days. Knows no database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.obligations.requirement import BINDING_NORMS, STATUS_NORMS

Raw = Mapping[str, Any]

LANGUAGES = frozenset({"kk", "ru", "en"})
NORMS = STATUS_NORMS | BINDING_NORMS | {"principle", "on_event", "information", "sanction"}
PREFIXES = {
    "document": "evidence_document_kinds",
    "check": "checks",
    "registration_field": "registration_fields",
}

MALFORMED, LACKING, TYPE, WORD, FLAG, EVIDENCE, TWICE, LANGUAGE, DAY, CROSSWALK = (
    f"senim.E{number}" for number in range(101, 111)
)
"""Ids of the system checks, one for each sort of flaw."""


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong with the catalogue, and where. entry: an id, or "head"."""

    code: str
    file: str
    entry: str
    key: str
    says: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.entry, self.key, self.says) if part)


@dataclass(frozen=True)
class Place:
    file: str
    entry: str

    def flaw(self, code: str, key: str, says: str) -> Flaw:
        return Flaw(code, self.file, self.entry, key, says)


@dataclass(frozen=True)
class Key:
    """What one key holds. among: the words it may say, None = any. day: it is a day, or names one in ISO form."""

    kind: type
    needed: bool = False
    among: frozenset[str] | None = None
    day: bool = False


HEAD: Mapping[str, Key] = {
    "framework": Key(str, needed=True),
    "edition": Key(str, needed=True, day=True),
    "title": Key(dict, needed=True),
    "jurisdiction": Key(str, needed=True),
    "binding": Key(bool, needed=True),
    "binding_in_kz": Key(bool),
    "default_on": Key(bool, needed=True),
    "default_on_when": Key(dict),
    "applies_from": Key(str, day=True),
    "text_dated": Key(str),
    "text_version_read": Key(str),
    "requirements": Key(list, needed=True),
}
ENTRY: Mapping[str, Key] = {
    "id": Key(str, needed=True),
    "ref": Key(str, needed=True),
    "title": Key(dict, needed=True),
    "text": Key(dict, needed=True),
    "norm": Key(str, needed=True, among=NORMS),
    "level": Key(str, among=frozenset({"model", "organisation"})),
    "when": Key(dict),
    "default_on_when": Key(dict),
    "answered_by": Key(list, needed=True),
    "answer_confidence": Key(str, among=frozenset({"proposed"})),
    "evidence": Key(list),
    "periodicity": Key(str, needed=True),
    "periodicity_basis": Key(str, needed=True, among=frozenset({"text", "recommended"})),
    "severity": Key(str, among=frozenset({"mandatory", "guidance"})),
    "binding_in_kz": Key(bool),
    "source": Key(str, needed=True),
    "confidence": Key(str, needed=True, among=frozenset({"verified", "secondary", "inferred"})),
    "applies_from": Key(str, day=True),
    "in_force": Key(dict),
    "wording_read": Key(dict),
    "wording_since_2026_08_25": Key(str, among=frozenset({"not_read"})),
    "believed_unchanged": Key(bool),
}


def flaws_of_edition(raw: Any, words: Raw, file: str) -> Iterator[Flaw]:
    """All that would make the rules or a page misread this edition."""
    head = Place(file, "head")
    if not isinstance(raw, dict):
        yield head.flaw(MALFORMED, "", "it is no mapping of keys")
        return
    wrong = list(_flaws_of_keys(head, raw, HEAD))
    yield from wrong
    sound = _sound(raw, wrong)
    yield from _flaws_of_title(head, sound)
    yield from _flaws_of_when(head, sound, "default_on_when", words)
    entries = sound.get("requirements") or []
    for number, entry in enumerate(entries, start=1):
        yield from flaws_of_entry(entry, words, file, number)
    yield from _flaws_of_ids(file, [entry for entry in entries if isinstance(entry, dict)])


def flaws_of_entry(entry: Any, words: Raw, file: str, number: int) -> Iterator[Flaw]:
    nameless = Place(file, f"requirement {number}")
    if not isinstance(entry, dict):
        yield nameless.flaw(MALFORMED, "", "it is no mapping of keys")
        return
    place = Place(file, entry["id"]) if isinstance(entry.get("id"), str) else nameless
    wrong = list(_flaws_of_keys(place, entry, ENTRY))
    yield from wrong
    sound = _sound(entry, wrong)
    yield from _flaws_of_title(place, sound)
    yield from _flaws_of_text(place, sound)
    if sound.get("periodicity", "once") not in words["periodicity"]:
        yield place.flaw(WORD, "periodicity", f"{sound['periodicity']!r} is not in the vocabulary")
    for key in ("when", "default_on_when"):
        yield from _flaws_of_when(place, sound, key, words)
    yield from _flaws_of_groups(place, sound.get("answered_by") or [], words)
    yield from _flaws_of_kinds(place, "evidence", sound.get("evidence") or [], words)
    yield from _flaws_of_force(place, sound.get("in_force") or {})


def is_known(kind: Any, words: Raw) -> bool:
    """Whether a kind of evidence ("document:model_card", "approval") stands in the vocabularies."""
    prefix, _, name = str(kind).rpartition(":")
    vocabulary = PREFIXES.get(prefix) if prefix else "other_evidence"
    return vocabulary is not None and name in words[vocabulary]


def as_day(value: Any) -> date | None:
    """The day that a value is or names, None where it names none."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _flaws_of_keys(place: Place, raw: Raw, keys: Mapping[str, Key]) -> Iterator[Flaw]:
    for name, key in keys.items():
        if name not in raw:
            if key.needed:
                yield place.flaw(LACKING, name, "it is needed")
        elif not isinstance(raw[name], key.kind):
            yield place.flaw(TYPE, name, f"{raw[name]!r} is not of the type {key.kind.__name__}")
        elif key.among is not None and raw[name] not in key.among:
            yield place.flaw(WORD, name, f"{raw[name]!r} is none of {', '.join(sorted(key.among))}")
        elif key.day and as_day(raw[name]) is None:
            yield place.flaw(DAY, name, f"{raw[name]!r} is no day like 2026-01-18")


def _sound(raw: Raw, wrong: list[Flaw]) -> dict[str, Any]:
    """What can be looked into further: the keys that hold what they should."""
    told = {flaw.key for flaw in wrong}
    return {name: value for name, value in raw.items() if name not in told}


def _flaws_of_title(place: Place, raw: Raw) -> Iterator[Flaw]:
    yield from flaws_of_languages(place, "title", raw.get("title"), LANGUAGES)


def _flaws_of_text(place: Place, raw: Raw) -> Iterator[Flaw]:
    yield from flaws_of_languages(place, "text", raw.get("text"), frozenset({"en"}))


def flaws_of_languages(place: Place, key: str, said: Raw | None, needed: frozenset[str]) -> Iterator[Flaw]:
    if said is None:
        return
    for language in sorted(needed):
        words = said.get(language)
        if not isinstance(words, str) or not words.strip():
            yield place.flaw(LANGUAGE, key, f"it is needed in {language}")
    for language in sorted(set(map(str, said)) - LANGUAGES):
        yield place.flaw(LANGUAGE, key, f"{language!r} is none of our languages")


def _flaws_of_when(place: Place, raw: Raw, key: str, words: Raw) -> Iterator[Flaw]:
    stated = raw.get(key) or {}
    if not isinstance(stated, dict):
        yield place.flaw(TYPE, key, f"{stated!r} is no condition")
        return
    for part, flags in stated.items():
        if part not in ("all_of", "any_of"):
            yield place.flaw(WORD, key, f"{part!r} is neither all_of nor any_of")
        elif not isinstance(flags or [], list):
            yield place.flaw(TYPE, key, f"{part} is no list")
        else:
            unknown = [flag for flag in flags or () if flag not in words["flags"]]
            yield from (place.flaw(FLAG, key, f"the flag {flag!r} is unknown") for flag in unknown)


def _flaws_of_groups(place: Place, groups: list[Any], words: Raw) -> Iterator[Flaw]:
    for number, group in enumerate(groups, start=1):
        key = f"answered_by {number}"
        if not isinstance(group, dict) or not isinstance(group.get("any_of"), list) or not group["any_of"]:
            yield place.flaw(TYPE, key, "a group lists its alternatives under any_of")
            continue
        yield from _flaws_of_when(place, {key: group.get("when")}, key, words)
        yield from _flaws_of_kinds(place, key, group["any_of"], words)


def _flaws_of_kinds(place: Place, key: str, kinds: list[Any], words: Raw) -> Iterator[Flaw]:
    unknown = [kind for kind in kinds if not is_known(kind, words)]
    yield from (place.flaw(EVIDENCE, key, f"the evidence {kind!r} is unknown") for kind in unknown)


def _flaws_of_force(place: Place, stated: Raw) -> Iterator[Flaw]:
    named = {side: stated.get(side) for side in ("from", "to") if stated.get(side) is not None}
    days = {side: as_day(value) for side, value in named.items()}
    for side, day in days.items():
        if day is None:
            yield place.flaw(DAY, "in_force", f"{side} {named[side]!r} is no day like 2026-01-18")
    starts, ends = days.get("from"), days.get("to")
    if starts is not None and ends is not None and ends < starts:
        yield place.flaw(DAY, "in_force", f"it ends on {ends}, before it starts on {starts}")


def _flaws_of_ids(file: str, entries: list[Raw]) -> Iterator[Flaw]:
    ids = [str(entry.get("id")) for entry in entries if entry.get("id")]
    for name in sorted({each for each in ids if ids.count(each) > 1}):
        yield Place(file, name).flaw(TWICE, "id", f"{name!r} stands twice")
