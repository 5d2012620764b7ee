"""Addresses of databases and mail servers, as people write them."""

from __future__ import annotations

import pytest

from governance.config.addresses import AddressRefused, database_settings, email_settings
from governance.config.embedded.roles import RUNTIME


def database(**expected: object) -> dict[str, object]:
    empty = {"USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "OPTIONS": {}}
    return {"ENGINE": "django.db.backends.postgresql", **empty, **expected}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql:///senim", database(NAME="senim")),
        ("postgres://db/senim", database(NAME="senim", HOST="db")),
        (
            "postgresql://me:p%40ss%2Fword@db.example.kz:6432/senim?sslmode=verify-full&sslrootcert=/etc/ca.pem",
            database(
                NAME="senim",
                USER="me",
                PASSWORD="p@ss/word",
                HOST="db.example.kz",
                PORT="6432",
                OPTIONS={"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"},
            ),
        ),
        (
            "postgresql://me:secret@/senim?host=/run/postgresql&port=5433",
            database(NAME="senim", USER="me", PASSWORD="secret", HOST="/run/postgresql", PORT="5433"),
        ),
        (
            "postgresql://me@%2FRun%2Fpostgresql/senim",
            database(NAME="senim", USER="me", HOST="/Run/postgresql"),
        ),
        ("postgresql://[::1]:5432/senim", database(NAME="senim", HOST="::1", PORT="5432")),
        ("postgresql://db?dbname=senim&user=me", database(NAME="senim", HOST="db", USER="me")),
    ],
)
def test_a_database_url_becomes_djangos_settings(url: str, expected: dict[str, object]):
    assert database_settings(url) == expected


@pytest.mark.parametrize(
    "url",
    ["", "senim", "mysql://db/senim", "postgresql://db", "postgresql://db:port/senim", "postgresql://[/x"],
)
def test_what_is_no_postgresql_address_is_refused(url: str):
    with pytest.raises(AddressRefused):
        database_settings(url)


def test_a_refusal_never_repeats_the_password():
    with pytest.raises(AddressRefused) as refused:
        database_settings("postgresql://me:secret@db:port/senim")

    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_the_embedded_servers_address_is_understood(shared_postgres):
    settings = database_settings(shared_postgres.cluster.url(RUNTIME))

    assert (settings["NAME"], settings["USER"]) == ("senim", RUNTIME)
    assert settings["HOST"] == str(shared_postgres.cluster.host)


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.kz", 25, False, False),
        ("smtp+tls://me:p%40ss@mail.kz", 587, True, False),
        ("smtps://mail.kz:2465", 2465, False, True),
    ],
)
def test_a_mail_servers_address_becomes_djangos_settings(url: str, port: int, tls: bool, ssl: bool):
    settings = email_settings(url)

    assert settings["EMAIL_HOST"] == "mail.kz"
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (port, tls, ssl)
    assert settings["EMAIL_HOST_PASSWORD"] == ("p@ss" if "me" in url else "")
