"""A process that has imported what jobs need and nothing else: no settings, no secret, no connection. It forks for each.

`python -m monitoring.sandbox.template <socket> <module>…` serves until nobody holds the other end of its socket.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from monitoring.sandbox.child import Order, Pipes, be_the_warden
from monitoring.sandbox.limits import Limits

MOST_HANDED = 4


def serve(link: socket.socket) -> None:
    gc.freeze()
    while True:
        word, handed, _flags, _address = socket.recv_fds(link, 16, MOST_HANDED)
        if not word:
            return
        if len(handed) == MOST_HANDED:
            _start(link, *handed)
        for each in handed:
            os.close(each)


def _start(link: socket.socket, asked: int, writing: int, ended: int, lifeline: int) -> None:
    order = _read(asked)
    with warnings.catch_warnings():
        # The libraries leave idle threads behind when they are imported; the child needs none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        link.detach()
        be_the_warden(order, Pipes(writing, ended, lifeline))


def _read(asked: int) -> Order:
    with open(os.dup(asked), "rb") as file:  # noqa: PTH123 - a file that has no path
        said = json.loads(file.read())
    files = {key: Path(path) for key, path in said["files"].items()}
    return Order(said["entry"], files, said["params"], said["level"], Limits(**said["limits"]))


def main(arguments: Sequence[str]) -> None:
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # a Ctrl-C in the terminal is for who asks us; we end with them
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the wardens bury themselves
    for module in arguments[1:]:
        importlib.import_module(module)
    serve(socket.socket(fileno=int(arguments[0])))


if __name__ == "__main__":
    main(sys.argv[1:])
    os._exit(0)  # the libraries would complain at length of what an orderly end leaves behind
