"""A file is written whole or not at all, and verified each time it is read."""

from __future__ import annotations

import errno
import hashlib
import io
import uuid

import pytest

from governance import store
from governance.errors import TooLarge

BANK, BROKER = uuid.uuid4(), uuid.uuid4()


def left_behind(home):
    return [path for path in (home / "store").rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", [b"", b"one", b"x" * 3_000_000])
def test_what_is_stored_is_known_by_its_digest(home, content):
    stored = store.put(BANK, io.BytesIO(content))
    assert stored == store.Stored(hashlib.sha256(content).hexdigest(), len(content))
    assert store.read(BANK, stored.sha256) == content == store.path(BANK, stored.sha256).read_bytes()


def test_the_same_content_is_stored_once(home):
    assert store.put(BANK, b"same") == store.put(BANK, b"same")
    assert len(left_behind(home)) == 1


def test_another_organisation_has_nothing_of_it(home):
    stored = store.put(BANK, b"secret")
    with pytest.raises(store.Damaged):
        store.read(BROKER, stored.sha256)


def test_one_flipped_byte_is_found(home):
    stored = store.put(BANK, b"content")
    store.path(BANK, stored.sha256).write_bytes(b"conten!")
    with pytest.raises(store.Damaged):
        store.read(BANK, stored.sha256)
    with pytest.raises(store.Damaged):
        store.path(BANK, stored.sha256)


def test_what_is_larger_than_the_limit_leaves_nothing(home):
    with pytest.raises(TooLarge):
        store.put(BANK, b"x" * 101, limit=100)
    assert left_behind(home) == []


class FullDisk(io.RawIOBase):
    """A source whose second piece cannot be written any more."""

    pieces = 0

    def seek(self, *args):
        return 0

    def read(self, size=-1):
        self.pieces += 1
        if self.pieces > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return b"x" * 1000


def test_a_full_disk_leaves_nothing(home):
    with pytest.raises(OSError, match="No space left"):
        store.put(BANK, FullDisk())
    assert left_behind(home) == []


@pytest.mark.parametrize("odd", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_what_is_no_digest_is_no_path(home, odd):
    with pytest.raises(store.Damaged):
        store.path(BANK, odd)


def test_files_are_private(home):
    stored = store.put(BANK, b"content")
    assert store.path(BANK, stored.sha256).stat().st_mode & 0o077 == 0
