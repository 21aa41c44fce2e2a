"""Airflow: which runs of the pipeline's DAGs there were. A token is asked for when it is needed, and not before."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Self
from urllib.parse import quote

from pipeline_app.sources.environment import public, required, service
from pipeline_app.sources.errors import AbsentError, RefusedError, StrangeError
from pipeline_app.sources.runs import Run, State, moment
from pipeline_app.sources.web import Answer, Service

RUNS = 6
"""How many runs are asked for."""
STATES = {
    "queued": State.WAITING,
    "running": State.RUNNING,
    "success": State.SUCCEEDED,
    "failed": State.FAILED,
}
NOT_LET_IN = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
"""Of a token that has expired Airflow says the one, and the other if the key has changed that it was signed with."""


@dataclass
class Airflow:
    """Airflow's API, and an account for it. Visitors share one, and with it the token."""

    service: Service
    username: str
    password: str = field(repr=False)
    public_url: str | None = None
    _token: str | None = field(default=None, repr=False)
    _alone: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Take what `AIRFLOW_URL`, `AIRFLOW_USERNAME`, `AIRFLOW_PASSWORD` and `AIRFLOW_PUBLIC_URL` say."""
        return cls(
            Service("Airflow", service(environment, "AIRFLOW_URL")),
            required(environment, "AIRFLOW_USERNAME"),
            required(environment, "AIRFLOW_PASSWORD"),
            public(environment, "AIRFLOW_PUBLIC_URL"),
        )

    def runs(self, dag: str) -> list[Run]:
        """Give the latest runs of a DAG, newest first; none of a DAG that Airflow has not read yet."""
        path = f"/api/v2/dags/{quote(dag, safe='')}/dagRuns"
        try:
            answer = self._get(path, {"limit": RUNS, "order_by": "-run_after"}).record()
        except AbsentError:
            return []
        try:
            return [self._run(dag, run) for run in answer["dag_runs"]]
        except (KeyError, TypeError, AttributeError) as error:
            raise StrangeError("Airflow's answer is no list of runs.") from error

    def link(self, dag: str, run: str) -> str | None:
        """Give the page of a run."""
        if self.public_url is None:
            return None
        return f"{self.public_url}/dags/{quote(dag, safe='')}/runs/{quote(run, safe='')}"

    def _run(self, dag: str, run: Mapping[str, object]) -> Run:
        name = str(run["dag_run_id"])
        return Run(
            name=name,
            state=STATES.get(str(run.get("state")), State.UNKNOWN),
            began=moment(run.get("start_date")),
            ended=moment(run.get("end_date")),
            link=self.link(dag, name),
        )

    def _get(self, path: str, query: Mapping[str, str | int]) -> Answer:
        """Ask with the token; if it is no longer taken, with a new one, once."""
        token = self._current_token()
        answer = self._ask(path, query, token)
        if answer.status in NOT_LET_IN:
            answer = self._ask(path, query, self._current_token(instead_of=token))
        if answer.status in NOT_LET_IN:
            raise RefusedError("Airflow does not let the account of AIRFLOW_USERNAME read runs.")
        return answer.check()

    def _ask(self, path: str, query: Mapping[str, str | int], token: str) -> Answer:
        return self.service.ask("GET", path, query=query, headers={"Authorization": f"Bearer {token}"})

    def _current_token(self, instead_of: str | None = None) -> str:
        with self._alone:
            # Another visitor may have brought a new one meanwhile.
            if self._token is None or self._token == instead_of:
                self._token = None
                self._token = self._new_token()
            return self._token

    def _new_token(self) -> str:
        account = {"username": self.username, "password": self.password}
        answer = self.service.ask("POST", "/auth/token", json=account)
        if answer.status in {HTTPStatus.BAD_REQUEST, *NOT_LET_IN}:
            raise RefusedError(
                "Airflow knows no such account: AIRFLOW_USERNAME and AIRFLOW_PASSWORD must be those of an account "
                "that may read runs."
            )
        token = answer.check().record().get("access_token")
        if not isinstance(token, str) or not token:
            raise StrangeError("Airflow's answer holds no token.")
        return token
