#!/usr/bin/env python3
"""Checks this evidence pack with nothing but Python 3.9 or later: no network, no Senim, no other package.

    python verify.py [folder]
    python verify.py receipt.json [the file that was handed in]

Exit code 0: everything that can be checked here holds. 1: something does not; it is said in plain words.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

PAYLOAD, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
CANNOT = """What nobody can check from inside a pack:
 - that the digest of the pack is the one that the register keeps: compare it yourself, with the page of the pack;
 - that the two public keys are those of the register: compare them with keys that you got another way;
 - that no entry of this model is missing from the ledger: ask for the next pack, whose head must continue this one;
 - what is true outside the register, and whether the law is kept. Nothing here is a legal opinion."""


class Pack:
    """The unpacked folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "data"
        self.wrong: list[str] = []
        self.notes: list[str] = []

    def value(self, path: str) -> Any:
        return json.loads((self.data / path).read_bytes())

    def lines(self, path: str) -> Iterator[Any]:
        with (self.data / path).open("rb") as file:
            for line in file:
                yield json.loads(line)

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        path = self.value("pack.json")["tables"].get(table)
        return self.lines(path) if path else iter(())

    def expect(self, holds: bool, otherwise: str) -> int:
        if not holds:
            self.wrong.append(otherwise)
        return 1


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def digest_of(place: Path) -> str:
    digest = hashlib.sha256()
    with place.open("rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            digest.update(chunk)
    return digest.hexdigest()


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def check_lists(pack: Pack) -> str:
    """Both lists against the folder and the folder against both lists."""
    found: dict[str, dict[str, str]] = {PAYLOAD: {}, TAGS: {}}
    for place in sorted(pack.folder.rglob("*")):
        path = place.relative_to(pack.folder).as_posix()
        if place.is_symlink():
            pack.wrong.append(f"{path} is a link to another place")
        elif place.is_file() and path != TAGS:
            found[PAYLOAD if path.startswith("data/") else TAGS][path] = digest_of(place)
    for name, there in found.items():
        place = pack.folder / name
        content = place.read_bytes() if place.is_file() else b""
        rows = [line.split("  ", 1) for line in content.decode("utf-8", "replace").splitlines()]
        named = {row[1]: row[0] for row in rows if len(row) == 2}
        for path in sorted(named.keys() - there.keys()):
            pack.wrong.append(f"{path} is missing")
        for path in sorted(there.keys() - named.keys()):
            pack.wrong.append(f"{path} was added: {name} does not name it")
        for path in sorted(there.keys() & named.keys()):
            pack.expect(
                there[path] == named[path], f"{path} was changed: its digest is not the one in {name}"
            )
        written = "".join(f"{there[path]}  {path}\n" for path in sorted(there)).encode()
        pack.expect(content == written, f"{name} is not written as it was made")
    return f"{len(found[PAYLOAD])} files of evidence and {len(found[TAGS])} beside them have the digests on the lists"


def check_documents(pack: Pack) -> str:
    files, left_out, n = pack.value("documents/files.json"), missing(pack), 0
    for row in pack.rows("governance_revision"):
        path = files[row["id"]]
        if path not in left_out:
            n += pack.expect(
                digest_of(pack.data / path) == row["sha256"], f"data/{path} is not the file on record"
            )
    return f"{n} files of documents are those on record"


def check_versions(pack: Pack) -> str:
    n = 0
    for row in pack.rows("governance_modelversion"):
        content = (pack.data / f"versions/{row['digest']}.json").read_bytes()
        said = json.loads(content)
        same = all(
            row[key] == said[key] for key in ("label", "artefact_sha256", "features", "decision_threshold")
        )
        n += pack.expect(
            sha256(content) == row["digest"] and same, f"version {row['label']} differs from its digest"
        )
    return f"{n} versions have the content that their digests cover"


def check_results(pack: Pack) -> str:
    runs = {row["id"]: row for row in pack.rows("monitoring_run")}
    left_out, by_run, n = missing(pack), {}, 0
    for row in pack.rows("monitoring_result"):
        path, by_run[row["run_id"]] = f"checks/results/{row['sha256']}.json", row["sha256"]
        pack.expect(row["run_id"] in runs, f"result {row['id']} has no run")
        if row["sha256"] and path not in left_out:
            n += pack.expect(
                digest_of(pack.data / path) == row["sha256"], f"data/{path} is not the result on record"
            )
    for row in pack.rows("monitoring_run"):
        answered = row["status"] != "done" or row["id"] in by_run
        pack.expect(answered, f"run {row['id']} is done and has no result")
    revisions = {row["id"]: row["sha256"] for row in pack.rows("governance_revision")}
    for row in pack.rows("governance_evidence"):
        known = (
            by_run if row["source"].startswith("plan:") else revisions if row["source"] == "document" else {}
        )
        stands = known.get(row["source_id"], row["digest"]) == row["digest"]
        pack.expect(stands, f"evidence {row['kind']} names another digest than what it rests on")
    return f"{n} results of {len(runs)} runs are as they were stored, and the evidence names them"


def check_decisions(pack: Pack) -> str:
    digests, n = {}, 0
    for row in pack.rows("governance_approvalrequest"):
        content = (pack.data / f"decisions/manifests/{row['manifest_sha256']}.json").read_bytes()
        same = sha256(content) == row["manifest_sha256"] and json.loads(content) == row["manifest"]
        pack.expect(same, f"what was put before the committee in request {row['id']} differs from its digest")
        digests[row["id"]] = row["manifest_sha256"]
    for table in ("governance_vote", "governance_decision"):
        for row in pack.rows(table):
            same = digests.get(row["request_id"]) == row["manifest_sha256"]
            n += pack.expect(same, f"{table[11:]} {row['id']} is about another content than its request")
    return f"{n} votes and decisions are about exactly the content of their {len(digests)} requests"


def check_gate(pack: Pack) -> str:
    key, n = base64.b64decode((pack.data / "gate/key.txt").read_text()), 0
    rows = {row["id"]: row for row in pack.rows("governance_gateverdict")}
    for kept in pack.lines("gate/statements.jsonl"):
        said, row = json.loads(kept["statement"]), rows.pop(kept["id"])
        same = all(
            said[name] == row[name] for name in ("answer", "environment", "artefact_sha256", "reasons")
        )
        signed = ed25519(key, kept["statement"].encode(), base64.b64decode(kept["signature"]))
        n += pack.expect(same and signed, f"the gate did not sign answer {kept['id']} as it stands here")
    pack.expect(not rows, f"{len(rows)} answers of the gate have no statement")
    return f"{n} answers of the gate bear a valid signature"


def check_ledger(pack: Pack) -> str:
    leaves: dict[int, bytes] = {}
    n = unplaced = erased = 0
    for kept in pack.lines("ledger/entries.jsonl"):
        n += 1
        if "content" in kept:
            covered = bytes.fromhex(kept["salt"]) + kept["content"].encode()
            same = sha256(covered) == json.loads(kept["entry"])[-1]
            pack.expect(same, f"entry {n} of the ledger was changed: its commitment does not hold")
        else:
            erased += 1
        if kept["position"] is None:
            unplaced += 1
        else:
            leaves[kept["position"]] = hashlib.sha256(b"\x00" + kept["entry"].encode()).digest()
    if erased:
        pack.notes.append(
            f"{erased} entries of the ledger were erased by law or order; that they stood there is proved."
        )
    if unplaced:
        pack.notes.append(
            f"{unplaced} entries are younger than the last signed head and wait for the next one."
        )
    if leaves:
        check_head(pack, leaves)
    return f"{n} entries of the ledger have the content that they commit to; {len(leaves)} are under the signed head"


def check_head(pack: Pack, leaves: dict[int, bytes]) -> None:
    note, verifier = ((pack.data / f"ledger/{name}.txt").read_text("utf-8") for name in ("checkpoint", "key"))
    nodes = pack.value("ledger/proof.json")["nodes"]
    organisation = pack.value("pack.json")["organisation"]["id"]
    check_note(pack, note, verifier, organisation, leaves, nodes)


def check_note(
    pack: Any, note: str, verifier: str, organisation: str, leaves: dict[int, bytes], nodes: dict[str, str]
) -> None:
    body, _, signature = note.partition("\n\n")
    origin, size, root = body.splitlines()[:3]
    name, key_hash, key = verifier.strip().split("+", 2)
    signed = base64.b64decode(signature.strip().rpartition(" ")[2])
    valid = signed[:4].hex() == key_hash and ed25519(
        base64.b64decode(key)[1:], (body + "\n").encode(), signed[4:]
    )
    pack.expect(valid, "the head of the ledger does not bear a valid signature")
    pack.expect(origin == f"{name}/{organisation}", "the head of the ledger is of another organisation")
    there = {tuple(map(int, k.split(":"))): bytes.fromhex(v) for k, v in nodes.items()}
    computed = head_of(int(size), leaves, there)
    pack.expect(computed == base64.b64decode(root), "the entries of the ledger are not under its signed head")


def head_of(size: int, known: dict[int, bytes], nodes: dict[Any, bytes]) -> bytes:
    """The head of a Merkle tree of RFC 6962 from some leaves and the hashes that they lack."""
    level, width = 0, size
    while width > 1:
        above: dict[int, bytes] = {}
        for at, value in known.items():
            beside = known.get(at ^ 1, nodes.get((level, at ^ 1), b"")) if at ^ 1 < width else None
            left, right = (beside, value) if at & 1 else (value, beside)
            above[at >> 1] = (
                value if beside is None else hashlib.sha256(b"\x01" + (left or b"") + (right or b"")).digest()
            )
        known, level, width = above, level + 1, (width + 1) // 2
    return known.get(0, b"")


def check_history(pack: Pack) -> str:
    """Every row of the pack follows from the ledger, step by step, and no row that the ledger knows was left out."""
    facts = pack.value("pack.json")
    state: dict[tuple[str, str], Any] = {}
    for kept in pack.lines("ledger/entries.jsonl"):
        entry = json.loads(kept["entry"])
        key, operation = (entry[8], entry[9]), entry[11]
        if operation == "D":
            state[key] = "deleted"
        elif "content" not in kept or state.get(key) == "erased":
            state[key] = "erased"
        elif operation == "I":
            state[key] = json.loads(kept["content"])["changes"]
        else:
            for column, (before, after) in json.loads(kept["content"])["changes"].items():
                row = state.setdefault(key, {})
                pack.expect(
                    row.get(column, before) == before,
                    f"the history of {column} in {key[0]} {key[1]} has a hole",
                )
                row[column] = after
    n = 0
    for table in facts["tables"]:
        churning = facts["churning"][table]
        for row in pack.rows(table):
            n += 1
            told = state.pop((table, row["id"]), None)
            if told is None or told == "deleted":
                pack.wrong.append(f"{table} {row['id']} is in the pack, but the ledger does not know it")
            elif told != "erased":
                for column in sorted(row.keys() & told.keys() - set(churning)):
                    same = told[column] in (row[column], "(withheld)")
                    pack.expect(same, f"{column} of {table} {row['id']} differs from the ledger")
    for (table, row_id), told in state.items():
        pack.expect(told == "deleted", f"{table} {row_id} stands in the ledger and was left out of the pack")
    return f"{n} rows follow from the ledger change by change, and none that it knows is left out"


def missing(pack: Pack) -> list[str]:
    return [each["path"] for each in pack.value("pack.json")["left_out"]]


def check_left_out(pack: Pack) -> str:
    for path in missing(pack):
        pack.notes.append(f"data/{path} was damaged or missing in the register when the pack was made.")
    return f"{len(missing(pack))} files are named as left out"


# Ed25519 as in RFC 8032, section 6: slow, and short enough to be read.
P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def recover(y: int, sign: int) -> int:
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT % P
    if (x * x - square) % P or y >= P:
        raise ValueError("no point of the curve")
    return x if x & 1 == sign else P - x


def plus(a: Point, b: Point) -> Point:
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while n:
        total = plus(total, point) if n & 1 else total
        point, n = plus(point, point), n >> 1
    return total


def unpacked(packed: bytes) -> Point:
    whole = int.from_bytes(packed, "little")
    y, sign = whole & ((1 << 255) - 1), whole >> 255
    x = recover(y, sign)
    return x, y, 1, x * y % P


BY = 4 * pow(5, P - 2, P) % P
BASE: Point = (recover(BY, 0), BY, 1, recover(BY, 0) * BY % P)


def ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    s = int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    a, b = times(s, BASE), plus(unpacked(signature[:32]), times(h, unpacked(key)))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


CHECKS: list[Callable[[Pack], str]] = [
    check_left_out,
    check_documents,
    check_versions,
    check_results,
    check_decisions,
    check_gate,
    check_ledger,
    check_history,
]


class Receipt(Pack):
    """The receipt of one data period, and the file that it is about where that is at hand."""

    def __init__(self, place: Path, handed_in: Path | None) -> None:
        super().__init__(place.parent)
        self.said, self.handed_in = json.loads(place.read_bytes()), handed_in
        if not isinstance(self.said, dict):
            raise ValueError("it is no object")


def check_entries(receipt: Any) -> str:
    said, leaves = receipt.said, {}
    for kept in said["entries"]:
        covered = bytes.fromhex(kept["salt"]) + kept["content"].encode()
        receipt.expect(
            sha256(covered) == json.loads(kept["entry"])[-1],
            "an entry of the ledger was changed: its commitment does not hold",
        )
        leaves[kept["position"]] = hashlib.sha256(b"\x00" + kept["entry"].encode()).digest()
    check_note(receipt, said["checkpoint"], said["key"], said["organisation"], leaves, said["nodes"])
    return f"{len(leaves)} entries of the ledger are under its signed head"


def check_facts(receipt: Any) -> str:
    """What the receipt says to people is what its first entry commits to."""
    said, first = receipt.said, receipt.said["entries"][0]
    entry, row = json.loads(first["entry"]), json.loads(first["content"])["changes"]
    same = entry[2] == said["organisation"] and entry[9] == said["window"] == row["id"] and entry[11] == "I"
    receipt.expect(same and entry[8] == "monitoring_window", "the entry is about another data period")
    for name, value in said["facts"].items():
        receipt.expect(row.get(name) == value, f"{name} differs from the ledger")
    at, by = entry[3], entry[5]
    return f"{row['rows']} rows were taken in at {at} from {by}, entry {first['position']} of the ledger"


def check_handed_in(receipt: Any) -> str:
    if receipt.handed_in is None:
        receipt.notes.append("name the file that was handed in as well, and its digest is compared, too.")
        return f"the data period has the digest {receipt.said['facts']['sha256']}"
    facts, found = receipt.said["facts"], digest_of(receipt.handed_in)
    receipt.expect(
        found in (facts["source_sha256"], facts["sha256"]), "the file is not the one that was handed in"
    )
    return f"{receipt.handed_in.name} is the file of this receipt"


def check_receipt(place: Path, handed_in: Path | None) -> int:
    try:
        receipt = Receipt(place, handed_in)
    except (OSError, ValueError) as error:
        print(f"WRONG  this is no receipt ({error})\n\nNOT ALL RIGHT: do not rely on it.")
        return 1
    for check in (check_entries, check_facts, check_handed_in):
        say(receipt, check)
    for note in receipt.notes:
        print(f"note   {note}")
    print(f"note   compare the public key with one that you got another way: {receipt.said.get('key')}")
    print("\nNOT ALL RIGHT: do not rely on it." if receipt.wrong else "\nALL RIGHT: the receipt holds.")
    return 1 if receipt.wrong else 0


def main(folder: Path) -> int:
    pack = Pack(folder)
    say(pack, check_lists)
    if not pack.wrong:  # the rest would only stumble over what was just said
        for check in CHECKS:
            say(pack, check)
    for note in pack.notes:
        print(f"note   {note}")
    if not pack.wrong:
        facts = pack.value("pack.json")
        print(f"\nModel {facts['model']['number']}, as it stood at {facts['as_of']}")
        print(f"Digest of the evidence (on the first page of the report): {digest_of(folder / PAYLOAD)}")
        print(f"Digest of the pack (on its page in the register):         {digest_of(folder / TAGS)}\n")
        print(CANNOT)
    print(
        "\nALL RIGHT: the pack is whole and agrees with itself."
        if not pack.wrong
        else "\nNOT ALL RIGHT: do not rely on this pack."
    )
    return 1 if pack.wrong else 0


def say(pack: Pack, check: Callable[[Pack], str]) -> None:
    before = len(pack.wrong)
    try:
        found = check(pack)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        pack.wrong.append(
            f"{check.__name__.replace('_', ' ')}: the files cannot be read as they should ({error})"
        )
        found = ""
    for each in pack.wrong[before:]:
        print(f"WRONG  {each}")
    if len(pack.wrong) == before:
        print(f"ok     {found}")


if __name__ == "__main__":
    named = [Path(each) for each in sys.argv[1:]]
    if named and named[0].is_file():
        sys.exit(check_receipt(named[0], named[1] if len(named) > 1 else None))
    sys.exit(main(named[0] if named else Path(__file__).resolve().parent))
