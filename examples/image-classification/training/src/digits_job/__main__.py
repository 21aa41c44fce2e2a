"""What the job runs: from a version of the data set to a model in the bucket, and a result that describes it."""

import os
import sys
import time
from collections.abc import Sequence

import ray
from model_registry import Bucket, BucketError, Dataset, RegistryError
from model_registry.artifacts import checksum

from digits_job import result
from digits_job.checkpoints import Checkpoints
from digits_job.examples import Examples, ExamplesError
from digits_job.model import ModelError, accuracy, export
from digits_job.settings import Settings
from digits_job.team import TeamError
from digits_job.training import train

DATASET = "digits"


def main(arguments: Sequence[str]) -> None:
    """Read, train, evaluate, store; each step is one line of the log."""
    settings = Settings.from_arguments(arguments)
    bucket = Bucket.from_environment(os.environ)
    if result.is_done(bucket, settings.submission_id, settings.dataset, settings.seed):
        print(f"{bucket.uri(result.key(settings.submission_id))} is there already: nothing is left to do", flush=True)
        return
    began = time.monotonic()
    examples = Examples.load(Dataset(bucket, DATASET), settings.dataset)
    print(
        f"version {settings.dataset} of the data set: {len(examples.training)} pictures to train with, "
        f"{len(examples.held_out)} held out, {examples.unreadable} unreadable",
        flush=True,
    )
    ray.init(log_to_driver=False)
    purpose = f"{settings.dataset} {settings.seed} {settings.workers} {settings.rounds} {result.code()}"
    checkpoints = Checkpoints(bucket, settings.submission_id, purpose)
    trained = train(examples.training, settings, checkpoints)
    model = export(trained.vector)
    measured = accuracy(model, trained.vector, examples.held_out)
    print(f"accuracy on the pictures held out: {measured:.4f}", flush=True)
    artifact = result.artifact_key(settings.submission_id)
    bucket.put(artifact, model)
    result.Result(
        submission_id=settings.submission_id,
        dataset=settings.dataset,
        code=result.code(),
        seed=settings.seed,
        artifact=artifact,
        sha256=checksum(model),
        accuracy=measured,
        training=len(examples.training),
        held_out=len(examples.held_out),
        unreadable=examples.unreadable,
        nodes=trained.nodes,
        rounds=settings.rounds,
        resumed_from=trained.resumed_from,
        losses=trained.losses,
        seconds=round(time.monotonic() - began, 1),
    ).store(bucket)
    # Only now: until here the job could have been submitted again.
    checkpoints.clear()
    print(f"stored {bucket.uri(artifact)}, sha256 {checksum(model)}", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (BucketError, RegistryError, ExamplesError, TeamError, ModelError) as error:
        sys.exit(str(error))
