"""Kazakhstan's economy quarter by quarter, 2010Q1 to 2025Q1: what a stress of the default model starts from.

Source: the regulator's file in the package `AFR` (BSD-3-Clause), read without the package. The tenge left its band on
20 August 2015, so the reference ends with 2015Q2. The last ten columns of the file are hypothetical and not used.
"""

from __future__ import annotations

from importlib.metadata import distribution
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

TIME = "quarter_end"
SERIES = (
    "real_gdp",
    "Rwage_q",
    "exp",
    "imp",
    "usdkzt",
    "eurkzt",
    "rurkzt",
    "poil",
    "cpi",
    "tonia_rate",
    "rate_kzt_corp_0y_1y",
    "rate_usd_corp_0y_1y",
)
CURRENCIES = {"usdkzt": "USD", "eurkzt": "EUR", "rurkzt": "RUB"}
TENGE = ("level", "change")
FLOAT = "2015-07-01"


def quarters() -> pd.DataFrame:
    """One row a quarter, by its last day."""
    import pandas as pd

    rows = pd.read_csv(str(distribution("AFR").locate_file("AFR/load/macroKZ.csv")), sep=";")
    ends = pd.period_range("2010Q1", periods=len(rows), freq="Q").to_timestamp(how="end").normalize()
    return rows[list(SERIES)].set_index(pd.DatetimeIndex(ends, name=TIME))


def tenge() -> pd.DataFrame:
    """One row a quarter and currency: its price in tenge over that of 2010Q1, and the change in a quarter."""
    import pandas as pd

    rates = quarters()[list(CURRENCIES)].rename(columns=CURRENCIES)
    levels, changes = rates / rates.iloc[0], rates.pct_change()
    long = pd.DataFrame({"level": levels.stack(), "change": changes.stack()})
    return long.rename_axis([TIME, "currency"]).reset_index("currency")


def before_and_after(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The quarters of the band and those of the floating tenge."""
    return rows[rows.index < FLOAT], rows[rows.index >= FLOAT]
