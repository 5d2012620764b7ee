"""400 Kazakh corporate borrowers whose loans 16 banks showed to the regulator: half of them defaulted.

Source: Agency of the Republic of Kazakhstan for Regulation and Development of the Financial Market, asset quality
review; shipped by the package `ares-kz` (MIT), whose file is read without the package. Companies, no natural persons:
there is no column by which people could be compared.
"""

from __future__ import annotations

from importlib.metadata import distribution
from typing import TYPE_CHECKING

from governance.demo.hashing import hashed

if TYPE_CHECKING:
    import pandas as pd

LABEL, IDENTIFIER = "standard", "borrower"
"""1 = a standard borrower (stage 1 of IFRS 9), 0 = in default."""
SIZES = {"training": 200, "held-out": 100, "later": 100}
SEED = 0


def portfolio() -> pd.DataFrame:
    """All borrowers with their ratios, the label, and a number made for this register."""
    import pandas as pd

    rows = pd.read_csv(str(distribution("ares-kz").locate_file("ARES_KZ/factorsKZ.csv")))
    rows.insert(0, IDENTIFIER, [hashed(f"KZ-{number:03d}") for number in range(1, len(rows) + 1)])
    rows.insert(1, LABEL, 1 - rows.pop("Default"))
    return rows


def features_of(rows: pd.DataFrame) -> list[str]:
    return [name for name in rows.columns if name not in (LABEL, IDENTIFIER)]


def parts(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Three parts drawn once, with half of each in default: the data have no dates that could order them."""
    from sklearn.model_selection import train_test_split

    rows = portfolio()
    training, rest = train_test_split(
        rows, train_size=SIZES["training"], stratify=rows[LABEL], random_state=seed
    )
    held_out, later = train_test_split(
        rest, train_size=SIZES["held-out"], stratify=rest[LABEL], random_state=seed
    )
    return {"training": training, "held-out": held_out, "later": later}
