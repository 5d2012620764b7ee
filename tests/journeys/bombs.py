"""Files made to break whoever reads them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

MB = 1 << 20


def wide() -> bytes:
    """A CSV of 50,000 columns."""
    names = ",".join(f"c{at}" for at in range(50_000))
    return f"{names}\n{','.join(['1'] * 50_000)}\n".encode()


def one_value(of: str) -> pa.Table:
    return pa.table({"income": [1.0], "race": pa.array([of], pa.large_string())})


def parquet(table: pa.Table, **how: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, write_statistics=False, store_schema=False, **how)
    return file.getvalue()


def page_bomb(compression: str) -> bytes:
    """A page that unpacks to much more than it has."""
    return parquet(one_value("a" * (64 * MB)), compression=compression, use_dictionary=False)


def page_bomb_that_lies() -> bytes:
    """The same, with a footer that says it unpacks to 1,000 bytes."""
    content = page_bomb("zstd")
    found = pq.ParquetFile(io.BytesIO(content)).metadata.row_group(0)
    at = footer(content)
    tail = content[at:]
    for size in {found.total_byte_size, found.column(1).total_uncompressed_size}:
        wanted = zigzag(size)
        assert wanted in tail
        tail = tail.replace(wanted, zigzag(1_000, len(wanted)))
    lying = content[:at] + tail
    assert pq.ParquetFile(io.BytesIO(lying)).metadata.row_group(0).total_byte_size == 1_000
    return lying


def dictionary_bomb() -> bytes:
    """A few kilobytes, honest about their size, whose 200,000 rows share one long value: 400 GB when written out."""
    rows = 200_000
    shared = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["a" * (2 * MB)]))
    return parquet(pa.table({"income": [1.0] * rows, "race": shared}), compression="zstd")


def zigzag(number: int, length: int = 0) -> bytes:
    """As Thrift's compact protocol writes a number, padded to `length` bytes."""
    left, written = number << 1, bytearray()
    while left > 0x7F or len(written) + 1 < length:
        written.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([*written, left])


def rows_that_are_not_there() -> bytes:
    """num_rows of the file, after its field header 0x16: 1,000 becomes 1,001."""
    content = plain()
    at = content.index(b"\x16" + zigzag(1_000), footer(content))
    return content[: at + 1] + zigzag(1_001) + content[at + 3 :]


def schema_that_is_not_there() -> bytes:
    """The footer calls whole numbers of 4 bytes (type 1) fractions of 8 bytes (type 5), in both of its places."""
    content = plain()
    at = footer(content)
    tail = content[at:].replace(b"\x15\x02\x25\x02\x18\x08approved", b"\x15\x0a\x25\x02\x18\x08approved")
    tail = tail.replace(b"\x15\x02\x19\x35", b"\x15\x0a\x19\x35")
    lying = content[:at] + tail
    assert str(pq.read_schema(io.BytesIO(lying)).field("approved").type) == "double"
    return lying


def plain() -> bytes:
    columns = {
        "income": [1.0] * 1_000,
        "approved": pa.array(range(1_000), pa.int32()),
        "race": ["a"] * 1_000,
        "score": [0.5] * 1_000,
    }
    return parquet(pa.table(columns))


def footer(content: bytes) -> int:
    return len(content) - 8 - int.from_bytes(content[-8:-4], "little")


def crowded_zip(*names: str, members: int) -> bytes:
    """A zip whose list of members is longer than what it holds."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
        for at in range(members):
            archive.writestr(f"{at}.npy", b"")
    return file.getvalue()


def unpacking_zip() -> bytes:
    """A skops file whose one array says that it unpacks to 3 GB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", json.dumps({"__class__": "X", "_skops_version": "1"}))
        archive.writestr("0.npy", b"0")
    content = file.getvalue()
    at = content.rindex(b"0.npy") - 46 + 24  # the size in the list of members
    return content[:at] + (3 << 30).to_bytes(4, "little") + content[at + 4 :]


def skops_of(schema: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", schema)
    return file.getvalue()
