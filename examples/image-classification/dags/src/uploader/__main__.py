"""Uploads a batch of digits with known faults: `python -m uploader --batch first --images 200 --faults 40 --seed 1`.

Prints events, one JSON object a line: `uploaded`, with what must become of each file, in the form of a report; and with
`--follow` then `report`, `champion` and `served`, each with the seconds since the upload.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from model_registry import Bucket, BucketError, RegistryError

from image_etl.batches import NAME, UPLOADS
from image_etl.rules import Rules
from uploader.follow import FollowError, Journey
from uploader.generate import DUPLICATE, FAULTS, generate, upload


def main(arguments: Sequence[str]) -> None:
    """Make a batch, write it to the bucket or to a folder, say what must become of it, and follow it."""
    options = _options(arguments)
    batch = generate(options.batch, options.images, options.faults, options.seed, options.kinds)
    if options.folder is not None:
        folder = options.folder / batch.name
        folder.mkdir(parents=True, exist_ok=True)
        upload(batch, lambda name, content: (folder / name).write_bytes(content))
        _tell("uploaded", expected=batch.expectation())
        return
    bucket = Bucket.from_environment(os.environ)
    upload(batch, lambda name, content: bucket.put(f"{UPLOADS}{batch.name}/{name}", content))
    _tell("uploaded", expected=batch.expectation())
    if options.follow is not None:
        model, serve_url = os.environ["MODEL"], os.environ["SERVE_URL"]
        _follow(Journey(bucket, batch.name, model, serve_url, options.follow))


def _follow(journey: Journey) -> None:
    report = journey.report()
    _tell("report", seconds=journey.seconds(), report=report)
    if report["error"]:
        raise FollowError(f"{journey.batch} was not taken: {report['error']}")
    version = journey.champion()
    _tell(
        "champion",
        seconds=journey.seconds(),
        version=version.version,
        accuracy=version.metrics["accuracy"],
        training=journey.training(version),
    )
    journey.served(version)
    _tell("served", seconds=journey.seconds(), version=version.version)


def _tell(event: str, **content: object) -> None:
    print(json.dumps({"event": event, **content}), flush=True)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("uploader", allow_abbrev=False)
    parser.add_argument("--batch", required=True, metavar="NAME", help="name of the batch, unlike all others")
    parser.add_argument("--images", default=200, type=int, metavar="N", help="files (default: 200)")
    parser.add_argument("--faults", default=40, type=int, metavar="N", help="how many of them are faulty (default: 40)")
    parser.add_argument("--seed", default=1, type=int, metavar="N", help="what every choice follows from (default: 1)")
    parser.add_argument(
        "--kinds", default=",".join((*FAULTS, DUPLICATE)), metavar="KIND,…", help="faults to choose from (default: all)"
    )
    parser.add_argument("--folder", type=Path, help="where to write the batch; the bucket, if not given")
    parser.add_argument(
        "--follow", type=float, metavar="SECONDS", help="wait so long until the model that it makes is served"
    )
    options = parser.parse_args(arguments)
    options.kinds = options.kinds.split(",")
    if not NAME.fullmatch(options.batch):
        parser.error(f"--batch: {options.batch!r} is no name: lower-case letters, digits and '-' make one, up to 63")
    if not 1 <= options.images <= Rules().most_files or not 0 <= options.faults <= options.images or options.seed < 0:
        parser.error("--images is from 1 to 10000, --faults from 0 to as many, and --seed from 0")
    unknown = set(options.kinds) - {*FAULTS, DUPLICATE}
    if unknown:
        parser.error(f"--kinds: there is no {', '.join(sorted(unknown))}; there are {', '.join((*FAULTS, DUPLICATE))}")
    if DUPLICATE in options.kinds and options.faults == options.images:
        parser.error("--kinds: a duplicate needs a file without a fault, so leave it out, or make fewer faults")
    if options.follow is not None:
        missing = [name for name in ("MODEL", "SERVE_URL") if not os.environ.get(name)]
        if options.folder is not None:
            parser.error("--follow: a batch in a folder goes nowhere: leave --folder or --follow out")
        if missing:
            parser.error(f"--follow: the environment lacks {' and '.join(missing)}")
    return options


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (BucketError, RegistryError, FollowError) as error:
        sys.exit(str(error))
