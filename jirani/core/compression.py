"""Bodies of responses, compressed as the browser says it can read them: by Brotli, else by gzip."""

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import brotli

#: What saves most of the bytes and still takes a page less than a millisecond.
QUALITY = {"br": 4, "gzip": 6}
#: Below it nothing is won: a response fits into one packet either way.
LEAST_BYTES = 500
#: What is not compressed already, unlike images, PDF and spreadsheets.
_TEXTS = ("text/", "application/json", "application/javascript", "application/xml", "image/svg+xml")
_MARKED_TEXTS = ("+json", "+xml")


class _Compressor(Protocol):
    def process(self, data: bytes) -> bytes: ...
    def finish(self) -> bytes: ...


class _Gzip:
    """zlib's stream with the names that Brotli's has."""

    def __init__(self) -> None:
        stream = zlib.compressobj(QUALITY["gzip"], wbits=31)
        self.process: Callable[[bytes], bytes] = stream.compress
        self.finish: Callable[[], bytes] = stream.flush


def is_text(content_type: str) -> bool:
    """Whether a body of this type gains from being compressed."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith(_TEXTS) or kind.endswith(_MARKED_TEXTS)


def encoding_for(accepted: str) -> str:
    """The encoding to answer with, given the header Accept-Encoding (RFC 9110, 12.5.3); "" for none."""
    weights = dict(_weights(accepted))
    others = weights.get("*", 0.0)
    return next((name for name in QUALITY if weights.get(name, others) > 0), "")


def _weights(accepted: str) -> Iterator[tuple[str, float]]:
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        try:
            yield name.strip(), float(weight.partition("=")[2] or 1)
        except ValueError:
            yield name.strip(), 0.0  # nobody can say what was meant: plain is always right


def compressed(body: bytes, encoding: str) -> bytes:
    """The same bytes for the same body, whenever they are made."""
    if encoding == "br":
        return bytes(brotli.compress(body, quality=QUALITY["br"]))
    return gzip.compress(body, QUALITY["gzip"], mtime=0)


def compressed_stream(parts: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Compress a long list piece by piece; each piece goes out as soon as the compressor releases it."""
    stream: _Compressor = brotli.Compressor(quality=QUALITY["br"]) if encoding == "br" else _Gzip()
    for part in parts:
        if ready := stream.process(part):
            yield ready
    yield stream.finish()
