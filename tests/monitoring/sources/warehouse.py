"""A PostgreSQL of a firm: reached over TCP, with TLS and passwords, and certificates of an authority of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from governance.config.embedded.binaries import postgres_programs, runnable
from governance.config.embedded.ground import run_as, unprivileged_account
from governance.config.env import env
from tests.monitoring.sources.encrypting import encrypting

READER, PASSWORD = "senim_reader", "a password of the reader"
TABLES = """
CREATE ROLE senim_reader LOGIN PASSWORD 'a password of the reader';
CREATE TABLE decisions (day date, at timestamptz, income int, amount numeric(12, 2), sex text, ok boolean, tags text[]);
INSERT INTO decisions SELECT date '2026-09-01' + n % 61, timestamptz '2026-09-01 00:00+05' + n * interval '1 hour', n,
    n / 4.0, CASE WHEN n % 2 = 0 THEN 'f' ELSE 'm' END, n % 3 = 0, '{}' FROM generate_series(0, 6099) AS n;
CREATE VIEW "odd; DROP TABLE decisions" AS SELECT day, income, sex FROM decisions;
CREATE TABLE dirty (day date, income text, sex text);
INSERT INTO dirty VALUES ('2026-10-01', '1', 'f'), ('2026-10-02', 'a lot', 'm');
CREATE TABLE endless (day date, income int, sex text);
INSERT INTO endless VALUES ('infinity', 1, 'f');
CREATE VIEW slow AS SELECT day, income, sex FROM decisions, pg_sleep(30);
CREATE TABLE hidden (day date, income int, sex text);
CREATE FUNCTION meddle() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO dirty VALUES (now(), '9', 'x'); RETURN 1; END $$;
CREATE VIEW meddling AS SELECT day, meddle() AS income, sex FROM dirty;
GRANT SELECT ON decisions, dirty, endless, slow, meddling, "odd; DROP TABLE decisions" TO senim_reader;
GRANT INSERT ON dirty TO senim_reader;
"""


@dataclass(frozen=True)
class Warehouse:
    """bare_port: without encryption. authority: PEM of who signed the server's certificate."""

    port: int
    bare_port: int
    authority: str
    superuser: str

    def run(self, statement: str) -> None:
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def warehouse() -> Iterator[Warehouse]:
    account = unprivileged_account()
    programs = runnable(postgres_programs(), account=account, aside=env().home / "elsewhere-programs")
    folder = Path(tempfile.mkdtemp(prefix="senim-warehouse-", dir="/tmp"))
    authority = _certificates(folder)
    if account:
        for path in (folder, *folder.iterdir()):
            os.chown(path, account.pw_uid, account.pw_gid)
    data, port = folder / "data", _free_port()
    said = {"cwd": "/", "check": True, "capture_output": True, **run_as(account)}
    try:
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"], **said
        )
        (data / "pg_hba.conf").write_text(
            "local all postgres trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": folder,
            "fsync": "off",
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        start = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
        subprocess.run(start, **{**said, "capture_output": False, "stdout": subprocess.DEVNULL})
        superuser = f"host={folder} port={port} user=postgres dbname=postgres"
        with encrypting(folder / "server.pem", folder / "server.key", port) as outside:
            found = Warehouse(outside, port, authority, superuser)
            found.run(TABLES)
            yield found
        subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **said)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _certificates(folder: Path) -> str:
    """The server's certificate is for the name db.bank.example and for 127.0.0.1. Returns the authority's."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = a_certificate(
        "Authority of the bank", root_key, "Authority of the bank", root_key, is_authority=True
    )
    server = a_certificate("db.bank.example", key, "Authority of the bank", root_key)
    (folder / "server.pem").write_bytes(server.public_bytes(Encoding.PEM))
    written = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle = os.open(folder / "server.key", os.O_CREAT | os.O_WRONLY, 0o600)
    os.write(handle, written)
    os.close(handle)
    return root.public_bytes(Encoding.PEM).decode()


def a_certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    is_authority: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    said = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if not is_authority:
        names = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.1"))])
        said = said.add_extension(names, critical=False)
    return said.sign(issuer_key, hashes.SHA256())
