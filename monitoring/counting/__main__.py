"""`senim count`: counts a file at the firm by the plan of counts. Needs DuckDB alone (to sign also cryptography), and no network.

senim count applications.parquet --plan plan-of-counts.json --out counts.json
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.counting import plans
from monitoring.counting.documents import SIGNED, canonical
from monitoring.counting.making import CannotCount, document

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

REFUSED = 2


def main(words: Sequence[str] | None = None) -> int:
    """0 when the document is written; 2, and nothing written, when the file or the plan does not fit."""
    asked = _asked(words)
    try:
        plan = _plan(asked.plan)
        if not asked.file.is_file():
            raise CannotCount(f"There is no file {asked.file}.")
        key = _key(asked.key) if asked.key else None
        made = document(asked.file, plan)
    except CannotCount as refusal:
        sys.stderr.write(f"Nothing was written. {refusal}\n")
        return REFUSED
    content = canonical(signed(made, key) if key else made)
    sys.stdout.write("\n".join(told(made, plan)) + "\n")
    if asked.dry:
        return 0
    asked.out.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    sys.stdout.write(f"Written: {asked.out}, {len(content)} bytes, SHA-256 {digest}. Nothing was sent.\n")
    return 0


def signed(made: Mapping[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
    """The document in its envelope."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {
        "format": SIGNED,
        "document": dict(made),
        "key": hashlib.sha256(public).hexdigest()[:16],
        "signature": base64.b64encode(key.sign(canonical(made))).decode(),
    }


def _key(path: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise CannotCount(f"{path} is no private Ed25519 key in PEM without a password.")
    return key


def told(made: Mapping[str, Any], plan: Mapping[str, Any]) -> list[str]:
    """What the document holds and what it does not, in plain words."""
    cells = [n for each in made["columns"] for n in (*each["counts"], each["missing"])]
    lines = [
        f"Counted: {made['rows']} rows of a file with SHA-256 {made['file']['sha256']}.",
        f"In the document: counts of {len(made['columns'])} columns in {len(cells)} cells, and where it gives no hidden count "
        "away the mean, the spread and the tenth lowest and tenth highest value.",
        f"Hidden: {cells.count(None)} cells, because fewer than {made['smallest']} people stand in them or could be computed.",
    ]
    for each in made["sensitive"]:
        hidden = ["?" if g["group"] is None else g["group"] for g in each["groups"] if g["counts"] is None]
        words = f"hidden: {', '.join(hidden)}" if hidden else "none hidden"
        lines.append(f"Groups of {each['name']}: {len(each['groups'])}, {words}.")
    if not plan["is_cut"]:
        lines.append(
            "The plan has no cells yet: they were cut from this file. Hand the document in as the reference."
        )
    return [*lines, "No row, no identifier and no single value of a person is in the document."]


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="senim", description="Counts at home, instead of handing in rows.")
    count = parser.add_subparsers(required=True).add_parser(
        "count", help="count one file by a plan of counts"
    )
    count.add_argument("file", type=Path, help="Parquet or CSV")
    count.add_argument(
        "--plan", type=Path, required=True, help="plan-of-counts.json, from the page of the data"
    )
    count.add_argument("--out", type=Path, default=Path("counts.json"), help="the document to write")
    count.add_argument(
        "--key", type=Path, help="private Ed25519 key in PEM, which signs the document (needs cryptography)"
    )
    count.add_argument("--dry", action="store_true", help="only say what would be written")
    return parser.parse_args(words)


def _plan(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise CannotCount(f"{path} cannot be read as JSON.") from None
    if not isinstance(found, dict) or (found.get("format"), found.get("version")) != (
        plans.FORMAT,
        plans.VERSION,
    ):
        raise CannotCount(f"{path} is no plan of counts of version {plans.VERSION}.")
    return found


if __name__ == "__main__":
    sys.exit(main())
