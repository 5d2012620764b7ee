"""Every answer that the gate gave about the model, as the statement that it signed, and the key to check it with."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

from audits.packs.parts import Part, lines, text
from audits.packs.subject import Subject
from governance.approvals import signing
from governance.approvals.canonical import canonical
from governance.approvals.gate import statement
from governance.approvals.models import GateVerdict
from governance.store import keys

ORDER = 80


def parts(subject: Subject) -> Iterator[Part]:
    yield from subject.rows("gate", GateVerdict)
    yield lines("gate/statements.jsonl", _statements(subject))
    raw = keys.public_raw(keys.signing_key(signing.KEY))
    yield text("gate/key.txt", base64.b64encode(raw).decode() + "\n")
    yield text("gate/key.pem", signing.public_pem())


def _statements(subject: Subject) -> Iterator[str]:
    """The signature covers the text of `statement` exactly as it stands."""
    verdicts = GateVerdict.objects.filter(model=subject.model).order_by("id")
    for verdict in subject.stood(verdicts):
        signed = canonical(statement(verdict, subject.model.number)).decode()
        kept = {"id": str(verdict.pk), "statement": signed, "signature": verdict.signature}
        yield json.dumps(kept, ensure_ascii=False, sort_keys=True)
