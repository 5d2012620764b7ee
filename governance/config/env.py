"""The environment, read once: nothing else in the project reads `os.environ`.

Unset means the safe local default: embedded servers under SENIM_HOME, demo mode. Production refuses to
start without its secrets.

SENIM_MODE                demo (default) or production
SENIM_HOME                everything that Senim writes; default `var` in the checkout
SENIM_SECRET_KEY          signs sessions and links; made once in demo
SENIM_DATABASE_URL        the runtime role's database; unset = embedded PostgreSQL
SENIM_OWNER_DATABASE_URL  the owner role's, for migrations only; web and workers need not know it
SENIM_BACKUP_DATABASE_URL the backup role's, for `manage.py backup` only
SENIM_BROKER_URL          Valkey, Redis or RabbitMQ; unset = embedded Valkey
SENIM_URL                 where people reach Senim, for links in mail; default http://127.0.0.1:<port>
SENIM_BIND, SENIM_PORT    where the web server listens; default 127.0.0.1, 8000
SENIM_ALLOWED_HOSTS       host names, separated by commas; default the host of SENIM_URL
SENIM_EMAIL_URL           smtp+tls://user:password@host:587; unset = mail is kept in SENIM_HOME/mail
SENIM_EMAIL_FROM          the sender of that mail; default Senim <senim@host of SENIM_URL>
SENIM_PROXIES             how many proxies of our own stand before the web server; default 0, in production 1
SENIM_METRICS_TOKEN       opens /metrics to whoever shows it; unset = only this machine itself, past no proxy
SENIM_DURABLE             no = the embedded database may lose data in a power cut (tests)
SENIM_RUN_SLOTS           how many checks and errands of one organisation run at the same time; default 2, as many as workers
SENIM_LARGEST_UPLOAD      how many megabytes a file that is handed in may have; default 512
SENIM_KEEP_ROWS_AT_MOST   for how many days rows of people and bank secrets may be kept at most; default 1826
SENIM_PRELOAD             yes = this worker imports the science libraries once, before it forks
SENIM_ISOLATION           sandbox (default) = files of models are not run where no sandbox holds;
                          process = there they are run in a mere process, and every such result says so
SENIM_REQUIRE_BROWSER     yes = tests in a browser fail where there is none, instead of being skipped
SENIM_REQUIRE_SPARK       yes = tests in Spark fail where there is no Java or no pyspark, instead of being skipped
SENIM_REFERENCE_DATA      where the data sets of published figures lie, read by tests alone; default ../shared/data
SENIM_REQUIRE_REFERENCE_DATA  yes = tests of published figures fail without these sets, instead of being skipped

Instead of a value that holds a secret (…_KEY, …_URL, …_TOKEN), its name with _FILE may name a file that holds it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from governance.config.addresses import database_settings, email_settings
from governance.config.embedded import roles
from governance.config.embedded.ground import kept_secret
from governance.config.embedded.servers import Servers

__all__ = [
    "Environment",
    "EnvironmentRefused",
    "database_settings",
    "email_settings",
    "env",
    "handed_on",
    "read",
]

CHECKOUT = Path(__file__).resolve().parents[2]
REQUIRED_IN_PRODUCTION = ("SENIM_SECRET_KEY", "SENIM_DATABASE_URL", "SENIM_BROKER_URL", "SENIM_URL")
SHORTEST_SECRET = 50  # what Django's own check asks for
YES_OR_NO = {
    "yes": True,
    "true": True,
    "on": True,
    "1": True,
    "no": False,
    "false": False,
    "off": False,
    "0": False,
}

Mode = Literal["demo", "production"]


class EnvironmentRefused(RuntimeError):
    """The environment cannot be used; the message lists everything that is wrong with it."""


MOST_PROXIES = 9
MOST_SLOTS = 999
MOST_DAYS = 36525
MOST_MEGABYTES = 102400


class DatabaseUrls(NamedTuple):
    """A process that was not told the owner's address gets the runtime role's: then it cannot migrate."""

    runtime: str
    owner: str


@dataclass(frozen=True)
class Environment:
    """What SENIM_… said, checked. `None` stands for "not said"."""

    mode: Mode
    home: Path
    url: str
    bind: str
    port: int
    allowed_hosts: tuple[str, ...]
    named_secret_key: str | None = field(repr=False)
    named_database_url: str | None = field(repr=False)
    named_owner_database_url: str | None = field(repr=False)
    named_backup_database_url: str | None = field(repr=False)
    named_broker_url: str | None = field(repr=False)
    email_url: str | None = field(repr=False)
    email_from: str
    proxies: int
    metrics_token: str | None = field(repr=False)
    durable: bool
    run_slots: int
    largest_upload: int
    keep_rows_at_most: int
    preload: bool
    isolation: str
    require_browser: bool

    @property
    def is_production(self) -> bool:
        return self.mode == "production"

    @property
    def has_embedded_server(self) -> bool:
        return self.named_database_url is None or self.named_broker_url is None

    @cached_property
    def servers(self) -> Servers:
        """The embedded servers; asking for them starts nothing."""
        return Servers(self.home, durable=self.durable)

    @cached_property
    def secret_key(self) -> str:
        return self.named_secret_key or kept_secret(self.home / "secret-key", make=48)


@lru_cache(maxsize=1)
def env() -> Environment:
    """This process's environment."""
    return read(os.environ)


