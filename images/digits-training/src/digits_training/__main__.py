"""What the Job runs: from the data set to a stored model that the cluster knows of."""

import os
import sys

from digits.samples import Digits

from digits_training.classifier import accuracy, train
from digits_training.cluster import Cluster, ClusterError
from digits_training.settings import Settings, SettingsError
from digits_training.store import store

NOT_GOOD_ENOUGH = 3
"""Exit code where the model is worse than wanted. To try again is of no use: the same model would come of it."""


def main() -> None:
    """Train, evaluate, store, and publish; each step is one line of the log."""
    settings = Settings.from_environment(os.environ)
    # Asked for first: without it nobody could be told of the model.
    cluster = Cluster.of_this_pod(os.environ)
    digits = Digits.load(seed=settings.seed)
    print(f"{len(digits.training)} digits to train with, {len(digits.held_out)} held out", flush=True)
    model = train(digits.training, seed=settings.seed)
    measured = accuracy(model, digits.held_out)
    print(f"accuracy on the digits held out: {measured:.4f}", flush=True)
    if measured < settings.least_accuracy:
        print(
            f"the accuracy {measured:.4f} is less than {settings.least_accuracy}, the least that is wanted: "
            "nothing is stored, and the model that was served before stays",
            file=sys.stderr,
        )
        sys.exit(NOT_GOOD_ENOUGH)
    stored = store(model, settings.model_directory)
    print(f"stored {stored.file}, sha256 {stored.sha256}", flush=True)
    facts = {
        "accuracy": f"{measured:.4f}",
        "file": stored.file,
        "sha256": stored.sha256,
        "version": stored.version,
    }
    cluster.publish(settings.config_map, facts)
    print(f"published in the ConfigMap {settings.config_map}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except (ClusterError, SettingsError, OSError) as error:
        sys.exit(str(error))
