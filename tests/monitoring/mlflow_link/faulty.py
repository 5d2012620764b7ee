"""A server that does not behave: each path of `answers` misbehaves in its own way. For faults only."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


def says(status: int, body: bytes = b"{}", **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


def drips(request: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for ever: no single wait is ever long."""
    request.send_response(200)
    request.send_header("Content-Length", "1000000")
    request.end_headers()
    _drip(request, b" ")


def drips_headers(request: BaseHTTPRequestHandler) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    _drip(request, b"a")


def _drip(request: BaseHTTPRequestHandler, byte: bytes) -> None:
    for _ in range(600):
        request.wfile.write(byte)
        request.wfile.flush()
        time.sleep(0.1)


def says_nothing(request: BaseHTTPRequestHandler) -> None:
    time.sleep(60)


def pours(request: BaseHTTPRequestHandler) -> None:
    """More than anybody asked for."""
    request.send_response(200)
    request.end_headers()
    for _ in range(64):
        request.wfile.write(b"x" * (1 << 20))


def breaks_off(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    request.wfile.write(b'{"')


@contextmanager
def faulty(answer: Answer) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Its address, and the headers of every request that came."""
    came: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came.append({"path": self.path, **dict(self.headers)})
            try:
                answer(self)
            except OSError:
                self.close_connection = True

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", came
    finally:
        server.shutdown()
        server.socket.close()
