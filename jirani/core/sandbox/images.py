"""An image that is kept by itself: its pixels, upright, and nothing that a camera or a programme wrote beside them.

Encoding costs more than decoding, and the pixels decide how much: 40 kB of WebP unfold into 36 million. So both happen here.
"""

from io import BytesIO

from PIL import Image, ImageOps

from .bounds import MOST_IMAGE, MOST_PIXELS, MOST_WEBP_PIXELS, Refusal
from .pictures import PNG

#: Pixels of the longer side of an image that is only shown on pages: as much as a large screen shows.
LONGEST_SIDE = 2560
#: Of 0 (quickest) to 6. At 4, the default, noise takes five times as long and twice the memory, and a photograph comes out no smaller.
_WEBP_EFFORT = 1


def clean_image(body: bytes) -> bytes:
    """The same JPEG, PNG or WebP (of a moving one the first frame) without metadata. Raises Refusal."""
    return _written(*_upright(body))


def page_image(body: bytes) -> bytes:
    """The same, no larger than screens show it."""
    image, format_ = _upright(body)
    if image.mode not in {"L", "RGB", "RGBA"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return _written(image, format_)


def _upright(body: bytes) -> tuple[Image.Image, str]:
    """Return the decoded image and the name of its format. Raises Refusal, and whatever the decoder raises for a damaged file."""
    if body.startswith(b"\xff\xd8\xff"):
        format_ = "JPEG"
    elif body.startswith(PNG):
        format_ = "PNG"
    else:
        format_ = "WEBP"
        _check(_webp_size(body), MOST_WEBP_PIXELS)  # opening it takes the memory that it says it needs
    image: Image.Image = Image.open(BytesIO(body), formats=[format_])
    _check(image.size, MOST_PIXELS)
    ImageOps.exif_transpose(image, in_place=True)
    image.load()
    return (image.convert("RGB") if format_ == "JPEG" and image.mode != "RGB" else image), format_


def _written(image: Image.Image, format_: str) -> bytes:
    image.info = {}
    out = BytesIO()
    try:
        image.save(out, format=format_, quality=88, method=_WEBP_EFFORT)
    except (OSError, ValueError) as error:
        raise Refusal("limit") from error  # it was decoded, so what lacked is memory
    if out.tell() > MOST_IMAGE:
        raise Refusal("limit")
    return out.getvalue()


def _check(size: tuple[int, int], most: int) -> None:
    if size[0] * size[1] > most:
        raise Refusal("pixels")


def _webp_size(body: bytes) -> tuple[int, int]:
    """Width and height by the header of the first chunk (RFC 9649, 2.5 to 2.7, and RFC 6386, 9.1)."""
    if body[12:16] == b"VP8X":
        return 1 + int.from_bytes(body[24:27], "little"), 1 + int.from_bytes(body[27:30], "little")
    if body[12:16] == b"VP8L":
        packed = int.from_bytes(body[21:25], "little")
        return 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    return int.from_bytes(body[26:28], "little") & 0x3FFF, int.from_bytes(body[28:30], "little") & 0x3FFF
