"""The S&P 500 day by day, what the trading model sees of a day, and whether the next one closed higher.

Source: Yahoo Finance, 1999–2018, shipped by the package `arch` (NCSA), whose file is read without the package. The
opening price is not used: until 2005 the vendor repeats the previous close there on 96 % of the days.
"""

from __future__ import annotations

from importlib.metadata import distribution
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

FEATURES = (
    "return_1d",
    "return_5d",
    "return_20d",
    "volatility_5d",
    "volatility_20d",
    "volatility_60d",
    "range_1d",
    "momentum_60d",
    "strength_14d",
    "volume_ratio",
    "close_position",
)
DATE, LABEL, SCORE = "date", "up", "score"
LONGEST_MEMORY = 60
"""Trading days that the longest feature looks back on."""
TRADING_DAYS = 252
LAST_DAY = "2009-12-31"


def days() -> pd.DataFrame:
    """One row a trading day from March 1999 to the end of 2009, by date: the features and the label.

    Everything is known at the close of the day but the label, which the next close decides.
    """
    import pandas as pd

    file = distribution("arch").locate_file("arch/data/sp500/sp500.csv.gz")
    prices = pd.read_csv(str(file), index_col="Date", parse_dates=True)
    known = _features(prices)
    known[LABEL] = (prices["Close"].shift(-1) > prices["Close"]).astype(int)
    return known.dropna().loc[:LAST_DAY].rename_axis(DATE)


def _features(prices: pd.DataFrame) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    close, high, low = prices["Close"], prices["High"], prices["Low"]
    moves = np.log(close).diff()
    seen = {f"return_{n}d": moves.rolling(n).sum() for n in (1, 5, 20)}
    seen |= {f"volatility_{n}d": moves.rolling(n).std() * TRADING_DAYS**0.5 for n in (5, 20, 60)}
    seen["range_1d"] = (high - low) / close
    seen["momentum_60d"] = close / close.rolling(60).mean() - 1
    seen["strength_14d"] = moves.clip(lower=0).rolling(14).mean() / moves.abs().rolling(14).mean()
    seen["volume_ratio"] = np.log(prices["Volume"] / prices["Volume"].rolling(20).mean())
    seen["close_position"] = ((close - low) / (high - low)).where(high > low, 0.5)
    return pd.DataFrame(seen)[list(FEATURES)]
