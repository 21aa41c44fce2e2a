"""The workers, each on a node of its own. Those that get lost are placed again, wherever there is room."""

import time
from collections.abc import Sequence
from typing import Any

import ray
from digits.samples import Sample
from ray.exceptions import (
    ActorPlacementGroupRemoved,
    ActorUnschedulableError,
    GetTimeoutError,
    ObjectLostError,
    RayActorError,
)
from ray.util.placement_group import PlacementGroup, placement_group, remove_placement_group
from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

from digits_job.member import Member, Place
from digits_job.network import Vector

CPUS = 0.5
"""Processors that a worker claims: less than a small node has, so that what serves finds room beside it."""
ATTEMPTS = 5
"""How often one and the same round may lose a worker."""
SECONDS_FOR_A_ROUND = 120
"""More than it takes to make the variations, which the first round waits for."""
SECONDS_BETWEEN_NEWS = 5
LOST = (ActorPlacementGroupRemoved, ActorUnschedulableError, GetTimeoutError, ObjectLostError, RayActorError)
"""What Ray says if a worker, or the node that it was on, is no more."""


class TeamError(Exception):
    """There are no workers to train with."""


class Team:
    """As many workers as there are shares."""

    def __init__(self, shares: Sequence[Sample], seed: int, patience_seconds: float) -> None:
        """Say what is to be shared; workers are placed when there is work."""
        self.shares = shares
        self.seed = seed
        self.patience_seconds = patience_seconds
        self.group: PlacementGroup | None = None
        self.members: list[Any] = []
        self.nodes: set[str] = set()
        """Ids of all nodes on which there were workers."""
        self.losses = 0
        """How often a worker was lost."""

    def gradients(self, vector: Vector, number: int) -> list[tuple[Vector, float]]:
        """Have each worker do its part of round `number`, in the order of the shares; a `TeamError` if it cannot be."""
        for _ in range(ATTEMPTS):
            try:
                if not self.members:
                    self._place()
                answers = [member.gradient.remote(vector, number) for member in self.members]
                done: list[tuple[Vector, float]] = ray.get(answers, timeout=SECONDS_FOR_A_ROUND)
            except LOST as error:
                self.losses += 1
                print(f"round {number} lost a worker, and is done again: {_first_line(error)}", flush=True)
                self.dismiss()
            else:
                return done
        raise TeamError(f"round {number} lost a worker {ATTEMPTS} times, and is given up")

    def dismiss(self) -> None:
        """End all workers, also those that are left of a team that lost some."""
        for member in self.members:
            ray.kill(member)
        self.members = []
        if self.group is not None:
            remove_placement_group(self.group)
            self.group = None

    def _place(self) -> None:
        self.group = placement_group([{"CPU": CPUS} for _ in self.shares], strategy="STRICT_SPREAD")
        self._wait(self.group)
        worker = ray.remote(Member)
        self.members = [
            worker.options(
                num_cpus=CPUS,
                scheduling_strategy=PlacementGroupSchedulingStrategy(self.group, placement_group_bundle_index=index),
            ).remote(share, self.seed * len(self.shares) + index)
            for index, share in enumerate(self.shares)
        ]
        places: list[Place] = ray.get([member.place.remote() for member in self.members], timeout=SECONDS_FOR_A_ROUND)
        self.nodes.update(place.node for place in places)
        for index, place in enumerate(places):
            print(f"worker {index} is process {place.process} on node {place.node}", flush=True)

    def _wait(self, group: PlacementGroup) -> None:
        deadline = time.monotonic() + self.patience_seconds
        while not group.wait(max(0, min(SECONDS_BETWEEN_NEWS, deadline - time.monotonic()))):
            wanted = f"{len(self.shares)} workers need as many nodes with {CPUS} processors free"
            found = f"the cluster has {_nodes()}"
            if time.monotonic() >= deadline:
                raise TeamError(
                    f"{wanted}, and {found}; waited {self.patience_seconds:g} seconds: add nodes to the cluster, "
                    "or wait until other jobs have ended"
                )
            print(f"{wanted}, and {found}: waiting", flush=True)


def _nodes() -> str:
    """Say which nodes there are, and how many processors each of them has."""
    nodes = [node for node in ray.nodes() if node["Alive"]]  # type: ignore[no-untyped-call]
    found = [f"{node['NodeID'][:8]} with {node['Resources'].get('CPU', 0):g}" for node in nodes]
    return f"{len(found)}: {', '.join(found)}"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
