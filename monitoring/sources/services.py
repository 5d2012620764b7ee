"""The writers of what stands: databases are registered by an administrator, and tables of them feed datasets."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from cryptography import x509
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.people.acting import acting
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require
from monitoring.data.ended import refuse_ended
from monitoring.data.models import Dataset
from monitoring.mlflow_link import sealing
from monitoring.sources import reading
from monitoring.sources.models import DataSource, Feed
from monitoring.sources.rules import is_host, is_name
from monitoring.sources.words import NOT_FETCHED, Encryption

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Database:
    """Where it is and who we are there. authority: certificates in PEM, "" for those of the computer."""

    host: str
    database: str
    account: str
    password: str
    port: int = 5432
    encryption: str = Encryption.VERIFIED
    authority: str = ""


def register(*, by: Actor, organisation: Organisation, name: str, database: Database) -> DataSource:
    """Its password is sealed and never shown again. Raises NotAllowed, OutOfOrder, RuleBroken."""
    _refuse_nonsense(name.strip(), database)
    with acting(by, "source.registered"):
        organisation = locked(organisation)
        require(by, "source.register", organisation)
        known = {
            "host": database.host.lower(),
            "port": database.port,
            "database": database.database,
            "account": database.account,
        }
        if DataSource.objects.standing().filter(organisation=organisation, **known).exists():
            raise OutOfOrder(_("This database is already registered."))
        key = uuid4()
        source: DataSource = DataSource.objects.create(
            pk=key,
            organisation=organisation,
            name=name.strip(),
            **known,
            encryption=database.encryption,
            authority=database.authority.strip(),
            secret=sealing.seal(key, {"password": database.password}),
            registered_by_id=by.person,
        )
        return source


def test(*, by: Actor, source: DataSource) -> str:
    """The trouble with it, or "" where it lets us in. Changes nothing. Raises NotAllowed, OutOfOrder."""
    require(by, "source.register", source)
    _refuse_ended(source)
    with tempfile.TemporaryDirectory(prefix="senim-source-") as folder:
        try:
            reading.test(source, Path(folder))
        except reading.SourceTrouble as found:
            return found.trouble
    return ""


def end(*, by: Actor, source: DataSource) -> DataSource:
    """No longer fetch from it; its password is forgotten, what was recorded stays. Raises NotAllowed, OutOfOrder."""
    with acting(by, "source.ended"):
        source = _standing(by, source)
        source.ended_at, source.secret = timezone.now(), ""
        source.save(update_fields=["ended_at", "secret"])
        return source


def feed(
    *,
    by: Actor,
    source: DataSource,
    dataset: Dataset,
    table: str,
    period_column: str,
    begins_on: date,
    schema: str = "public",
    columns: Sequence[str] = (),
) -> Feed:
    """A table or view gives this dataset its data periods. columns: "" for those that the dataset needs.

    Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    schema, table, period_column = schema.strip(), table.strip(), period_column.strip()
    chosen = list(dict.fromkeys(columns)) or dataset.required_columns
    with acting(by, "feed.registered"):
        source = _standing(by, source)
        dataset = locked(dataset)
        require(by, "source.register", dataset)
        _refuse_names(schema, table, period_column, chosen, dataset)
        refuse_ended(dataset)
        if dataset.is_protected:
            raise OutOfOrder(NOT_FETCHED)
        if Feed.objects.filter(dataset=dataset, ended_at=None).exists():
            raise OutOfOrder(_("This dataset is already fed by a table. End that first."))
        row: Feed = Feed.objects.create(
            organisation_id=source.organisation_id,
            source=source,
            model_id=dataset.model_id,
            dataset=dataset,
            schema=schema,
            table=table,
            columns=chosen,
            period_column=period_column,
            begins_on=begins_on,
            registered_by_id=by.person,
        )
        return row


def end_feed(*, by: Actor, feed: Feed) -> Feed:
    """Nothing more is fetched through it. Raises NotAllowed, OutOfOrder."""
    with acting(by, "feed.ended"):
        feed = locked(feed)
        require(by, "source.register", feed)
        if feed.ended_at is not None:
            raise OutOfOrder(_("This has already ended."))
        feed.ended_at = timezone.now()
        feed.save(update_fields=["ended_at"])
        return feed


def end_with(dataset: Dataset, at: datetime) -> bool:
    """Nothing more is fetched for a dataset that has ended. Inside `acting`. Returns whether anything was."""
    return bool(Feed.objects.filter(dataset=dataset, ended_at=None).update(ended_at=at))


def _standing(by: Actor, source: DataSource) -> DataSource:
    """The row, locked. Raises NotAllowed, OutOfOrder."""
    source = locked(source)
    require(by, "source.register", source)
    _refuse_ended(source)
    return source


def _refuse_ended(source: DataSource) -> None:
    if source.ended_at is not None:
        raise OutOfOrder(_("This server is no longer connected."))


def _refuse_nonsense(name: str, said: Database) -> None:
    """Raises RuleBroken."""
    wrong: dict[str, StrOrPromise] = {
        "name": _("Enter a name of at most 80 characters.") if not 0 < len(name) <= 80 else "",
        "host": "" if is_host(said.host) else _("Enter a name such as db.bank.kz, or an address."),
        "port": "" if 0 < said.port < 65536 else _("Enter a number from 1 to 65535."),
        "database": "" if is_name(said.database) else _("Enter a name of at most 63 bytes."),
        "account": "" if is_name(said.account) else _("Enter a name of at most 63 bytes."),
        "password": "" if said.password else _("This is needed to sign in."),
        "encryption": _wrong_encryption(said.encryption),
        "authority": _wrong_authority(said.authority.strip()),
    }
    problems = [Problem(where, what) for where, what in wrong.items() if what]
    if problems:
        raise RuleBroken(problems=problems)


def _wrong_encryption(encryption: str) -> StrOrPromise:
    if encryption not in Encryption.values:
        return _("Choose one of the list.")
    if encryption == Encryption.OFF and settings.PRODUCTION:
        return _("In production a database is read over an encrypted connection only.")
    return ""


def _wrong_authority(written: str) -> StrOrPromise:
    if not written:
        return ""
    try:
        x509.load_pem_x509_certificates(written.encode())
    except ValueError:
        return _("This is no certificate in PEM.")
    return ""


def _refuse_names(
    schema: str, table: str, period_column: str, columns: Sequence[str], dataset: Dataset
) -> None:
    """Raises RuleBroken."""
    problems = [
        Problem(where, _("Enter a name of at most 63 bytes."))
        for where, name in (("schema", schema), ("table", table), ("period_column", period_column))
        if not is_name(name)
    ]
    strange = [name for name in columns if not is_name(name)]
    missing = [name for name in dataset.required_columns if name not in columns]
    if strange or missing:
        what = _("These columns cannot be fetched, or are missing though the dataset needs them: %(columns)s")
        problems.append(Problem("columns", what % {"columns": ", ".join([*strange, *missing])}))
    if problems:
        raise RuleBroken(problems=problems)
