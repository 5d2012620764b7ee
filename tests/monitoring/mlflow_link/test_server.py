"""Whatever answers: each trouble has its name, its limit in time and in size, and nothing is followed anywhere."""

from __future__ import annotations

import gzip
import socket
import time

import pytest

from monitoring.mlflow_link import server as limits
from monitoring.mlflow_link.server import Server, ServerTrouble
from monitoring.mlflow_link.words import Trouble
from tests.monitoring.mlflow_link import faulty
from tests.monitoring.mlflow_link.faulty import says


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    monkeypatch.setattr(limits, "ANSWER_SECONDS", 0.6)
    monkeypatch.setattr(limits, "SILENT_SECONDS", 0.3)


def trouble(url: str, **sign_in: str) -> str:
    with pytest.raises(ServerTrouble) as found, Server(url, sign_in, loopback=True) as server:
        server.get("registered-models/get", name="scoring")
    return found.value.trouble


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (says(401), Trouble.SIGN_IN_REFUSED),
        (says(403), Trouble.NOT_ALLOWED),
        (says(404, b"<html>not here</html>"), Trouble.NOT_MLFLOW),
        (says(404, b'{"error_code": "RESOURCE_DOES_NOT_EXIST"}'), Trouble.MISSING),
        (says(400, b'{"error_code": "INVALID_PARAMETER_VALUE"}'), Trouble.SERVER_ERROR),
        (says(418), Trouble.NOT_MLFLOW),
        (says(429), Trouble.SERVER_ERROR),
        (says(500, b"oops"), Trouble.SERVER_ERROR),
        (says(503), Trouble.SERVER_ERROR),
        (says(302, Location="http://169.254.169.254/latest/meta-data"), Trouble.REDIRECTED),
        (says(200, b"<html>a page</html>"), Trouble.NOT_MLFLOW),
        (says(200, b"[1, 2]"), Trouble.NOT_MLFLOW),
        (says(200, b"[" * 100_000), Trouble.NOT_MLFLOW),
        (says(200, gzip.compress(b"{}"), Content_Encoding="gzip"), Trouble.NOT_MLFLOW),
        (faulty.pours, Trouble.TOO_MUCH),
        (faulty.drips, Trouble.TIMED_OUT),
        (faulty.drips_headers, Trouble.TIMED_OUT),
        (faulty.says_nothing, Trouble.TIMED_OUT),
        (faulty.breaks_off, Trouble.BROKE_OFF),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "answer",
)
def test_each_trouble_has_its_name_and_none_lasts(answer, expected):
    with faulty.faulty(answer) as (url, _came):
        began = time.monotonic()

        assert trouble(url) == expected

        assert time.monotonic() - began < 2.5


def test_a_redirect_is_not_followed_and_the_token_goes_nowhere_else():
    with (
        faulty.faulty(says(200)) as (other, elsewhere),
        faulty.faulty(says(307, Location=other)) as (url, came),
    ):
        assert trouble(url, token="s3cret") == Trouble.REDIRECTED
    assert [each["Authorization"] for each in came] == ["Bearer s3cret"] and elsewhere == []


def test_a_user_and_a_password_are_sent_as_basic_authentication():
    with (
        faulty.faulty(says(200)) as (url, came),
        Server(url, {"user": "senim", "password": "pass"}, loopback=True) as server,
    ):
        server.get("x")
    assert came[0]["Authorization"] == "Basic c2VuaW06cGFzcw=="


def test_nobody_there():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert trouble(f"http://127.0.0.1:{taken.getsockname()[1]}") == Trouble.NO_ANSWER


def test_a_name_that_nobody_has():
    with pytest.raises(ServerTrouble) as found:
        Server("http://no-such-host.invalid", {}, loopback=True)
    assert found.value.trouble == Trouble.UNKNOWN_HOST


def test_plain_http_where_tls_was_expected():
    with faulty.faulty(says(200)) as (url, _came):
        assert trouble(url.replace("http:", "https:")) == Trouble.TLS


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch):
    """The name means something else by the time of the request: nobody asks it again."""
    with faulty.faulty(says(200)) as (url, came):
        port = url.rpartition(":")[2]
        with Server(f"http://localhost:{port}", {}, loopback=True) as server:
            asked: list[object] = []
            real = socket.getaddrinfo
            monkeypatch.setattr(socket, "getaddrinfo", lambda host, *a: asked.append(host) or real(host, *a))
            server.get("x")
    assert set(asked) <= {"127.0.0.1", "::1"}
    assert came[0]["Host"] == f"localhost:{port}"


def test_a_proxy_of_our_own_surroundings_is_not_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with faulty.faulty(says(200)) as (url, came), Server(url, {}, loopback=True) as server:
        server.get("x")
    assert len(came) == 1
