"""`senim count` as one file that runs wherever Python and DuckDB are, for a firm that does not install the whole product."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
FILE_NAME = "senim-count.pyz"
COUNTING = (
    *("__init__", "__main__", "answers", "asking", "crossing", "documents", "making", "naming"),
    *("plans", "refusing", "roles", "shares", "signing", "sources", "suppressing", "telling", "twice"),
)
ENGINES = (
    *("__init__", "counts", "direction", "drift_statistics", "refusals", "roles", "scoring", "spilling"),
    "windows",
    *("counted/__init__", "counted/dialects", "counted/engine"),
)
SHIELDING = ("__init__", "headers", "looks", "values")
PARTS = (
    "monitoring/__init__.py",
    *(f"monitoring/counting/{name}.py" for name in COUNTING),
    *(f"monitoring/engines/{name}.py" for name in ENGINES),
    *(f"monitoring/shielding/{name}.py" for name in SHIELDING),
)
"""All that the command imports. A test runs the file where nothing else of the product can be found."""
BEGINNING = "import sys\n\nfrom monitoring.counting.__main__ import main\n\nsys.exit(main())\n"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can say: the same program is the same bytes."""


@cache
def program() -> bytes:
    """A zip that Python runs: `python senim-count.pyz count …`. The modules in it are those that run here."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, content in {
            "__main__.py": BEGINNING,
            **{part: (HOME / part).read_text() for part in PARTS},
        }.items():
            packed.writestr(zipfile.ZipInfo(part, EPOCH), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()
