"""How long a server that does not answer is waited for."""

import time
from collections.abc import Callable, Iterator

from airflow_provider_ray_jobs.errors import TransientError

FIRST_DELAY = 0.5
LONGEST_DELAY = 8.0


class Patience:
    """Bears failures that may pass for so many seconds from the first one on. An answer makes it as long as before."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with all of it."""
        self._seconds = seconds
        self._clock = clock
        self._since: float | None = None

    def bear(self, error: TransientError) -> None:
        """Let a failure pass, or raise it."""
        if self.left <= 0:
            raise error
        if self._since is None:
            self._since = self._clock()

    def recover(self) -> None:
        """Have seen an answer."""
        self._since = None

    @property
    def left(self) -> float:
        """Count the seconds that are left."""
        return self._seconds if self._since is None else self._seconds - (self._clock() - self._since)


def delays() -> Iterator[float]:
    """Tell how long to wait before each further attempt."""
    delay = FIRST_DELAY
    while True:
        yield delay
        delay = min(2 * delay, LONGEST_DELAY)
