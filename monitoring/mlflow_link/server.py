"""Speaks MLflow's REST, and expects nothing good of whoever answers.

No redirect is followed, no proxy or netrc of ours is used, every answer has a size and a time that it may take, and the
connection goes to the address that was judged. Nothing that a server sends becomes a path or a name of ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit

import httpcore
import httpx

from monitoring.mlflow_link.address import Refused, resolved
from monitoring.mlflow_link.wire import Wire
from monitoring.mlflow_link.words import Trouble

CONNECT_SECONDS = 5.0
SILENT_SECONDS = 10.0
"""How long a server may say nothing at all."""
ANSWER_SECONDS = 15.0
"""How long one answer may take, however busily it drips in."""
SLOWEST = 4 << 20
"""Bytes a second that a file has to come with; a slower one is given up."""
LARGEST_ANSWER = 8 << 20
KNOWN = {401: Trouble.SIGN_IN_REFUSED, 403: Trouble.NOT_ALLOWED, 429: Trouble.SERVER_ERROR}
API = "api/2.0/mlflow"
ARTIFACTS = "api/2.0/mlflow-artifacts/artifacts"


class ServerTrouble(Exception):
    """The server could not be read. trouble: why, as a page says it."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class Server:
    """One MLflow server, for one reading. Use it in a `with` block."""

    def __init__(self, url: str, sign_in: Mapping[str, str], *, loopback: bool) -> None:
        """sign_in: {}, {"token": …} or {"user": …, "password": …}. Raises ServerTrouble."""
        try:
            self.wire = Wire(resolved(url, loopback=loopback))
        except Refused as refused:
            raise ServerTrouble(refused.trouble) from refused
        self.base, self.place = url, urlsplit(url).netloc
        self.client = httpx.Client(
            transport=self.wire,
            auth=_auth(sign_in),
            timeout=httpx.Timeout(SILENT_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Senim"},
        )

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """The JSON object under a path of the interface. Raises ServerTrouble."""
        return _object(self._whole("GET", f"{API}/{path}", params=query))

    def post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Raises ServerTrouble."""
        return _object(self._whole("POST", f"{API}/{path}", json=dict(body)))

    def release(self) -> str:
        """Which MLflow it says it is. Raises ServerTrouble."""
        said = self._whole("GET", "version")[:40].decode("ascii", errors="replace").strip()
        if not said[:1].isdigit():
            raise ServerTrouble(Trouble.NOT_MLFLOW)
        return said

    def listing(self, folder: str) -> list[dict[str, Any]]:
        """What lies in a folder of the artifact store. Raises ServerTrouble."""
        files = _object(self._whole("GET", ARTIFACTS, params={"path": folder})).get("files", [])
        if not isinstance(files, list) or not all(isinstance(each, dict) for each in files):
            raise ServerTrouble(Trouble.NOT_MLFLOW)
        return files

    @contextmanager
    def file(self, path: str, *, limit: int) -> Iterator[Iterator[bytes]]:
        """The bytes of a file, piece by piece. Raises ServerTrouble, also for more than `limit` bytes."""
        self.wire.allow(ANSWER_SECONDS + limit / SLOWEST)
        with self._asked("GET", f"{ARTIFACTS}/{quote(path)}") as answer:
            yield _pieces(answer, limit)

    def _whole(self, method: str, path: str, **sent: Any) -> bytes:
        self.wire.allow(ANSWER_SECONDS)
        with self._asked(method, path, **sent) as answer:
            return b"".join(_pieces(answer, LARGEST_ANSWER))

    @contextmanager
    def _asked(self, method: str, path: str, **sent: Any) -> Iterator[httpx.Response]:
        with _troubles(), self.client.stream(method, f"{self.base}/{path}", **sent) as answer:
            _refuse_unless_ok(answer)
            yield answer


@contextmanager
def _troubles() -> Iterator[None]:
    """What can go wrong on the way, in the words of this room."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise ServerTrouble(Trouble.TIMED_OUT) from error
    except httpcore.ConnectError as error:
        raise ServerTrouble(Trouble.TLS if "SSL" in str(error) else Trouble.NO_ANSWER) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.StreamError) as error:
        raise ServerTrouble(Trouble.BROKE_OFF) from error


def _auth(sign_in: Mapping[str, str]) -> httpx.Auth | Callable[[httpx.Request], httpx.Request] | None:
    if "token" in sign_in:
        return lambda request: _bearing(request, sign_in["token"])
    if "user" in sign_in:
        return httpx.BasicAuth(sign_in["user"], sign_in["password"])
    return None


def _bearing(request: httpx.Request, token: str) -> httpx.Request:
    request.headers["Authorization"] = f"Bearer {token}"
    return request


def _refuse_unless_ok(answer: httpx.Response) -> None:
    status = answer.status_code
    if 300 <= status < 400:
        raise ServerTrouble(Trouble.REDIRECTED)
    if status in KNOWN:
        raise ServerTrouble(KNOWN[status])
    if status >= 500:
        raise ServerTrouble(Trouble.SERVER_ERROR)
    if status != 200:
        said = b"".join(_pieces(answer, LARGEST_ANSWER))
        missing = status == 404 and b"RESOURCE_DOES_NOT_EXIST" in said
        otherwise = Trouble.SERVER_ERROR if b"error_code" in said else Trouble.NOT_MLFLOW
        raise ServerTrouble(Trouble.MISSING if missing else otherwise)
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise ServerTrouble(
            Trouble.NOT_MLFLOW
        )  # nobody asked for it, and a small one may unpack to a huge one


def _pieces(answer: httpx.Response, limit: int) -> Iterator[bytes]:
    size = 0
    for piece in answer.iter_raw():
        size += len(piece)
        if size > limit:
            raise ServerTrouble(Trouble.TOO_MUCH)
        yield piece


def _object(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as unreadable:
        raise ServerTrouble(Trouble.NOT_MLFLOW) from unreadable
    if not isinstance(said, dict):
        raise ServerTrouble(Trouble.NOT_MLFLOW)
    return said