def database_urls() -> DatabaseUrls:
    """Starts the embedded PostgreSQL when no database was named. Raises EmbeddedFailed."""
    named = env().named_database_url
    if named:
        return DatabaseUrls(runtime=named, owner=env().named_owner_database_url or named)
    cluster = env().servers.database()
    return DatabaseUrls(runtime=cluster.url(roles.RUNTIME), owner=cluster.url(roles.OWNER))


def backup_database_url() -> str:
    """Raises EnvironmentRefused where a database of one's own was named without its backup role."""
    if not env().named_database_url:
        return env().servers.database().url(roles.BACKUP)
    named = env().named_backup_database_url
    if named is None:
        raise EnvironmentRefused("a backup needs SENIM_BACKUP_DATABASE_URL, the address for the backup role")
    return named


def broker_url() -> str:
    """Starts the embedded Valkey when no broker was named. Raises EmbeddedFailed."""
    return env().named_broker_url or env().servers.broker()


def handed_on(extra: Mapping[str, str]) -> dict[str, str]:
    """The environment for a child process: ours and `extra`."""
    return {**os.environ, **extra}


def read(environ: Mapping[str, str]) -> Environment:
    """Raises EnvironmentRefused, naming all that is missing or cannot be read. Starts and writes nothing."""
    reading = _Reading(environ)
    mode: Mode = (
        "production" if reading.choice("SENIM_MODE", "demo", "production") == "production" else "demo"
    )
    port = reading.port("SENIM_PORT", 8000)
    url = reading.url("SENIM_URL", f"http://127.0.0.1:{port}")
    if mode == "production":
        reading.demand(*REQUIRED_IN_PRODUCTION)
    found = Environment(
        mode=mode,
        home=Path(reading.text("SENIM_HOME") or CHECKOUT / "var").absolute(),
        url=url,
        bind=reading.text("SENIM_BIND") or "127.0.0.1",
        port=port,
        allowed_hosts=reading.words("SENIM_ALLOWED_HOSTS") or _hosts_of(url, local=mode == "demo"),
        named_secret_key=reading.secret("SENIM_SECRET_KEY"),
        named_database_url=reading.hidden("SENIM_DATABASE_URL"),
        named_owner_database_url=reading.hidden("SENIM_OWNER_DATABASE_URL"),
        named_backup_database_url=reading.hidden("SENIM_BACKUP_DATABASE_URL"),
        named_broker_url=reading.hidden("SENIM_BROKER_URL"),
        email_url=reading.hidden("SENIM_EMAIL_URL"),
        email_from=reading.text("SENIM_EMAIL_FROM") or f"Senim <senim@{_host_of(url) or 'localhost'}>",
        proxies=reading.number("SENIM_PROXIES", int(mode == "production"), most=MOST_PROXIES),
        metrics_token=reading.hidden("SENIM_METRICS_TOKEN"),
        durable=reading.yes("SENIM_DURABLE", otherwise=True),
        run_slots=reading.number("SENIM_RUN_SLOTS", 2, most=MOST_SLOTS) or 1,
        largest_upload=reading.number("SENIM_LARGEST_UPLOAD", 512, most=MOST_MEGABYTES) or 1,
        keep_rows_at_most=reading.number("SENIM_KEEP_ROWS_AT_MOST", 1826, most=MOST_DAYS) or 1,
        preload=reading.yes("SENIM_PRELOAD", otherwise=False),
        isolation=reading.choice("SENIM_ISOLATION", "sandbox", "process"),
        require_browser=reading.yes("SENIM_REQUIRE_BROWSER", otherwise=False),
    )
    reading.refuse_if_wrong()
    return found


