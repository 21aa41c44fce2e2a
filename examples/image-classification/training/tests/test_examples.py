import io

import pytest
import uploads
from digits.picture import digit_of_upload
from model_registry import Bucket, Dataset, IntegrityError
from model_registry.artifacts import checksum
from PIL import Image

from digits_job.examples import Examples, ExamplesError, is_held_out


@pytest.fixture(scope="module")
def files() -> list[tuple[bytes, str]]:
    return uploads.digits()[:100]


def test_what_is_held_out_stays_so_when_the_data_set_grows(dataset: Dataset, files: list[tuple[bytes, str]]) -> None:
    small = Examples.load(dataset, uploads.store(dataset, files[:60], "first").version)
    large = Examples.load(dataset, uploads.store(dataset, files[60:], "second").version)
    assert len(large.training) + len(large.held_out) == 100
    assert 5 <= len(large.held_out) <= 40
    for before, after, other in (
        (small.training, large.training, large.held_out),
        (small.held_out, large.held_out, large.training),
    ):
        assert {picture.tobytes() for picture in before.pictures} <= {picture.tobytes() for picture in after.pictures}
        assert not any(picture.tobytes() in {held.tobytes() for held in other.pictures} for picture in before.pictures)


def test_labels_stay_with_their_pictures(dataset: Dataset, files: list[tuple[bytes, str]]) -> None:
    examples = Examples.load(dataset, uploads.store(dataset, files, "first").version)
    expected = {digit_of_upload(content).tobytes(): int(label) for content, label in files}
    for part in (examples.training, examples.held_out):
        for picture, label in zip(part.pictures, part.labels, strict=True):
            assert expected[picture.tobytes()] == label


def test_blank_pictures_are_counted_and_left_out(dataset: Dataset, files: list[tuple[bytes, str]]) -> None:
    blank = io.BytesIO()
    Image.new("L", (32, 32), 255).save(blank, "PNG")
    manifest = uploads.store(dataset, [*files, (blank.getvalue(), "0")], "first")
    examples = Examples.load(dataset, manifest.version)
    assert (examples.unreadable, len(examples.training) + len(examples.held_out)) == (1, 100)


def test_a_picture_that_was_exchanged_is_refused(
    dataset: Dataset, bucket: Bucket, files: list[tuple[bytes, str]]
) -> None:
    manifest = uploads.store(dataset, files, "first")
    bucket.put(dataset.image_key(manifest.images[50].sha256), files[0][0])
    with pytest.raises(IntegrityError, match=f"and not {manifest.images[50].sha256}: it is not what was registered"):
        Examples.load(dataset, manifest.version)


def test_a_label_that_is_no_digit_is_refused(dataset: Dataset, files: list[tuple[bytes, str]]) -> None:
    manifest = uploads.store(dataset, [*files[:10], (files[10][0], "seven")], "first")
    with pytest.raises(ExamplesError, match="shows 'seven', which is no digit"):
        Examples.load(dataset, manifest.version)


@pytest.mark.parametrize("held_out", [True, False])
def test_too_few_pictures_are_said_so(dataset: Dataset, files: list[tuple[bytes, str]], held_out: bool) -> None:
    alike = [file for file in files if is_held_out(checksum(file[0])) == held_out][:4]
    counts = (0, 4) if held_out else (4, 0)
    with pytest.raises(ExamplesError, match="has {} readable pictures to train with and {} to hold".format(*counts)):
        Examples.load(dataset, uploads.store(dataset, alike, "first").version)
