"""Processes that the tests start, and all that these start in turn: a mark in their environment tells them."""

import contextlib
import ctypes
import os
import random
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

MARK = "RAY_JOBS_TESTS_MARK"
# Neither ports that the kernel hands out, nor those of Ray's workers.
PORTS = range(20000, 32000)
_PR_SET_PDEATHSIG = 1


def free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on."""
    found: list[int] = []
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            return found
    raise AssertionError("no port is free")


def die_with_the_tests() -> None:
    """Be ended with the parent, however that ends: called in the child."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def marked(mark: str) -> Iterator[int]:
    """Find the processes that have inherited a mark."""
    entry = f"{MARK}={mark}".encode()
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            with contextlib.suppress(OSError):
                if entry in (folder / "environ").read_bytes().split(b"\0"):
                    yield int(folder.name)


def kill_marked(mark: str) -> None:
    """Kill them, and those that they may have started meanwhile."""

    def killed() -> bool:
        processes = list(marked(mark))
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return not processes

    until(killed, "the processes are gone")


def until(condition: Callable[[], object], what: str, seconds: float = 60, every: float = 0.1) -> None:
    """Wait for something, or fail."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(every)
