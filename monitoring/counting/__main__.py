"""`senim count`: counts at the firm by the plan of counts. Needs DuckDB alone (to sign also cryptography), and no network.

senim count applications.parquet --plan plan-of-counts.json --out counts.json
senim count --plan plan-of-counts.json --print-sql postgresql --table scoring.applications > question.sql
senim count --plan plan-of-counts.json --from-result answer.csv --out counts.json
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from monitoring.counting import making, plans
from monitoring.counting.documents import canonical
from monitoring.counting.refusing import CannotCount
from monitoring.counting.shares import stated
from monitoring.counting.signing import key_of, signed
from monitoring.counting.sources import source_of
from monitoring.counting.telling import told
from monitoring.engines.counted.dialects import DIALECTS

REFUSED = 2


def main(words: Sequence[str] | None = None) -> int:
    """0 when it is done; 2, and nothing written, when files, answer or plan do not fit."""
    asked = _asked(words)
    try:
        plan = _plan(asked.plan)
        if asked.print_sql:
            return _printed(making.question(asked.print_sql, asked.table or "", plan))
        if asked.cut:
            return _cut(asked, making.cut(source_of(asked.file, asked.table or ""), plan))
        key = key_of(asked.key) if asked.key else None
        made = _made(asked, plan)
    except CannotCount as refusal:
        sys.stderr.write(f"Nothing was written. {refusal}\n")
        return REFUSED
    sys.stdout.write("\n".join(told(made, plan)) + "\n")
    return 0 if asked.dry else _written(asked.out, canonical(signed(made, key) if key else made))


def _made(asked: argparse.Namespace, plan: Mapping[str, Any]) -> dict[str, Any]:
    if asked.from_result:
        made = making.of_result(asked.from_result, plan)
    else:
        made = making.document(source_of(asked.file, asked.table or ""), plan)
    return {**made, "explanation": stated(asked.shares, made)} if asked.shares else made


def _printed(statement: str) -> int:
    sys.stdout.write(statement)
    return 0


def _cut(asked: argparse.Namespace, plan: Mapping[str, Any]) -> int:
    asked.cut.write_bytes(canonical(plan))
    sys.stdout.write(f"Written: {asked.cut}, the plan with cells cut from this file. Nothing was sent.\n")
    return 0


def _written(out: Path, content: bytes) -> int:
    out.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    sys.stdout.write(f"Written: {out}, {len(content)} bytes, SHA-256 {digest}. Nothing was sent.\n")
    return 0


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="senim", description="Counts at home, instead of handing in rows.")
    count = parser.add_subparsers(required=True).add_parser("count", help="count by a plan of counts")
    count.add_argument(
        "file", nargs="*", help="Parquet or CSV, also patterns; or a DuckDB database with --table"
    )
    count.add_argument(
        "--plan", type=Path, required=True, help="plan-of-counts.json, from the page of the data"
    )
    count.add_argument(
        "--table", help="the table of the DuckDB database, or the one that the printed SQL asks"
    )
    count.add_argument(
        "--print-sql",
        choices=list(DIALECTS),
        help="print the question for your own engine, and count nothing here",
    )
    count.add_argument("--from-result", type=Path, help="what your engine answered, as CSV, JSON or Parquet")
    count.add_argument(
        "--cut", type=Path, help="write the plan with cells cut from the file, and count nothing"
    )
    count.add_argument(
        "--shares",
        type=Path,
        help="JSON with n, method and shares of attribution by feature, as you state them",
    )
    count.add_argument("--out", type=Path, default=Path("counts.json"), help="the document to write")
    count.add_argument(
        "--key", type=Path, help="private Ed25519 key in PEM, which signs the document (needs cryptography)"
    )
    count.add_argument("--dry", action="store_true", help="only say what would be written")
    asked = parser.parse_args(words)
    _require_one_way(count, asked)
    return asked


def _require_one_way(count: argparse.ArgumentParser, asked: argparse.Namespace) -> None:
    ways = [bool(asked.file), bool(asked.print_sql), bool(asked.from_result)]
    if sum(ways) != 1:
        count.error("name files, or --print-sql, or --from-result, and only one of them")
    if asked.print_sql and not asked.table:
        count.error("--print-sql needs the --table that is to be asked")
    if asked.cut and not asked.file:
        count.error("--cut needs files")


def _plan(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise CannotCount(f"{path} cannot be read as JSON.") from None
    if (
        not isinstance(found, dict)
        or found.get("format") != plans.FORMAT
        or found.get("version") not in plans.VERSIONS
    ):
        known = " or ".join(map(str, plans.VERSIONS))
        raise CannotCount(f"{path} is no plan of counts of version {known}.")
    return found


if __name__ == "__main__":
    sys.exit(main())
