"""Where PostgreSQL's files lie when the folder meant for them cannot be reached by its account."""

from __future__ import annotations

import os
import pwd
import secrets
import subprocess
from pathlib import Path

from governance.config.embedded.ground import EmbeddedFailed, run_as

# Tried in this order: some of them may be read-only.
PLACES = (Path("/var/lib/senim"), Path("/var/cache/senim"), Path("/opt/senim"))


def resting_place(root: Path, *, account: pwd.struct_passwd | None) -> Path:
    """`root` itself, or (a checkout below /root) a folder elsewhere that the link `root/elsewhere` names.

    We never open a directory that somebody closed. Call under the lock.
    """
    link = root / "elsewhere"
    if link.is_symlink() and link.is_dir():
        return link.readlink()
    if account is None or (root / "data").exists():
        return root
    root.chmod(0o711)  # ours; the secrets in it are 0600
    if _can_enter(root, account):
        return root
    place = _new_place(root)
    link.unlink(missing_ok=True)
    link.symlink_to(place)
    return place


def _can_enter(folder: Path, account: pwd.struct_passwd) -> bool:
    asked = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", folder],
        stderr=subprocess.DEVNULL,
        check=False,
        cwd="/",
        **run_as(account),
    )
    return asked.returncode == 0


def _new_place(root: Path) -> Path:
    """A new name each time, so that after `rm -r var` one truly starts afresh."""
    for parent in PLACES:
        place = parent / secrets.token_hex(6)
        try:
            parent.mkdir(mode=0o711, parents=True, exist_ok=True)
            place.mkdir(mode=0o711)
            (place / "belongs-to").write_text(os.fspath(root))
        except OSError:
            continue
        return place
    raise EmbeddedFailed(
        f"PostgreSQL's account cannot reach {root}; set SENIM_HOME to a folder outside of it."
    )
