"""`python -m governance.config.embedded status|stop|roles`: needs no Django and starts nothing.

roles prints the SQL that the administrator of a server of one's own runs once.
"""

from __future__ import annotations

import argparse
import sys

from governance.config.embedded import roles
from governance.config.env import env


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m governance.config.embedded", description=__doc__)
    parser.add_argument("verb", choices=["status", "stop", "roles"])
    verb = parser.parse_args().verb
    if verb == "roles":
        sys.stdout.write(roles.script())
        return 0
    servers = env().servers
    if verb == "stop":
        servers.stop()
    for name, server in (("postgres", servers.postgres), ("valkey", servers.valkey)):
        sys.stdout.write(f"{name:9} {'running' if server.running() else 'stopped'}  {server.root}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
