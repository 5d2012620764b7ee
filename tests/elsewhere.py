"""The rows of a Parquet file held by another engine: PostgreSQL, which the tests have anyway, and a real Spark.

Spark is an optional extra and needs Java: `make spark` brings its packages to `.spark`. Without either of them the tests that
need Spark are skipped and say so, except with SENIM_REQUIRE_SPARK: there they fail.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from psycopg import sql

from governance.config.embedded.cluster import SUPERUSER, Cluster
from monitoring.engines.counted.dialects import PostgreSQL, SparkSQL
from monitoring.engines.counted.engine import Engine
from tests.ground import CHECKOUT

PACKAGES = CHECKOUT / ".spark"
REQUIRED = os.environ.get("SENIM_REQUIRE_SPARK", "").lower() in {"1", "true", "yes"}
QUIET = """
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
"""
BOUND = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
SETTINGS = {**BOUND, "spark.sql.shuffle.partitions": "2", "spark.sql.session.timeZone": "UTC"}
TYPES = {
    "int64": "bigint",
    "int32": "integer",
    "double": "double precision",
    "float": "real",
    "string": "text",
    "bool": "boolean",
    "date32[day]": "date",
}


def lacking() -> str:
    """What Spark needs and this machine has not, or ""."""
    if PACKAGES.is_dir() and str(PACKAGES) not in sys.path:
        sys.path.append(str(PACKAGES))
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed: make spark"
    at_home = Path(os.environ.get("JAVA_HOME") or "/nowhere") / "bin" / "java"
    if not at_home.exists() and shutil.which("java") is None:
        return (
            "there is no Java, which Spark needs: on Debian and Ubuntu apt-get install default-jre-headless"
        )
    return ""


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One session with two threads, which writes nothing outside of a folder of the tests."""
    missing = lacking()
    if missing:
        (pytest.fail if REQUIRED else pytest.skip)(missing)
    from pyspark.sql import SparkSession

    logging.getLogger("py4j").setLevel(logging.ERROR)
    folder = tmp_path_factory.mktemp("spark")
    (folder / "log4j2.properties").write_text(QUIET)
    builder = SparkSession.builder.master("local[2]")
    for name, value in {
        **SETTINGS,
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={folder}/log4j2.properties",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


class InSpark(SparkSQL):
    """A file that Spark reads by itself."""

    def __init__(self, session: Any, path: Path) -> None:
        self.session = session
        session.read.parquet(str(path)).createOrReplaceTempView("held_rows")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.asked(query).collect()]

    def asked(self, query: str) -> Any:
        return self.session.sql(query.replace("{source}", "held_rows"))

    def kept(self, query: str, folder: Path) -> list[Path]:
        """The answer in the files that Spark writes: CSV, JSON and Parquet."""
        answer = self.asked(query).coalesce(1).cache()
        answer.write.csv(str(folder / "csv"), header=True)
        answer.write.json(str(folder / "json"))
        answer.write.parquet(str(folder / "parquet"))
        return sorted(folder.glob("*/part-*"))


class InPostgreSQL(PostgreSQL):
    """A table of its own session."""

    def __init__(self, connection: psycopg.Connection, path: Path) -> None:
        self.connection = connection
        table = pq.read_table(path)
        columns = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(field.name), sql.SQL(_type(field.type)))
            for field in table.schema
        )
        connection.execute("DROP TABLE IF EXISTS held_rows")
        connection.execute(sql.SQL("CREATE TEMPORARY TABLE held_rows ({})").format(columns))
        with connection.cursor() as cursor, cursor.copy("COPY held_rows FROM STDIN") as copy:
            for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
                copy.write_row(row)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query.replace("{source}", "held_rows").encode()).fetchall()

    def kept(self, query: str, folder: Path) -> list[Path]:
        """The answer in the files that psql writes: CSV, and JSON as one array."""
        (folder / "json").write_text(
            json.dumps(self.rows(f"SELECT json_agg(answer) FROM ({query}) AS answer")[0][0])
        )
        written = f"COPY ({query}) TO STDOUT WITH CSV HEADER".encode()
        with self.connection.cursor() as cursor, cursor.copy(written) as copy:
            (folder / "csv").write_bytes(b"".join(copy))
        return [folder / "csv", folder / "json"]


def _type(kind: pa.DataType) -> str:
    return f"numeric({kind.precision},{kind.scale})" if pa.types.is_decimal(kind) else TYPES[str(kind)]


@contextmanager
def in_postgresql(cluster: Cluster, path: Path) -> Iterator[InPostgreSQL]:
    """As the superuser of the tests' own cluster: the runtime role may make no table."""
    with psycopg.connect(cluster.url(SUPERUSER, "postgres")) as connection:
        yield InPostgreSQL(connection, path)


@contextmanager
def held(request: pytest.FixtureRequest, name: str, path: Path) -> Iterator[Engine]:
    """The rows of a file with another holder, `postgresql` or `spark`."""
    if name == "spark":
        yield InSpark(request.getfixturevalue("spark"), path)
    else:
        with in_postgresql(request.getfixturevalue("cluster"), path) as engine:
            yield engine
