import contextlib
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from pictures import data_url, jpeg, png, saved
from PIL import Image, ImageOps
from PIL.ExifTags import Base
from strokes import draw

from digits.picture import PictureError, digit_of_drawing, digit_of_upload

SEED = 1


@pytest.fixture
def seven() -> Image.Image:
    return draw(7, np.random.default_rng(SEED))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda picture: picture, id="as it is"),
        pytest.param(ImageOps.invert, id="white on black"),
        pytest.param(lambda picture: picture.resize((1400, 1400)), id="large"),
        pytest.param(lambda picture: picture.resize((56, 56)), id="small"),
        pytest.param(lambda picture: picture.convert("RGB"), id="in colours"),
        pytest.param(lambda picture: picture.convert("P"), id="with a palette"),
        pytest.param(lambda picture: picture.convert("1"), id="black and white"),
        pytest.param(lambda picture: picture.point(lambda shade: 90 + shade // 3), id="pale"),
        pytest.param(lambda picture: picture.convert("I;16").point(lambda shade: shade * 257), id="16 bits a point"),
        pytest.param(
            lambda picture: Image.merge("LA", (Image.new("L", picture.size), ImageOps.invert(picture))),
            id="transparent",
        ),
        pytest.param(lambda picture: ImageOps.expand(picture, (0, 300), "white"), id="on a tall sheet"),
    ],
)
def test_the_same_digit_is_seen_in_every_form(change: Callable[[Image.Image], Image.Image], seven: Image.Image) -> None:
    plain, changed = digit_of_upload(png(seven)), digit_of_upload(png(change(seven)))
    assert np.abs(plain - changed).mean() < 0.06


def test_a_photograph_is_turned_as_its_camera_says(seven: Image.Image) -> None:
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    photograph = saved(seven.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif)
    plain, read = digit_of_upload(jpeg(seven)), digit_of_upload(photograph)
    assert np.abs(plain - read).mean() < 0.06


def test_cells_have_the_form_of_the_data_set(seven: Image.Image) -> None:
    cells = digit_of_upload(png(seven))
    assert cells.shape == (8, 8)
    assert cells.dtype == np.float32
    assert cells.min() >= 0
    assert cells.max() <= 1
    assert cells.mean() == pytest.approx(0.31, abs=0.02)


def test_what_is_no_picture_is_said_so() -> None:
    for content in (b"", b"digit,label\n1,2\n", b"GIF89a" + bytes(20), saved(Image.new("L", (9, 9)), "BMP")):
        with pytest.raises(PictureError, match="This file is no picture"):
            digit_of_upload(content)


def test_a_picture_of_fifty_megapixels_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    content = png(Image.new("1", (10_000, 5_000)))
    monkeypatch.setattr(Image.Image, "convert", None)
    with pytest.raises(PictureError, match="This picture has 50 megapixels, and 16 is the most"):
        digit_of_upload(content)


def test_a_picture_that_claims_to_be_vast_is_refused() -> None:
    content = bytearray(png(Image.new("L", (1, 1))))
    size, checksum, header = slice(16, 24), slice(29, 33), slice(12, 29)
    content[size] = (60_000).to_bytes(4) * 2
    content[checksum] = zlib.crc32(content[header]).to_bytes(4)
    with pytest.raises(PictureError, match="hundreds of megapixels"):
        digit_of_upload(bytes(content))


def test_a_large_file_is_refused() -> None:
    with pytest.raises(PictureError, match="too large: 10 MB is the most"):
        digit_of_upload(bytes(10 * 2**20 + 1))


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_picture_with_nothing_on_it_is_said_so(shade: int) -> None:
    with pytest.raises(PictureError, match="There is nothing on this picture"):
        digit_of_upload(png(Image.new("L", (280, 280), shade)))


def test_an_empty_drawing_is_said_so() -> None:
    with pytest.raises(PictureError, match="There is nothing on this picture"):
        digit_of_drawing(data_url(png(Image.new("RGBA", (280, 280)))))


def test_a_drawing_is_read_as_an_upload_is(seven: Image.Image) -> None:
    content = png(seven)
    assert (digit_of_drawing(data_url(content)) == digit_of_upload(content)).all()


@pytest.mark.parametrize("drawing", [7, "", "data:text/plain;base64,AA==", ["data:image/png;base64,"]])
def test_what_no_canvas_sends_is_refused(drawing: object) -> None:
    with pytest.raises(PictureError, match="The browser sent no drawing"):
        digit_of_drawing(drawing)


@pytest.mark.parametrize("text", ["?", "A", "AAA\u00e4"])
def test_a_damaged_drawing_is_refused(text: str) -> None:
    with pytest.raises(PictureError, match="The browser sent a damaged drawing"):
        digit_of_drawing("data:image/png;base64," + text)


@pytest.mark.parametrize("save", [png, jpeg])
def test_damage_anywhere_is_never_more_than_a_message(save: Callable[[Image.Image], bytes], seven: Image.Image) -> None:
    whole = save(seven.resize((64, 64)))
    random = np.random.default_rng(SEED)
    refused = 0
    for _ in range(400):
        damaged = bytearray(whole)
        for position in random.integers(0, len(whole), 3):
            damaged[position] = int(random.integers(256))
        try:
            digit_of_upload(bytes(damaged[: random.integers(1, len(whole) + 1)]))
        except PictureError:
            refused += 1
    assert refused > 100


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (2, 2)])
def test_the_smallest_pictures_are_no_fault(size: tuple[int, int]) -> None:
    # Whether there is a digit on it may be answered either way; any other error fails the test.
    with contextlib.suppress(PictureError):
        assert digit_of_upload(png(Image.linear_gradient("L").resize(size))).shape == (8, 8)
