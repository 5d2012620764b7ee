"""A pack verifies on any computer with Python, and one changed byte, one missing or one added file is noticed."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path

from audits.packs import verify
from tests.audits.packs.conftest import verified

FLIPS = 60


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def sealed_again(folder: Path) -> None:
    """What somebody would do who changes a pack on purpose: the lists fit the files once more."""
    for name, ours in (
        (verify.PAYLOAD, lambda path: path.startswith("data/")),
        (verify.TAGS, lambda path: not path.startswith("data/") and path != verify.TAGS),
    ):
        paths = sorted(p.relative_to(folder).as_posix() for p in files(folder))
        written = [
            f"{hashlib.sha256((folder / p).read_bytes()).hexdigest()}  {p}\n" for p in paths if ours(p)
        ]
        (folder / name).write_text("".join(written))


def changed(path: Path, change: Callable[[list[dict]], list[dict]]) -> None:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in change(rows)))


def test_an_unpacked_pack_verifies_with_nothing_but_python(folder: Path):
    ran = verified(folder)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "ALL RIGHT" in ran.stdout
    assert "WRONG" not in ran.stdout


def test_one_flipped_bit_in_any_file_fails(folder: Path, capsys):
    chance = random.Random(20261122)
    all_of_them = [path for path in files(folder) if path.stat().st_size]
    for path in [*all_of_them, *chance.choices(all_of_them, k=FLIPS)]:
        before = path.read_bytes()
        at = chance.randrange(len(before))
        path.write_bytes(before[:at] + bytes([before[at] ^ 1 << chance.randrange(8)]) + before[at + 1 :])
        assert verify.main(folder) == 1, (path, at)
        path.write_bytes(before)
    assert verify.main(folder) == 0


def test_a_flipped_byte_is_told_in_plain_words(folder: Path):
    path = folder / "data" / "gaps.md"
    path.write_bytes(b"X" + path.read_bytes()[1:])

    ran = verified(folder)

    assert ran.returncode == 1
    assert "data/gaps.md was changed" in ran.stdout
    assert "NOT ALL RIGHT" in ran.stdout


def test_a_missing_an_added_and_a_linked_file_fail(folder: Path, capsys):
    path = folder / "data" / "people.json"
    content = path.read_bytes()
    path.unlink()
    assert verify.main(folder) == 1
    assert "people.json is missing" in capsys.readouterr().out

    path.symlink_to("/etc/hostname")
    assert verify.main(folder) == 1
    assert "is a link" in capsys.readouterr().out

    path.unlink()
    path.write_bytes(content)
    (folder / "data" / "more.json").write_text("{}")
    assert verify.main(folder) == 1
    assert "data/more.json was added" in capsys.readouterr().out


def test_a_changed_answer_differs_from_the_ledger_even_when_the_lists_are_written_again(folder: Path, capsys):
    changed(
        folder / "data" / "record" / "governance_aimodel.jsonl",
        lambda rows: [{**row, "personal_data": not row["personal_data"]} for row in rows],
    )
    sealed_again(folder)

    assert verify.main(folder) == 1
    assert "personal_data of governance_aimodel" in capsys.readouterr().out


def test_a_run_that_is_left_out_is_visible_even_when_the_lists_are_written_again(folder: Path, capsys):
    changed(folder / "data" / "checks" / "monitoring_run.jsonl", lambda rows: [])
    sealed_again(folder)

    assert verify.main(folder) == 1
    assert "was left out of the pack" in capsys.readouterr().out


def test_a_run_that_is_left_out_of_the_ledger_as_well_breaks_nothing_silently(folder: Path, capsys):
    """Without its entry the row is unknown; with the entry changed, neither commitment nor proof holds."""
    entries = folder / "data" / "ledger" / "entries.jsonl"
    changed(entries, lambda rows: [row for row in rows if '"monitoring_run"' not in row["entry"]])
    sealed_again(folder)
    assert verify.main(folder) == 1
    told = capsys.readouterr().out
    assert "the ledger does not know it" in told
    assert "are not under its signed head" in told


def test_a_rewritten_history_does_not_fit_its_commitment(folder: Path, capsys):
    entries = folder / "data" / "ledger" / "entries.jsonl"
    changed(
        entries,
        lambda rows: [{**row, "content": row["content"].replace("Mortgage", "Montgage")} for row in rows],
    )
    sealed_again(folder)

    assert verify.main(folder) == 1
    assert "its commitment does not hold" in capsys.readouterr().out


def test_the_digests_it_says_are_those_of_the_report_and_of_the_register(of_everything, capsys):
    pack, folder = of_everything
    assert verify.main(folder) == 0

    told = capsys.readouterr().out
    assert pack.seal in told
    assert hashlib.sha256((folder / verify.PAYLOAD).read_bytes()).hexdigest() in told


def test_no_row_of_data_and_no_address_of_a_person_is_in_a_pack(folder: Path):
    everything = b"".join(path.read_bytes() for path in files(folder / "data"))
    assert b"owner@bank.example" not in everything
    assert b"income,approved,race,score" not in everything
