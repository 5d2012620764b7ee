"""Makes the material of all stories, one after the other, at low priority: `python -m governance.demo.training <folder>`.

One process, because the science libraries take longer to import than the models to train.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

STORIES = ("mortgage", "trading", "corporate")
"""Stories that have a module `governance.demo.<story>.training` with `main(folder)`, in the order they are needed."""

NICENESS = 5


def main(folder: Path) -> None:
    """Fill one folder for each story that has none yet."""
    os.nice(NICENESS)
    for story in STORIES:
        if not (folder / story / "facts.json").exists():
            import_module(f"governance.demo.{story}.training").main(folder / story)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
