"""What a process has loaded when it begins to work stays until it ends."""

from __future__ import annotations

import gc

BETWEEN_LOOKS = 20_000
"""New values between two looks for garbage: one page makes as many and leaves none of them in a circle."""


def set_aside() -> None:
    """Call once, when everything is loaded: looking through it for garbage would stop a request for a tenth of a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(BETWEEN_LOOKS, *gc.get_threshold()[1:])
