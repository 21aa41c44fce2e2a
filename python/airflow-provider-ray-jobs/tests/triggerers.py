"""Triggerers of a real Airflow, for a test to kill."""

import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

from processes import MARK, die_with_the_tests, free_ports, kill_marked, until


class Triggerer:
    """One of them, and all that it has started."""

    def __init__(self, home: Path, number: int) -> None:
        self._mark = uuid.uuid4().hex
        self._log = home / f"triggerer-{number}.log"
        self._logs = home / "logs"
        port = str(free_ports(1)[0])
        with self._log.open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "airflow", "triggerer", "--skip-serve-logs"],
                env={**os.environ, MARK: self._mark, "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": port},
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_the_tests,  # noqa: PLW1509 - the tests have no threads then
            )

    def kill(self) -> None:
        self._process.kill()
        kill_marked(self._mark)
        self._process.wait()

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)

    @property
    def output(self) -> str:
        """Read what it has printed, and what triggers have written into the logs of their tasks."""
        logs = [self._log, *self._logs.rglob("*.trigger.*.log")]
        return "".join(log.read_text(errors="replace") for log in logs)

    def until_it_says(self, *words: str) -> None:
        def said() -> bool:
            assert self._process.poll() is None, self.output
            return any(all(word in line for word in words) for line in self.output.splitlines())

        until(said, f"a triggerer says {words}")


class Airflow:
    """Has one of them, and ends all."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._started: list[Triggerer] = []
        self.start_triggerer()

    @property
    def triggerer(self) -> Triggerer:
        return self._started[-1]

    def start_triggerer(self) -> None:
        self._started.append(Triggerer(self._home, len(self._started)))

    def close(self) -> None:
        for triggerer in self._started:
            triggerer.kill()
