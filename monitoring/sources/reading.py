"""Asks a database for rows, or only whether it answers: the address is judged here, the asking is done apart."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from monitoring.engines import own_process
from monitoring.mlflow_link import sealing
from monitoring.mlflow_link.address import Refused, means
from monitoring.sources.models import DataSource, Fetch
from monitoring.sources.words import Encryption, Trouble

ASKING = "monitoring.sources.asking"
FILE = "rows.parquet"
STATEMENT_SECONDS = 540
"""A little less than the process that asks may take."""


class SourceTrouble(Exception):
    """There are no rows. trouble: why, as a page says it."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


@dataclass(frozen=True)
class Fetched:
    """path: the rows as Parquet. query: as it was sent."""

    path: Path
    rows: int
    query: str


def test(source: DataSource, folder: Path) -> None:
    """Raises SourceTrouble unless the database lets us in."""
    _asked(source, folder, None)


def fetched(fetch: Fetch, folder: Path, beat: Callable[[], bool] | None = None) -> Fetched:
    """The rows of one period. folder: ours, and gone afterwards.

    beat: of own_process.ask. Raises SourceTrouble, own_process.Lost.
    """
    feed = fetch.feed
    others = [each for each in feed.columns if each != feed.period_column]
    known = feed.dataset.identifier
    what = {
        "schema": feed.schema,
        "table": feed.table,
        "columns": feed.columns,
        "period_column": feed.period_column,
        "order": [known] if known in others else others,  # so that the same rows come in the same order
        "from": fetch.starts_on.isoformat(),
        "until": _day_after(fetch.ends_on).isoformat(),
        "zone": settings.TIME_ZONE,
        "seconds": STATEMENT_SECONDS,
    }
    told = _asked(feed.source, folder, what, beat)
    return Fetched(folder / FILE, told["rows"], told["query"])


def _asked(
    source: DataSource, folder: Path, what: Mapping[str, Any] | None, beat: Callable[[], bool] | None = None
) -> dict[str, Any]:
    question = {
        "server": _server(source, folder),
        "what": what,
        "into": str(folder / FILE),
        "most": settings.SENIM_LARGEST_UPLOAD,
    }
    try:
        told: dict[str, Any] = own_process.ask(ASKING, question, beat)
    except own_process.TookTooMuch as died:
        raise SourceTrouble(Trouble.TIMED_OUT) from died
    if "trouble" in told:
        raise SourceTrouble(told["trouble"])
    return told


def _server(source: DataSource, folder: Path) -> dict[str, Any]:
    """Raises SourceTrouble for a lost key and for an address that may not be connected to."""
    try:
        password = sealing.opened(source.pk, source.secret)["password"]
        address = means(source.host, source.port, loopback=not settings.PRODUCTION)
    except (sealing.KeyLost, KeyError) as lost:
        raise SourceTrouble(Trouble.KEY_LOST) from lost
    except Refused as refused:
        raise SourceTrouble(refused.trouble) from refused
    return {
        "host": source.host,
        "address": str(address),
        "port": source.port,
        "database": source.database,
        "account": source.account,
        "password": password,
        "encryption": source.encryption,
        "authority": _authority(source, folder),
    }


def _authority(source: DataSource, folder: Path) -> str:
    """The file of certificates against which the server's own is verified."""
    if source.encryption != Encryption.VERIFIED:
        return "/nowhere"  # with a file that is there, libpq would verify after all
    if source.authority:
        place = folder / "authority.pem"
        place.write_text(source.authority)
        return str(place)
    return ssl.get_default_verify_paths().cafile or "system"


def _day_after(day: date) -> date:
    return day + timedelta(days=1)
