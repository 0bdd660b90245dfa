"""Remove from pictures within documents what a camera or a program wrote into them: place, time, device. No pixel
changes.

JPEG: ITU-T T.81, annex B; PNG: ISO/IEC 15948, clause 11. What cannot be followed stays as it is.
"""

import struct
from contextlib import suppress
from io import BytesIO

_START_OF_SCAN = 0xDA
#: Exif and XMP, Photoshop's and IPTC's, remarks.
_TELLING_SEGMENTS = {0xE1, 0xED, 0xFE}
_TELLING_CHUNKS = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_ORIENTATION = 0x0112
PNG = b"\x89PNG\r\n\x1a\n"


def bare_picture(body: bytes) -> bytes:
    """A JPEG or PNG without metadata; anything else as it is."""
    if body.startswith(b"\xff\xd8\xff"):
        return _bare_jpeg(body)
    return _bare_png(body) if body.startswith(PNG) else body


def _bare_jpeg(body: bytes) -> bytes:
    """Remove metadata, but keep the orientation, which Exif holds too."""
    kept, place = [], 2
    while place + 4 <= len(body) and body[place] == 0xFF:
        kind, length = body[place + 1], int.from_bytes(body[place + 2 : place + 4], "big")
        if kind == _START_OF_SCAN:
            break
        if kind not in _TELLING_SEGMENTS:
            kept.append(body[place : place + 2 + length])
        place += 2 + length
    else:
        return body
    return b"\xff\xd8" + _upright(body) + b"".join(kept) + body[place:]


def _upright(body: bytes) -> bytes:
    """Return an Exif segment that holds only the orientation; none if the picture is upright."""
    from PIL import Image

    turned = 1
    with (
        suppress(Exception),
        Image.open(BytesIO(body), formats=["JPEG"]) as image,
    ):  # a damaged one is somebody's document all the same
        turned = image.getexif().get(_ORIENTATION, 1)
    if turned == 1:
        return b""
    bare = Image.Exif()
    bare[_ORIENTATION] = turned
    told = bare.tobytes()
    return b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told


def _bare_png(body: bytes) -> bytes:
    kept, place = [PNG], len(PNG)
    while place + 12 <= len(body):
        length, kind = struct.unpack(">I4s", body[place : place + 8])
        if kind not in _TELLING_CHUNKS:
            kept.append(body[place : place + 12 + length])
        place += 12 + length
    return b"".join(kept) if place == len(body) else body
