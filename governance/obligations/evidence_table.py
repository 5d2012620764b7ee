"""Which requirement is answered by a machine, by a document, by both, or by the register itself: from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from governance.obligations.edition import CATALOGUE, Edition, Entry, editions

WAYS: Mapping[str, str] = {
    "machine": "checks, no document",
    "document": "documents, no check",
    "both": "checks and documents",
    "register": "neither: registration, approval, logs",
    "nothing": "nothing is asked for",
}
INTRODUCTION = """\
# What answers which requirement

Made from the catalogue by `manage.py evidence_table > docs/evidence-table.md`; a test holds this file against it.

An entry is counted by all kinds of evidence that can answer it (`answered_by`): *checks* are run by the machine, *documents*
are handed in by people. Answers of the registration, approvals, logs and drills come out of the register itself and may stand
beside the other two. Evidence answers nothing alone: a requirement is met only when a named person of the second line concluded
so over a mapping that a named lawyer signed. This is our mapping and no legal opinion.
"""


def way(entry: Entry) -> str:
    """How one entry is answered; a key of WAYS."""
    kinds = {kind.partition(":")[0] for group in entry.requirement.groups for kind in group.any_of}
    if not kinds:
        return "nothing"
    if "check" in kinds:
        return "both" if "document" in kinds else "machine"
    return "document" if "document" in kinds else "register"


def latest(folder: Path = CATALOGUE) -> list[Edition]:
    """The latest edition of each framework, what binds in Kazakhstan first."""
    found = {edition.framework: edition for edition in editions(folder)}
    return sorted(
        found.values(),
        key=lambda each: (not each.head.get("binding_in_kz"), not each.default_on, each.framework),
    )


def table(folder: Path = CATALOGUE) -> str:
    """The whole file, in Markdown."""
    return "\n".join(_lines(latest(folder)))


def _lines(found: list[Edition]) -> Iterator[str]:
    yield INTRODUCTION
    yield f"| framework | edition | entries | {' | '.join(WAYS.values())} |"
    yield "|---|---|" + "---:|" * (len(WAYS) + 1)
    sums = dict.fromkeys(WAYS, 0)
    for edition in found:
        names = ids_by_way(edition)
        sums = {key: sums[key] + len(names[key]) for key in WAYS}
        yield _row(edition.framework, edition.edition, {key: len(names[key]) for key in WAYS})
    yield _row("all", "", sums)
    for edition in found:
        yield from _chapter(edition)


def _row(name: str, edition: str, numbers: Mapping[str, int]) -> str:
    cells = [name, edition, str(sum(numbers.values())), *(str(numbers[key]) for key in WAYS)]
    return f"| {' | '.join(cells)} |"


def _chapter(edition: Edition) -> Iterator[str]:
    yield f"\n## {edition.title['en']}\n"
    for key, names in ids_by_way(edition).items():
        if names:
            yield f"- **{WAYS[key]}** ({len(names)}): {', '.join(f'`{name}`' for name in names)}"


def ids_by_way(edition: Edition) -> dict[str, list[str]]:
    """Ids in the order of the text, under every key of WAYS."""
    return {key: [entry.id for entry in edition.entries if way(entry) == key] for key in WAYS}
