"""What each worker does, for itself and on its own share of the pictures."""

import os
from typing import NamedTuple

import numpy as np
import ray
from digits.samples import Sample, vary

from digits_job.network import Vector, gradient

VARIATIONS = 30
"""Variations of every picture that are added to it: users draw in more ways than the data set knows."""
BATCH = 256
"""Examples that a worker looks at in a round."""


class Place(NamedTuple):
    """Where a worker is."""

    node: str
    process: int


class Member:
    """A worker. What it answers depends on what it is asked, and on nothing that it was asked before."""

    def __init__(self, share: Sample, seed: int) -> None:
        """Vary the pictures of its share."""
        self.seed = seed
        self.sample = vary(share, VARIATIONS, seed)
        self.rows = self.sample.rows()

    def place(self) -> Place:
        """Say where it is."""
        return Place(ray.get_runtime_context().get_node_id(), os.getpid())

    def gradient(self, vector: Vector, number: int) -> tuple[Vector, float]:
        """Give the slope and the loss of the network on the examples of round `number`."""
        random = np.random.default_rng((self.seed, number))
        chosen = random.integers(0, len(self.rows), BATCH)
        return gradient(vector, self.rows[chosen], self.sample.labels[chosen])
