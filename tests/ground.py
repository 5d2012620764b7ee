"""Where the tests stand, said before Django reads its settings: a home of their own, embedded servers that need not survive."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]

os.environ.setdefault("SENIM_HOME", str(CHECKOUT / "var" / "test"))
os.environ.setdefault("SENIM_DURABLE", "no")
os.environ["DO_NOT_TRACK"] = "1"
# As in the checks worker: an OpenMP pool that has worked in a process does not survive the fork of the child that measures.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
