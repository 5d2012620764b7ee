"""From the record to a first text, and from the texts to one Markdown document. Pure: facts in, text out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from governance.inventory.outlines.outline import Outline, Part

BLANK = {"kk": "[жазылуы керек]", "ru": "[нужно написать]", "en": "[to be written]"}
"""Stands where the record knows nothing. A text that still holds one is not finished."""


@dataclass(frozen=True)
class Fact:
    """What the record says under one name, in the language of the document. lines: none where it says nothing."""

    label: str
    lines: Sequence[str] = ()


Facts = Mapping[str, Fact]
Texts = Mapping[str, str]


def first_texts(outline: Outline, facts: Facts, language: str) -> dict[str, str]:
    """The text of every part as far as the record can say it, with the blanks marked."""
    return {part.key: _first(part, facts, language) for part in outline.parts}


def _first(part: Part, facts: Facts, language: str) -> str:
    return "\n".join(_line(facts[name], language) for name in part.facts if name in facts)


def _line(fact: Fact, language: str) -> str:
    said = [" ".join(line.split()) for line in fact.lines if line.strip()]
    if len(said) > 1:
        return "\n".join([f"- **{fact.label}:**", *(f"  - {line}" for line in said)])
    return f"- **{fact.label}:** {said[0] if said else BLANK[language]}"


def is_written(text: str, language: str) -> bool:
    return bool(text.strip()) and BLANK[language] not in text


def unfinished(outline: Outline, texts: Texts, language: str) -> list[Part]:
    """Required parts that are empty, and any part in which a blank is left."""
    return [
        part
        for part in outline.parts
        if (part.required and not texts.get(part.key, "").strip())
        or BLANK[language] in texts.get(part.key, "")
    ]


def markdown(outline: Outline, texts: Texts, language: str, about: str, made: str) -> str:
    """The whole document. about: the model; made: the line that says where and when it was written."""
    pieces = [f"# {outline.title[language]}", f"{about}\n\n{made}"]
    for part in outline.parts:
        text = texts.get(part.key, "").strip()
        if text or part.required:
            pieces.append(f"## {part.title[language]}\n\n{text or BLANK[language]}")
    return "\n\n".join(pieces) + "\n"
