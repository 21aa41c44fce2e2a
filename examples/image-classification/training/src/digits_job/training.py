"""The training: round by round, all workers at once, and from the last checkpoint if there is one."""

from dataclasses import dataclass

import numpy as np
from digits.samples import Sample

from digits_job.checkpoints import Checkpoints
from digits_job.network import Learner, Vector
from digits_job.settings import Settings
from digits_job.team import Team


@dataclass(frozen=True)
class Trained:
    """What a training ended with."""

    vector: Vector
    nodes: list[str]
    """Ids of all nodes that took part since it was submitted last."""
    resumed_from: int | None
    """The round of the checkpoint that it went on from."""
    losses: int
    """How often it lost a worker."""


def train(sample: Sample, settings: Settings, checkpoints: Checkpoints) -> Trained:
    """Train with `sample`. The same sample and settings give the same network, whatever gets lost on the way."""
    learner = checkpoints.resume()
    resumed_from = learner.rounds_done if learner else None
    if learner is None:
        learner = Learner.new(settings.seed)
    else:
        print(f"goes on after round {learner.rounds_done}", flush=True)
    shares = [
        Sample(sample.pictures[index :: settings.workers], sample.labels[index :: settings.workers])
        for index in range(settings.workers)
    ]
    team = Team(shares, settings.seed, settings.patience_seconds)
    try:
        while learner.rounds_done < settings.rounds:
            slopes, losses = zip(*team.gradients(learner.vector, learner.rounds_done + 1), strict=True)
            learner.step(np.mean(slopes, axis=0, dtype=np.float32), settings.rounds)
            if learner.rounds_done % settings.checkpoint_rounds == 0 and learner.rounds_done < settings.rounds:
                checkpoints.save(learner)
                print(f"round {learner.rounds_done} of {settings.rounds}: loss {np.mean(losses):.4f}", flush=True)
    finally:
        team.dismiss()
    return Trained(learner.vector, sorted(team.nodes), resumed_from, team.losses)
