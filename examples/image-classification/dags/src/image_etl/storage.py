"""From judged files to the data set: images first, then the manifest, then the pointer to it.

All of it can be done again after a crash at any point, and ends the same: images are named by their content, and what
belongs to a batch stands in the manifest, where a further attempt finds it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from model_registry import Bucket, Dataset, Manifest, Picture

from image_etl.batches import QUARANTINE, UPLOADS, each
from image_etl.errors import BatchError
from image_etl.pictures import checksum, picture_of
from image_etl.rules import Outcome, Reason, Rules
from image_etl.state import File, State


def upload(bucket: Bucket, dataset: Dataset, state: State, rules: Rules) -> State:
    """Put aside what is quarantined, and add what is good to the data set, if there is any.

    Gives the batch with its last verdicts: duplicates are known only here.
    """
    if state.error:
        return _refused(bucket, state)
    contents = _pictures(bucket, state, rules)
    files = [replace(file, sha256=checksum(contents[file.name])) if file.is_open else file for file in state.files]
    before = dataset.current()
    judged = tell_apart(files, state.batch, before.images if before else ())
    good = [file for file in judged if file.is_open]
    if not good:
        return _refused(bucket, replace(state, files=tuple(judged), error=_nothing_good(state.batch, judged)))
    each(lambda file: dataset.store(contents[file.name]), good)
    manifest = dataset.extend(state.batch, [_entry(file, state.batch) for file in good])
    # Of two batches that were stored at once, only one has a picture that both have.
    judged = tell_apart(files, state.batch, manifest.images)
    if not _agrees(judged, state.batch, manifest):
        error = (
            f"the batch {state.batch} is in the data set already, with other files or labels, and does not change any "
            "more: upload what is new as another batch"
        )
        return _refused(bucket, replace(state, files=tuple(judged), error=error))
    _quarantine(bucket, state.batch, judged)
    return replace(state, files=tuple(judged), dataset=_first_with(state.batch, manifest, dataset).version)


def tell_apart(files: Iterable[File], batch: str, known: Iterable[Picture]) -> list[File]:
    """Judge what has the same picture as another file of the batch, or as the data set has from other batches."""
    others = {picture.sha256: picture.label for picture in known if picture.batch != batch}
    files = list(files)
    labels: defaultdict[str, set[str]] = defaultdict(set)
    for file in files:
        if file.is_open and file.sha256 and file.label:
            labels[file.sha256].add(file.label)
    for sha256 in labels.keys() & others.keys():
        labels[sha256].add(others[sha256])
    seen = set(others)
    judged = []
    for file in files:
        if not file.is_open or file.sha256 is None:
            judged.append(file)
        elif len(labels[file.sha256]) > 1:
            judged.append(replace(file, outcome=Outcome.QUARANTINED, reason=Reason.CONFLICTING_ANNOTATION))
        elif file.sha256 in seen:
            judged.append(replace(file, outcome=Outcome.REJECTED, reason=Reason.DUPLICATE))
        else:
            seen.add(file.sha256)
            judged.append(file)
    return judged


def _pictures(bucket: Bucket, state: State, rules: Rules) -> Mapping[str, bytes]:
    """Read the good files again, and bring them into form; a `BatchError` if one has changed meanwhile."""

    def bring(file: File) -> bytes:
        content = bucket.get(f"{UPLOADS}{state.batch}/{file.name}").content
        if checksum(content) != file.upload_sha256:
            raise BatchError(
                f"{file.name} of the batch {state.batch} has changed since it was looked at: "
                "leave a batch alone once it is complete, and run it again"
            )
        return picture_of(file, content, rules)

    good = [file for file in state.files if file.is_open]
    return dict(zip([file.name for file in good], each(bring, good), strict=True))


def _refused(bucket: Bucket, state: State) -> State:
    files = [
        replace(file, outcome=Outcome.QUARANTINED, reason=Reason.BATCH_REFUSED) if file.is_open else file
        for file in state.files
    ]
    _quarantine(bucket, state.batch, files)
    return replace(state, files=tuple(files))


def _quarantine(bucket: Bucket, batch: str, files: Iterable[File]) -> None:
    def put_aside(file: File) -> None:
        content = bucket.get(f"{UPLOADS}{batch}/{file.name}").content
        bucket.put(f"{QUARANTINE}{batch}/{file.name}", content)

    each(put_aside, [file for file in files if file.outcome is Outcome.QUARANTINED])


def _nothing_good(batch: str, files: Iterable[File]) -> str:
    found = Counter(str(file.reason) for file in files)
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(found.items()))
    return f"no file of the batch {batch} can be used: {reasons}"


def _agrees(files: Iterable[File], batch: str, manifest: Manifest) -> bool:
    """Tell whether the data set has just the good ones of the batch."""
    stored = {picture.sha256: picture.label for picture in manifest.images if picture.batch == batch}
    return {file.sha256: file.label for file in files if file.is_open} == stored


def _first_with(batch: str, manifest: Manifest, dataset: Dataset) -> Manifest:
    """Give the version that the batch came in with, though there may be later ones."""
    while manifest.parent:
        parent = dataset.manifest(manifest.parent)
        if batch not in parent.batches:
            break
        manifest = parent
    return manifest


def _entry(file: File, batch: str) -> Picture:
    if file.sha256 is None or file.label is None:
        raise BatchError(f"{file.name} of the batch {batch} is taken without a checksum or a label")
    return Picture(file.sha256, file.label, batch)
