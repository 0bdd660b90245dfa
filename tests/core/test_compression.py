"""Responses are compressed as the browser accepts, and their length reveals nothing that only one person may see."""

import gzip
from collections.abc import Callable, Iterable
from random import Random

import brotli
import pytest
from django.core.files.base import ContentFile
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from jirani.core.compression import QUALITY, compressed, compressed_stream, encoding_for
from jirani.core.middleware import NOISE, compress
from tests import factories as make

PAGE = "<p>Seats rotate every year; les sièges tournent.</p>".encode() * 40
ROWS = 60  # more than the window of either compressor
UNPACK: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0,*", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("identity", ""),
        ("br;q=much", ""),
        ("gzip;level=9", "gzip"),
        ("brotli, xgzip", ""),
        (",;=,", ""),
        ("", ""),
    ],
)
def test_the_encoding_is_one_that_the_browser_reads(accepted: str, encoding: str) -> None:
    assert encoding_for(accepted) == encoding


@given(parts=st.lists(st.binary(max_size=3000)), encoding=st.sampled_from(sorted(QUALITY)))
def test_what_was_packed_is_unpacked(parts: list[bytes], encoding: str) -> None:
    body = b"".join(parts)

    assert UNPACK[encoding](compressed(body, encoding)) == body
    assert compressed(body, encoding) == compressed(body, encoding)
    assert UNPACK[encoding](b"".join(compressed_stream(parts, encoding))) == body


def answer(response: HttpResponseBase, *, accepted: str = "br", path: str = "/en/") -> HttpResponseBase:
    return compress(lambda request: response)(RequestFactory().get(path, headers={"accept-encoding": accepted}))


def body_of(response: HttpResponseBase) -> bytes:
    parts: Iterable[bytes] = response
    return UNPACK[response.get("Content-Encoding", "")](b"".join(parts))


@pytest.mark.parametrize("accepted", ["br", "gzip", ""])
def test_a_page_is_compressed_and_says_so(accepted: str) -> None:
    page = HttpResponse(PAGE, headers={"ETag": '"a"', "Vary": "Cookie"})
    response = answer(page, accepted=accepted)

    assert response.get("Content-Encoding", "") == accepted
    assert response["ETag"] == ('W/"a"' if accepted else '"a"')
    assert response["Vary"] == "Cookie, Accept-Encoding"
    assert response.get("Content-Length", "") == (str(len(page.content)) if accepted else "")
    assert (len(page.content) < len(PAGE) / 5) == bool(accepted)
    assert body_of(response) == PAGE


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"short", {}),
        (PAGE, {"Content-Type": "application/pdf"}),
        (PAGE, {"Content-Type": "image/png"}),
        (PAGE, {"Content-Encoding": "zstd"}),
    ],
)
def test_what_gains_nothing_stays_as_it_is(body: bytes, headers: dict[str, str]) -> None:
    response = answer(HttpResponse(body, headers=headers))

    assert (dict(response.items()), b"".join(response)) == (
        {"Content-Type": "text/html; charset=utf-8", **headers},
        body,
    )


def test_a_file_goes_out_as_it_is_stored() -> None:
    response = answer(FileResponse(ContentFile(PAGE), content_type="text/plain"))

    assert (response.has_header("Content-Encoding"), response["Content-Length"]) == (False, str(len(PAGE)))
    assert b"".join(response) == PAGE


@pytest.mark.parametrize("accepted", ["br", "gzip"])
def test_a_long_list_is_compressed_while_it_is_made_and_let_go_when_nobody_reads_on(accepted: str) -> None:
    steps: list[str] = []

    def rows() -> Iterable[bytes]:
        try:
            for number in range(ROWS):
                steps.append(f"made {number}")
                yield Random(number).randbytes(200_000)
        finally:
            steps.append("closed")

    response = answer(StreamingHttpResponse(rows(), content_type="text/csv; charset=utf-8"), accepted=accepted)
    assert steps == []
    assert (response["Content-Encoding"], response["Vary"]) == (accepted, "Accept-Encoding")
    next(iter(response))
    assert f"made {ROWS - 1}" not in steps
    response.close()
    assert steps[-1] == "closed"

    whole = answer(StreamingHttpResponse(rows(), content_type="text/csv; charset=utf-8"), accepted=accepted)
    assert body_of(whole) == b"".join(Random(number).randbytes(200_000) for number in range(ROWS))


@pytest.mark.parametrize(
    ("path", "headers", "padded"),
    [
        ("/en/", {}, False),
        ("/en/", {"Cache-Control": "private, no-store"}, True),
        ("/ar/my-programme/secret/", {}, True),
    ],
)
def test_the_length_of_what_one_person_may_see_varies_by_chance(
    path: str, headers: dict[str, str], padded: bool
) -> None:
    responses = [answer(HttpResponse(PAGE, headers=headers), path=path) for _ in range(30)]
    lengths = {len(response["X-Padding"]) for response in responses if response.has_header("X-Padding")}

    assert (len(lengths) > 10) == padded
    assert all(length < NOISE for length in lengths)


@pytest.mark.django_db
def test_pages_lists_and_feeds_are_sent_compressed(client: Client) -> None:
    make.lesson("Rotate the seats", body="Every year. " * 60)
    names = ["public:home", "public:lesson_list", "public:lesson_feed", "public:lesson_export"]

    sent = {name: client.get(reverse(name), headers={"accept-encoding": "gzip"}) for name in names}
    plain = {name: client.get(reverse(name)) for name in names}

    assert {name: response["Content-Encoding"] for name, response in sent.items()} == dict.fromkeys(names, "gzip")
    assert [response.has_header("Content-Encoding") for response in plain.values()] == [False] * len(names)
    lists = ("public:lesson_feed", "public:lesson_export")
    assert {name: body_of(sent[name]) for name in lists} == {name: body_of(plain[name]) for name in lists}
