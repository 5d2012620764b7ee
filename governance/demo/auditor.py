"""An auditor visits the bank, takes the evidence of its mortgage model home, checks it without Senim, and has to leave."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.utils import timezone

from governance.demo.cast import AUDIT_FIRM, BANK
from governance.demo.proofs import await_that, prove
from governance.demo.stage import Stage
from governance.demo.visitor import Visitor, found_in, words_of

PACK = re.compile(r'href="(/packs/[0-9a-f-]{36}/file/)"')
SEAL = re.compile(r"as verify\.py says it.*?data-copy=\"([0-9a-f]{64})\"", re.S)
ALL_RIGHT, NOT_ALL_RIGHT = "ALL RIGHT", "NOT ALL RIGHT"


@dataclass(frozen=True)
class Visited:
    """What is left of the visit. said: by verify.py. seconds: from the order to the download."""

    seal: str
    content: bytes
    said: str
    said_of_a_flipped_byte: str
    seconds: float


def play(stage: Stage) -> Visited:
    """All of it, in order. The mortgage story is told before."""
    model = f"/models/{stage.cast.models['mortgage']}/"
    administrator = stage.visitor(BANK.part("administrator"))
    auditor = stage.visitor(AUDIT_FIRM.part("auditor"))
    auditor.read(model, status=404)
    engagement = _opened(stage, administrator, stage.cast.models["mortgage"])
    _goes_in(stage, auditor, model)
    seal, content, seconds = _takes_the_pack(stage, auditor, model)
    said, of_a_flipped_byte = _checks_it(stage, content)
    prove(seal in said, "verify.py says the digest that the register keeps", said)
    _has_to_leave(stage, administrator, auditor, engagement, model)
    return Visited(seal, content, said, of_a_flipped_byte, seconds)


def _opened(stage: Stage, administrator: Visitor, model_id: str) -> str:
    stage.tell("The bank's administrator lets an auditor in: one model, until the end of the day")
    today = timezone.localdate().isoformat()
    return administrator.send(
        "/engagements/open/",
        {
            "firm": AUDIT_FIRM.names["en"],
            "auditors": AUDIT_FIRM.part("auditor").email,
            "purpose": "Yearly audit of the mortgage scoring under the law on AI.",
            "starts_on": today,
            "ends_on": today,
            "models": model_id,
            "language": "ru",
        },
    )


def _goes_in(stage: Stage, auditor: Visitor, model: str) -> None:
    auditor.send("/visits/", {"organisation": stage.cast.organisations[BANK.bin]}, at="/organisation/")
    auditor.read(model)
    auditor.read(f"{model}edit/what/", status=403)
    listed = words_of(auditor.read("/models/"))
    prove(
        "M-0001" in listed and "M-0002" not in listed, "the auditor sees the one model in scope", listed[:400]
    )


def _takes_the_pack(stage: Stage, auditor: Visitor, model: str) -> tuple[str, bytes, float]:
    stage.tell("The auditor orders the evidence pack and downloads it")
    began = time.monotonic()
    page = f"{model}packs/"
    auditor.send(page, {})
    await_that(lambda: PACK.search(auditor.read(page)) is not None, "the pack is ready")
    shown = auditor.read(page)
    content = auditor.client.get(found_in(shown, PACK)).content
    return found_in(shown, SEAL), content, time.monotonic() - began


def _checks_it(stage: Stage, content: bytes) -> tuple[str, str]:
    """As at home: Python alone, none of our packages, no environment."""
    with tempfile.TemporaryDirectory(prefix="auditor-") as home:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            archive.extractall(home)  # our own pack, and Python takes no path that leads outside
        [folder] = Path(home).iterdir()
        said = _verified(folder)
        prove(ALL_RIGHT in said and NOT_ALL_RIGHT not in said, "the unpacked pack verifies", said)
        path = folder / "data" / "gaps.md"
        spoiled = bytearray(path.read_bytes())
        spoiled[len(spoiled) // 2] ^= 1
        path.write_bytes(spoiled)
        of_a_flipped_byte = _verified(folder)
        prove(NOT_ALL_RIGHT in of_a_flipped_byte, "one flipped bit fails it", of_a_flipped_byte)
    stage.tell("python verify.py says ALL RIGHT, and NOT ALL RIGHT after one bit was flipped")
    return said, of_a_flipped_byte


def _verified(folder: Path) -> str:
    ran = subprocess.run(
        [sys.executable, "-I", folder / "verify.py"], capture_output=True, text=True, env={"PYTHONUTF8": "1"}
    )
    return ran.stdout + ran.stderr


def _has_to_leave(
    stage: Stage, administrator: Visitor, auditor: Visitor, engagement: str, model: str
) -> None:
    stage.tell("The audit ends early, and from that moment the auditor sees nothing")
    administrator.send(engagement, {"reason": "The report was handed over."})
    for page in (model, f"{model}packs/", f"{model}requirements/"):
        auditor.read(page, status=404)
