"""`python -m governance.config.hermetic COMMAND…` runs it in a SENIM_HOME and with servers of its own.

With --durable before the command the database is as safe (and slow) as a real one. Whatever SENIM_… says
outside does not reach the command; everything is stopped and deleted afterwards.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from governance.config.embedded.servers import Servers
from governance.config.env import handed_on

PASSED_ON = (
    "SENIM_REQUIRE_BROWSER",
    "SENIM_REQUIRE_SPARK",
    "SENIM_REFERENCE_DATA",
    "SENIM_REQUIRE_REFERENCE_DATA",
)


def main(arguments: list[str]) -> int:
    durable = arguments[:1] == ["--durable"]
    command = arguments[1:] if durable else arguments
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="senim-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(
            0o711
        )  # PostgreSQL's account must get through when we are root; what lies inside is closed
        try:
            return _run(command, home=home, durable=durable)
        finally:
            Servers(home).discard()


def _run(command: list[str], *, home: Path, durable: bool) -> int:
    inherited = {name: value for name, value in handed_on({}).items() if not _is_ours(name)}
    # The models that are run here are our own, so a machine without a sandbox runs them all the same and says so.
    own = {"SENIM_HOME": str(home), "SENIM_DURABLE": "yes" if durable else "no", "SENIM_ISOLATION": "process"}
    child = subprocess.Popen(command, env={**inherited, **own})
    try:
        return child.wait()
    except KeyboardInterrupt:  # the terminal has told the child, too
        child.terminate()
        child.wait()
        return 130


def _is_ours(name: str) -> bool:
    return name.startswith("SENIM_") and name not in PASSED_ON


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
