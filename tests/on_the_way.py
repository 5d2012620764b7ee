"""Data that are not data periods yet, for tests that knock on every door: a refused file, half an upload, a fetch."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from governance.people.acting import viewing
from governance.people.actor import Actor
from governance.people.models import Organisation
from monitoring.data import services as data
from monitoring.data.models import Dataset
from monitoring.data.refused import FileRefused
from monitoring.refusals import services as refusals
from monitoring.sources import fetching
from monitoring.sources import services as sources
from monitoring.uploads import services as uploads

MARKUP = "<b>{{7*7}}"
BROKEN = f"income,race,approved,score\n{MARKUP},a,1,0.5\n".encode()
PLACE = {"host": "db.bank.example", "database": "scoring", "account": "senim", "password": "secret"}


def ids(owner: Actor, administrator: Actor, dataset: Dataset) -> dict[str, Any]:
    """By the name of the parameter in the addresses."""
    with viewing(administrator):
        home = Organisation.objects.get(pk=dataset.organisation_id)
    source = sources.register(
        by=administrator, organisation=home, name="Warehouse", database=sources.Database(**PLACE)
    )
    feed = sources.feed(
        by=administrator,
        source=source,
        dataset=dataset,
        table="decisions",
        columns=[*dataset.required_columns, MARKUP],
        period_column="day",
        begins_on=date(2026, 1, 1),
    )
    fetch = fetching.ask(by=owner, feed=feed, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 31))
    upload = uploads.begin(
        by=owner, dataset=dataset, name="u", part="current", file_name="u.csv", size=9, digest="0" * 64
    )
    return {
        "source_id": source.pk,
        "feed_id": feed.pk,
        "fetch_id": fetch.pk,
        "upload_id": upload.pk,
        "refused_id": _refused(owner, dataset),
    }


def _refused(owner: Actor, dataset: Dataset) -> object:
    try:
        with refusals.noted(owner):
            data.add_window(
                by=owner,
                dataset=dataset,
                name="r",
                part="current",
                file=io.BytesIO(BROKEN),
                file_name="broken.csv",
            )
    except FileRefused as refused:
        return refused.noted
    raise AssertionError("the file was meant to be broken")
