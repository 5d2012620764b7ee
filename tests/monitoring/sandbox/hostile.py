"""Jobs as a stranger would write them, had they got code into a file of a model. They run inside the sandbox."""

from __future__ import annotations

import ctypes
import json
import os
import socket
import time
from pathlib import Path
from typing import Any

SIGSEGV, SIGKILL = 11, 9


def honest(files: dict[str, Path], params: Any, progress: Any) -> dict[str, Any]:
    progress(40, "scoring")
    return {"read": {key: path.read_text() for key, path in files.items()}, "params": params}


def surroundings(files: dict[str, Path], params: Any, progress: Any) -> dict[str, Any]:
    """What is left of a process: names of variables, numbers of open files, own number, whether it may gain rights."""
    held = [number for number in range(256) if _is_open(number)]
    nobody_new = ctypes.CDLL(None).prctl(39, 0, 0, 0, 0)
    return {
        "variables": sorted(os.environ),
        "held": held,
        "no_new_privileges": nobody_new,
        "pid": os.getpid(),
    }


def scratch(files: dict[str, Path], params: Any, progress: Any) -> dict[str, Any]:
    Path("note").write_text("kept nowhere")
    return {"note": Path("note").read_text(), "here": str(Path.cwd())}


def fill_scratch(files: dict[str, Path], params: int, progress: Any) -> dict[str, Any]:
    for number in range(params):
        Path(f"part{number}").write_bytes(bytes(16 << 20))
    return {}


def connect(files: dict[str, Path], params: Any, progress: Any) -> dict[str, Any]:
    with socket.socket(socket.AF_UNIX if isinstance(params, str) else socket.AF_INET) as link:
        link.connect(params if isinstance(params, str) else tuple(params))
    return {}


def read(files: dict[str, Path], params: str, progress: Any) -> dict[str, Any]:
    return {"read": Path(params).read_text()}


def write(files: dict[str, Path], params: str, progress: Any) -> dict[str, Any]:
    Path(params).write_text("written")
    return {}


def write_input(files: dict[str, Path], params: None, progress: Any) -> dict[str, Any]:
    files["data"].write_text("changed")
    return {}


def fork(files: dict[str, Path], params: None, progress: Any) -> dict[str, Any]:
    if os.fork() == 0:
        os._exit(0)
    return {}


def start_a_program(files: dict[str, Path], params: None, progress: Any) -> dict[str, Any]:
    os.execv("/bin/true", ["true"])


def signal_the_worker(files: dict[str, Path], params: int, progress: Any) -> dict[str, Any]:
    os.kill(params, 0)
    return {}


def raise_the_limit(files: dict[str, Path], params: int, progress: Any) -> dict[str, Any]:
    """Of somebody else: the worker."""
    import resource

    resource.prlimit(params, resource.RLIMIT_NOFILE)
    return {}


def call_by_number(files: dict[str, Path], params: int, progress: Any) -> dict[str, Any]:
    """A system call that no function of Python makes."""
    libc = ctypes.CDLL(None, use_errno=True)
    return {"answer": libc.syscall(params, 0, 0, 0, 0), "errno": ctypes.get_errno()}


def grow(files: dict[str, Path], params: int, progress: Any) -> dict[str, Any]:
    return {"taken": len(bytearray(params))}


def say_much(files: dict[str, Path], params: int, progress: Any) -> dict[str, Any]:
    return {"much": "x" * params}


def spin(files: dict[str, Path], params: None, progress: Any) -> dict[str, Any]:
    while True:
        sum(range(1000))


def sleep(files: dict[str, Path], params: float, progress: Any) -> dict[str, Any]:
    progress(1, "scoring")
    time.sleep(params)
    return {}


def crash(files: dict[str, Path], params: None, progress: Any) -> dict[str, Any]:
    ctypes.string_at(0)
    return {}


def leave(files: dict[str, Path], params: int, progress: Any) -> dict[str, Any]:
    os._exit(params)


def break_down(files: dict[str, Path], params: None, progress: Any) -> dict[str, Any]:
    raise KeyError("a value of the data")


def say_raw(files: dict[str, Path], params: str, progress: Any) -> dict[str, Any]:
    """Past the code that speaks for us: straight into every file that is open."""
    for number in range(3, 256):
        if _is_open(number):
            os.write(number, params.encode() + b"\n")
    os._exit(0)


def say_deep(files: dict[str, Path], params: int, progress: Any) -> dict[str, Any]:
    return say_raw(files, '{"answer": ' + "[" * params + "]" * params + "}", progress)


def pretend(files: dict[str, Path], params: dict[str, Any], progress: Any) -> dict[str, Any]:
    """Whatever it was told to answer."""
    return dict(json.loads(json.dumps(params)))


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
