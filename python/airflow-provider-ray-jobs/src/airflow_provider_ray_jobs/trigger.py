"""Waits for a job in the triggerer, where thousands wait in one process."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from airflow_provider_ray_jobs import api
from airflow_provider_ray_jobs.client import AsyncClient
from airflow_provider_ray_jobs.errors import JobNotFoundError, RequestError, TransientError
from airflow_provider_ray_jobs.hook import RayJobsHook
from airflow_provider_ray_jobs.identity import RESUBMISSION, number_in
from airflow_provider_ray_jobs.patience import Patience, delays
from airflow_provider_ray_jobs.task_state import DEFERRED, task_state

ENDED, LOST, LATE, GIVEN_UP = "ended", "lost", "late", "given up"
STOP_SECONDS = 25.0
"""Less than what Airflow gives `on_kill`."""


class RayJobTrigger(BaseTrigger):
    """Fires when the job has ended, when Ray has lost it, when it is late, or when waiting makes no sense any more."""

    def __init__(  # noqa: PLR0913 - all of them have names
        self,
        *,
        ray_conn_id: str,
        submission_id: str,
        resubmission: int,
        poll_seconds: float,
        patience_seconds: float,
        deadline: str | None = None,
        stop_on_kill: bool = True,
    ) -> None:
        """Take what `serialize` has written."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.ray_conn_id = ray_conn_id
        self.submission_id = submission_id
        self.resubmission = resubmission
        self.poll_seconds = poll_seconds
        self.patience_seconds = patience_seconds
        self.deadline = deadline
        self.stop_on_kill = stop_on_kill

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Write down what another triggerer needs to go on."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {
                "ray_conn_id": self.ray_conn_id,
                "submission_id": self.submission_id,
                "resubmission": self.resubmission,
                "poll_seconds": self.poll_seconds,
                "patience_seconds": self.patience_seconds,
                "deadline": self.deadline,
                "stop_on_kill": self.stop_on_kill,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait, and fire once."""
        await self._warm_up()
        try:
            happened = await self._wait()
        except asyncio.CancelledError:
            # Airflow 3.3 and later call `on_kill`, which says more than this does.
            if not hasattr(BaseTrigger, "on_kill"):
                await self.on_kill()
            raise
        # What a task must know to go on: it is another process than the one that has deferred.
        known = {name: getattr(self, name) for name in ("submission_id", "resubmission", "deadline")}
        yield TriggerEvent({**known, **happened})  # type: ignore[no-untyped-call]

    async def on_kill(self) -> None:
        """Stop the job, unless the task still waits for it.

        Airflow takes a trigger away when the user has cleared, failed or otherwise decided about the task, but also
        when the triggerer shuts down, or when another one takes over what this one seemed too slow for. Then the task
        is still deferred, and the job must go on. Where the state cannot be looked up, it goes on as well.
        """
        if not self.stop_on_kill:
            return
        try:
            async with asyncio.timeout(STOP_SECONDS):
                state = await task_state(self.task_instance)
                if state == DEFERRED:
                    self.log.info("the task is still deferred: the Ray job %s goes on", self.submission_id)
                    return
                self.log.info("the task is %s: stopping the Ray job %s", state or "cleared", self.submission_id)
                async with await RayJobsHook(self.ray_conn_id).aget_conn() as ray:
                    await self._stop(ray)
        except Exception:
            # Whoever cancelled this is not interested; whoever reads the log is.
            self.log.exception("failed to stop the Ray job %s, which may go on", self.submission_id)

    async def _warm_up(self) -> None:
        """Ask for the task's state once: a triggerer of Airflow 3 takes seconds over the first such question.

        They are not to be had any more when the answer is needed.
        """
        if not hasattr(BaseTrigger, "on_kill"):
            return
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await task_state(self.task_instance)
        except Exception:
            self.log.exception("failed to look up the task's state: a kill of the task would not stop the Ray job")

    async def _wait(self) -> dict[str, Any]:
        patience = Patience(self.patience_seconds)
        async with await RayJobsHook(self.ray_conn_id).aget_conn() as ray:
            while self._seconds_left() > 0:
                try:
                    job = await ray.once(api.job(self.submission_id))
                    patience.recover()
                    if job.ended:
                        return {"kind": ENDED, "job": job.to_event()}
                except JobNotFoundError as error:
                    return {"kind": LOST, "message": str(error)}
                except TransientError as error:
                    if patience.left <= 0:
                        return {"kind": GIVEN_UP, "message": str(error)}
                    patience.bear(error)
                    self.log.warning("%s; asking again", error)
                except RequestError as error:
                    return {"kind": GIVEN_UP, "message": str(error)}
                await asyncio.sleep(min(self.poll_seconds, self._seconds_left()))
            return await self._late(ray)

    async def _late(self, ray: AsyncClient) -> dict[str, Any]:
        # Here and not in the task: Airflow 2 gives one that is late no more time for anything.
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._stop(ray)
        except (TimeoutError, RequestError) as error:
            return {"kind": LATE, "message": f"failed to stop it: {error}"}
        return {"kind": LATE, "message": "it was stopped"}

    async def _stop(self, ray: AsyncClient) -> None:
        """Stop the job that this trigger waits for, and not one that was submitted again after it was lost."""
        for delay in delays():
            try:
                job = await ray.once(api.job(self.submission_id))
                if not job.ended and number_in(job.metadata, RESUBMISSION) == self.resubmission:
                    await ray.once(api.stop(self.submission_id))
            except JobNotFoundError:
                pass
            except TransientError as error:
                self.log.warning("%s; trying again", error)
                await asyncio.sleep(delay)
                continue
            return

    def _seconds_left(self) -> float:
        if self.deadline is None:
            return float("inf")
        return (datetime.fromisoformat(self.deadline) - datetime.now(UTC)).total_seconds()
