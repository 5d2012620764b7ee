"""What the answers over the rows of one data period rested on, in so few figures that they are kept instead of made again."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from monitoring.counting.documents import canonical
from monitoring.engines.intervals import Estimate
from monitoring.engines.versions import versions

if TYPE_CHECKING:
    import numpy as np

EDITION = 1
"""Of the figures: made in another way, they are others."""
SAMPLE, REPLICATES = 2_000, 200
LIBRARIES = ("shap", "xgboost", "lightgbm", "numpy", "scipy", "scikit-learn")
MOST_FEATURES = 500
"""Of so many the replicates take a fifth part of the 5 MB that may come out of the sandbox; of more they are made each time."""
FIGURE = struct.Struct("<d")


@dataclass(frozen=True)
class Attributed:
    """means: |SHAP| by feature. drawn: the same of each bootstrap replicate, shape (replicates, features). rows: explained."""

    means: np.ndarray
    drawn: np.ndarray
    rows: int

    @classmethod
    def of(cls, absolute: np.ndarray, replicates: int, seed: int) -> Self:
        """absolute: |SHAP| of each row, shape (rows, features)."""
        import numpy as np

        n = len(absolute)
        weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=replicates)
        return cls(absolute.mean(axis=0), weights @ absolute / n, n)

    @classmethod
    def read(cls, path: Path) -> Self:
        import numpy as np

        found = json.loads(path.read_text())
        whole = np.frombuffer(base64.b64decode(found["figures"]), "<f8").reshape(1 + REPLICATES, -1)
        return cls(whole[0], whole[1:], found["rows"])

    def share_of(self, chosen: np.ndarray) -> Estimate:
        """Share of all attribution that rests on the chosen features; exactly 0 when there are none. chosen: bool, by feature."""
        import numpy as np

        if not chosen.any():
            return Estimate(0.0, 0.0, 0.0, self.rows)
        means = np.vstack([self.means, self.drawn])
        whole = means.sum(axis=1)
        shares = np.divide(means[:, chosen].sum(axis=1), whole, out=np.zeros_like(whole), where=whole > 0)
        low, high = np.quantile(shares[1:], [0.025, 0.975])
        return Estimate(float(shares[0]), float(low), float(high), self.rows)

    @property
    def is_finite(self) -> bool:
        import numpy as np

        return bool(np.isfinite(self.drawn).all() and np.isfinite(self.means).all())

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, to the last bit: as numbers they would be rounded as those of a result are."""
        import numpy as np

        whole = np.vstack([self.means, self.drawn]).astype("<f8")
        return {"figures": base64.b64encode(whole.tobytes()).decode(), "rows": self.rows}


def flaw_of(figures: object, features: int) -> str:
    """What is wrong with figures of so many features that came out of a sandbox, or ""."""
    try:
        raw = base64.b64decode(figures, validate=True) if isinstance(figures, str) else b""
    except binascii.Error:
        raw = b""
    if len(raw) != (1 + REPLICATES) * features * FIGURE.size:
        return "not so many figures"
    wrong = any(not (math.isfinite(value) and value >= 0) for (value,) in FIGURE.iter_unpack(raw))
    return "no attribution" if wrong else ""


def key_of(digests: Mapping[str, str], features: Sequence[str], seed: int) -> str:
    """SHA-256 of all that the figures of a reference depend on: they are right for the same key and for no other."""
    conditions = {
        "edition": EDITION,
        "reference": digests["reference"],
        "artefact": digests["artefact"],
        "features": list(features),
        "seed": seed,
        "sample": SAMPLE,
        "replicates": REPLICATES,
        "libraries": versions(*LIBRARIES),
    }
    return hashlib.sha256(canonical(conditions)).hexdigest()
