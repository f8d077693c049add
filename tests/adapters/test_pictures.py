"""Does every file become a small clean photo, or a clear refusal?"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from onboarding.adapters.pictures import PillowPictures
from onboarding.domain.errors import BadPicture
from onboarding.domain.portraits import LARGEST_KEPT, LARGEST_UPLOAD, SIDE
from tests.portraits import SPOT, drawn, opened, photo, saved

MAKER = PillowPictures()
BASE = {kind: saved(drawn((96, 96)), kind) for kind in ("JPEG", "PNG", "WEBP")}


def portrait(content: bytes) -> Image.Image:
    made = MAKER.portrait(content)
    assert len(made) <= LARGEST_KEPT
    picture = opened(made)
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert picture.width == picture.height <= SIDE
    assert not {*picture.info} & {"exif", "icc_profile", "comment", "xmp", "photoshop"}
    return picture


def refusal(content: bytes) -> str:
    with pytest.raises(BadPicture) as refused:
        MAKER.portrait(content)
    return refused.value.why


def near(picture: Image.Image, place: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    seen = picture.getpixel(place)
    assert isinstance(seen, tuple)
    return all(abs(one - other) < 40 for one, other in zip(seen, colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_becomes_a_small_square(kind: str) -> None:
    picture = portrait(saved(drawn((640, 480)), kind))
    assert picture.size == (SIDE, SIDE)
    assert near(picture, (10, 10), SPOT)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "I;16", "CMYK", "YCbCr"])
def test_odd_colours_become_plain_ones(mode: str) -> None:
    kind = "JPEG" if mode in ("CMYK", "YCbCr") else "PNG"
    source = drawn((128, 128), "L" if mode in ("I;16", "LA", "PA") else mode)
    if mode == "I;16":
        source = source.convert("I").point(lambda grey: grey * 256).convert("I;16")
    picture = portrait(saved(source, kind))
    grey = picture.convert("L")
    assert grey.getpixel((120, 120)) != grey.getpixel((5, 5)) or mode == "1"
    if mode == "I;16":
        assert near(picture, (5, 5), (87, 87, 87))


def test_what_is_see_through_lies_on_white() -> None:
    assert near(portrait(saved(Image.new("RGBA", (90, 90), (0, 0, 0, 0)), "PNG")), (45, 45), (255, 255, 255))


@pytest.mark.parametrize(("turn", "corner"), [(1, (10, 10)), (3, (180, 180)), (6, (180, 10)), (8, (10, 180))])
def test_a_photo_is_turned_upright_and_forgets_where_it_was_taken(turn: int, corner: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    exif[0x010F] = "SecretCameraMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0)})
    content = saved(drawn((200, 200)), exif=exif, comment=b"SecretRemark")
    assert b"SecretCameraMaker" in content
    assert near(portrait(content), corner, SPOT)
    assert b"Secret" not in MAKER.portrait(content)
    assert not opened(MAKER.portrait(content)).getexif()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_broken_orientation_costs_nobody_their_photo() -> None:
    content = saved(drawn(), exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff")
    assert portrait(content).size == (SIDE, SIDE)


@pytest.mark.parametrize(("size", "side"), [((64, 64), 64), ((2000, 70), 70), ((100, 900), 100)])
def test_nothing_is_blown_up(size: tuple[int, int], side: int) -> None:
    assert portrait(photo(size)).size == (side, side)


def test_noise_is_kept_small_as_well() -> None:
    noise = Image.effect_noise((400, 400), 120).convert("RGB")
    assert portrait(saved(noise, quality=95)).size == (SIDE, SIDE)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_bytes_that_end_a_part_of_a_jpeg_mean_nothing_in_other_files(kind: str) -> None:
    chance = b"\xff\xda" * 200
    if kind == "PNG":
        told = PngInfo()
        told.add(b"prVt", chance)
        content = saved(drawn((96, 96)), "PNG", pnginfo=told)
    else:
        content = saved(drawn((96, 96)), "WEBP", xmp=chance)
    assert content.count(b"\xff\xda") >= 200
    portrait(content)
    assert refusal(BASE["JPEG"] + chance) == "broken"


def test_what_hangs_behind_a_picture_is_left_behind() -> None:
    content = photo() + b"PK\x03\x04<script>alert(1)</script><?php ?>"
    assert b"script" not in MAKER.portrait(content)


def test_the_first_of_two_pictures_of_a_phone_is_taken() -> None:
    second = Image.new("RGB", (80, 80), "white")
    content = saved(drawn(), "MPO", save_all=True, append_images=[second])
    assert near(portrait(content), (10, 10), SPOT)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_picture_that_moves_is_refused(kind: str) -> None:
    second = Image.new("RGB", (320, 240), "white")
    assert refusal(saved(drawn(), kind, save_all=True, append_images=[second], duration=90)) == "moving"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b"\xff\xd8\xff", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7",
        saved(drawn(), "GIF"), saved(drawn(), "BMP"), saved(drawn(), "TIFF"), b"RIFF\x10\0\0\0WEBPVP8 ",
    ],
)  # fmt: skip
def test_other_files_are_refused(content: bytes) -> None:
    assert refusal(content) in ("kind", "broken")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_file_is_refused(kind: str) -> None:
    content = saved(drawn((640, 480)), kind)
    assert refusal(content[: len(content) // 2]) in ("broken", "kind")


def _png_of(width: int, height: int) -> bytes:
    """A PNG that says it is that large, and holds next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0" * 999)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _jpeg_of(width: int, height: int, marker: int) -> bytes:
    """A JPEG whose head says it is that large; 0xC2 is a progressive one."""
    content = bytearray(saved(drawn((64, 64)), progressive=marker == 0xC2))
    place = content.index(bytes((0xFF, marker)))
    content[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        _png_of(5000, 5000), _png_of(60_000, 60_000), _png_of(2**31 - 1, 1), _jpeg_of(10_000, 6_000, 0xC0),
        _jpeg_of(65_535, 65_535, 0xC0), _jpeg_of(5_000, 5_000, 0xC2),
    ],
)  # fmt: skip
def test_a_bomb_is_refused_before_it_is_unpacked(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "load", None)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", None)
    assert refusal(content) in ("pixels", "small", "kind")


def test_a_large_photo_of_a_camera_is_read_row_by_row() -> None:
    content = saved(Image.new("RGB", (6000, 4000), SPOT), quality=60)
    assert near(portrait(content), (90, 90), SPOT)


def test_a_jpeg_of_endless_passes_is_refused_unread() -> None:
    content = saved(drawn(), progressive=True)
    scan = content.index(b"\xff\xda")
    assert refusal(content[:scan] + content[scan:-2] * 40 + content[-2:]) == "broken"


def test_a_text_that_unpacks_without_end_is_refused() -> None:
    told = PngInfo()
    told.add_text("a", "x" * 3_000_000, zip=True)
    assert refusal(saved(drawn(), "PNG", pnginfo=told)) == "broken"


def test_too_much_and_too_small_have_words_of_their_own() -> None:
    assert refusal(b"\xff\xd8" + bytes(LARGEST_UPLOAD)) == "large"
    assert refusal(photo((63, 200))) == "small"


@given(
    kind=st.sampled_from(sorted(BASE)),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12),
)
def test_a_damaged_file_becomes_a_photo_or_a_refusal(kind: str, flips: list[tuple[float, int]]) -> None:
    content = bytearray(BASE[kind])
    for place, value in flips:
        content[int(place * (len(content) - 1))] = value
    try:
        made = MAKER.portrait(bytes(content))
    except BadPicture:
        return
    assert Image.open(BytesIO(made)).format == "JPEG"
