"""Writing under a condition, again and again: for as long as others are faster, from what they have left."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from model_registry.errors import ChangedError, PresentError, RegistryError

Outcome = TypeVar("Outcome")

ATTEMPTS = 200
"""How often a write may come second before it is given up: each time somebody else's was done."""
FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 2.0


def until_first(attempt: Callable[[], Outcome], what: str) -> Outcome:
    """Do `attempt`, which reads and then writes, until its write is done; a `RegistryError` if it never is."""
    longest_pause = FIRST_PAUSE_SECONDS
    for _ in range(ATTEMPTS):
        try:
            return attempt()
        except (ChangedError, PresentError):
            time.sleep(random.uniform(0, longest_pause))  # noqa: S311 - no secret
            longest_pause = min(2 * longest_pause, LONGEST_PAUSE_SECONDS)
    raise RegistryError(f"failed to {what}: others were faster {ATTEMPTS} times")
