"""From the record of a model to the bytes of its pack. Reads everything and changes nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings

from audits.packs import gaps, reading
from audits.packs.bag import Bag
from audits.packs.gathered import Gathered, gather
from audits.packs.parts import Part, Stored, as_json, chunks_of, text
from audits.packs.report import reports
from audits.packs.sections import parts
from audits.packs.subject import Subject
from governance import store
from governance.inventory.models import AIModel
from governance.inventory.past import Then, as_they_stood
from governance.people.asked_day import AsOf
from governance.store import Damaged

FORMAT = "senim.pack/1"
VERIFIER = Path(__file__).with_name("verify.py")
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


@dataclass(frozen=True)
class Made:
    """seal: digest over the list of all files. evidence: digest over the list of the evidence alone."""

    place: Path
    seal: str
    evidence: str


@contextmanager
def making(model: AIModel, as_of: datetime, day: AsOf | None = None) -> Iterator[Made]:
    """The pack of a model as a file that is gone after the block. Call it inside one snapshot of the database.

    day: the past day whose end is asked for; `as_of` is then its last instant.
    """
    folder = Path(settings.SENIM_HOME) / "tmp"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="pack-", dir=folder) as work:
        place = Path(work) / "pack.zip"
        yield _made(_subject(model, as_of, day), place)


def _subject(model: AIModel, as_of: datetime, day: AsOf | None) -> Subject:
    """Of a past day: the model as the ledger recorded it by then."""
    [then] = as_they_stood([model], day) if day else [Then(model, is_known=True)]
    return Subject(then.model, as_of, day)


def name_of(model: AIModel, as_of: datetime) -> str:
    """The folder into which a pack unpacks, and the name of its file."""
    return f"senim-{model.number}-{as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _made(subject: Subject, place: Path) -> Made:
    with Bag(place, name_of(subject.model, subject.as_of), subject.as_of) as bag:
        for part in parts(subject):
            _add(bag, subject, part)
        gathered = gather(subject)
        for part in _closing(subject, gathered):
            _add(bag, subject, part)
        evidence = bag.list_payload()
        bag.tag("bagit.txt", BAGIT)
        bag.tag("bag-info.txt", _bag_info(subject, bag))
        bag.tag("verify.py", VERIFIER.read_bytes())
        bag.tag("README.md", reading.readme(subject).encode())
        for language, document in reports(gathered, evidence, place.parent):
            bag.tag(f"report.{language}.pdf", document)
        return Made(place, bag.seal(), evidence)


def _add(bag: Bag, subject: Subject, part: Part) -> None:
    """A file that the store has no more is left out and named, so that the rest of the evidence can be handed over."""
    if not isinstance(part, Stored):
        bag.add(part.path, part.chunks)
        return
    try:
        place = store.path(subject.model.organisation_id, part.sha256)
    except Damaged:
        subject.left_out.append({"path": part.path, "sha256": part.sha256})
        return
    bag.add(part.path, chunks_of(place))


def _closing(subject: Subject, gathered: Gathered) -> Iterator[Part]:
    """What can be said only after everything else was read."""
    yield as_json("people.json", subject.names())
    yield text("gaps.md", gaps.written(gathered))
    organisation = subject.model.organisation
    yield as_json(
        "pack.json",
        {
            "format": FORMAT,
            "as_of": subject.as_of.astimezone(UTC).isoformat(),
            "past_day": str(subject.day) if subject.day else None,
            "senim": _version(),
            "organisation": {
                "id": str(organisation.pk),
                "bin": organisation.bin,
                "name": {"kk": organisation.name_kk, "ru": organisation.name_ru, "en": organisation.name_en},
            },
            "model": {
                "id": str(subject.model.pk),
                "number": subject.model.number,
                "name": subject.model.name,
                "revision": None if subject.day else subject.model.revision,
            },
            "tables": subject.tables,
            "counts": subject.counts,
            "churning": subject.churning,
            "left_out": subject.left_out,
        },
    )


def _bag_info(subject: Subject, bag: Bag) -> bytes:
    info = {
        "Source-Organization": subject.model.organisation.name_en,
        "External-Identifier": f"{subject.model.organisation.bin}/{subject.model.number}",
        "External-Description": _description(subject),
        "Bagging-Date": f"{subject.as_of.astimezone(UTC):%Y-%m-%d}",
        "Bag-Software-Agent": f"Senim {_version()}",
        "Payload-Oxum": f"{bag.octets}.{len(bag.payload)}",
    }
    return "".join(f"{key}: {' '.join(value.split())}\n" for key, value in info.items()).encode()


def _description(subject: Subject) -> str:
    of_day = f" as it stood at the end of {subject.day}" if subject.day else ""
    return f"Evidence pack of an AI model{of_day}, made by Senim"


def _version() -> str:
    try:
        return version("senim")
    except PackageNotFoundError:
        return "0.1.0"