def _hosts_of(url: str, *, local: bool) -> tuple[str, ...]:
    """The public host; in demo also this machine's own names."""
    own = ("127.0.0.1", "localhost", "[::1]") if local else ()
    return tuple(dict.fromkeys(name for name in (_host_of(url), *own) if name))


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


class _Reading:
    """Reads variables one by one and collects what is wrong, so that a person mends it in one go."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.missing: list[str] = []
        self.wrong: list[str] = []

    def text(self, name: str) -> str | None:
        return self.environ.get(name, "").strip() or None

    def hidden(self, name: str) -> str | None:
        """A text that may hold a secret: said, or kept in the file that NAME_FILE names."""
        file = self.text(f"{name}_FILE")
        if file is None or self.text(name):
            return self.text(name)
        try:
            return Path(file).read_text().strip() or None
        except OSError as refused:
            self.wrong.append(f"{name}_FILE names a file that cannot be read ({refused.strerror})")
            return None

    def number(self, name: str, otherwise: int, *, most: int) -> int:
        said = self.text(name) or str(otherwise)
        if said.isascii() and said.isdigit() and int(said) <= most:
            return int(said)
        self.wrong.append(f"{name} must be a number from 0 to {most}, not {said!r}")
        return otherwise

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(word for word in (self.text(name) or "").replace(",", " ").split())

    def choice(self, name: str, *allowed: str) -> str:
        said = self.text(name) or allowed[0]
        if said not in allowed:
            self.wrong.append(f"{name} must be {' or '.join(allowed)}, not {said!r}")
        return said

    def yes(self, name: str, *, otherwise: bool) -> bool:
        said = self.text(name)
        if said and said.lower() not in YES_OR_NO:
            self.wrong.append(f"{name} must be yes or no, not {said!r}")
        return YES_OR_NO.get((said or "").lower(), otherwise)

    def port(self, name: str, otherwise: int) -> int:
        said = self.text(name) or str(otherwise)
        if said.isascii() and said.isdigit() and 0 < int(said) < 65536:
            return int(said)
        self.wrong.append(f"{name} must be a number from 1 to 65535, not {said!r}")
        return otherwise

    def url(self, name: str, otherwise: str) -> str:
        said = (self.text(name) or otherwise).rstrip("/")
        if not said.startswith(("http://", "https://")) or not _host_of(said):
            self.wrong.append(f"{name} must be like https://senim.example.kz, not {said!r}")
            return otherwise
        return said

    def secret(self, name: str) -> str | None:
        said = self.hidden(name)
        if said and len(said) < SHORTEST_SECRET:
            self.wrong.append(f"{name} must have at least {SHORTEST_SECRET} characters")
        return said

    def demand(self, *names: str) -> None:
        said = ((name, self.text(name) or self.text(f"{name}_FILE")) for name in names)
        self.missing += [name for name, value in said if value is None]

    def refuse_if_wrong(self) -> None:
        if self.missing:
            self.wrong.insert(0, f"SENIM_MODE=production needs {', '.join(self.missing)}")
        if self.wrong:
            raise EnvironmentRefused("; ".join(self.wrong))
