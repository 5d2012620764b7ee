"""The connection beneath httpx: to the one address that was judged, and never longer than it was given.

httpx limits each single wait; a server that drips a byte now and then would keep us for ever. Here every wait ends with
the time of the whole answer, headers included.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

from monitoring.mlflow_link.address import Address


class Wire(httpx.BaseTransport):
    """Carries requests to `address`, whatever host they name (TLS still verifies that name)."""

    def __init__(self, address: Address) -> None:
        self._clock = _Clock()
        context = ssl.create_default_context()
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, network_backend=_Backend(address, self._clock), max_connections=1
        )

    def allow(self, seconds: float) -> None:
        """From now on everything together may take so long."""
        self._clock.until = time.monotonic() + seconds

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        answer = self._pool.handle_request(asked)
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer))

    def close(self) -> None:
        self._pool.close()


class _Clock:
    until = 0.0

    def left(self, wanted: float | None) -> float:
        """Raises httpcore.ReadTimeout where nothing is left."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if wanted is None else min(wanted, left)


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _Backend(httpcore.NetworkBackend):
    def __init__(self, address: Address, clock: _Clock) -> None:
        self._address, self._clock, self._real = address, clock, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._real.connect_tcp(str(self._address), port, timeout=self._clock.left(timeout))
        return _Stream(stream, self._clock)


class _Stream(httpcore.NetworkStream):
    def __init__(self, real: httpcore.NetworkStream, clock: _Clock) -> None:
        self._real, self._clock = real, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._real.read(max_bytes, self._clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._real.write(buffer, self._clock.left(timeout))

    def close(self) -> None:
        self._real.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        tls = self._real.start_tls(ssl_context, server_hostname, self._clock.left(timeout))
        return _Stream(tls, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._real.get_extra_info(info)
