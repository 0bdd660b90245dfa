"""Uploads in S3-compatible storage, tried over HTTP: kept in a private bucket, shown by our own views to those who may see them."""

import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import boto3
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture
from wagtail.images import get_image_model

from jirani.bench.running import free_port, wait_for
from jirani.config import environment
from jirani.core.enums import AccessMode
from jirani.newsroom.models import ArticlePage, NewsIndexPage
from tests import factories as make
from tests.cast import Cast

from .conftest import Enter

pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/moto-api/")
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def bucket(server: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("JIRANI_MEDIA_S3", f"s3://key:se%2Fcret@{server}/uploads?region=eu-central-1&tls=0")
    options = environment.media()
    storage = {"BACKEND": "jirani.config.storage.MediaStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    access = {"aws_access_key_id": "key", "aws_secret_access_key": "se/cret", "region_name": "eu-central-1"}
    made = boto3.resource("s3", endpoint_url=options["endpoint_url"], **access).Bucket("uploads")
    made.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    yield made
    made.objects.delete()
    made.delete()


def test_evidence_is_kept_in_the_bucket_and_given_to_those_who_may(bucket: Any, cast: Cast, enter: Enter) -> None:
    upload = SimpleUploadedFile("minutes.txt", b"What was agreed", "text/plain")
    promise = make.commitment(cast.kwale.organisation)
    evidence = make.evidence(promise, link="", file=upload, access=AccessMode.NETWORK)
    address = f"/en/evidence/{evidence.pk}/file/"

    assert [(one.key, one.get()["Body"].read()) for one in bucket.objects.all()] == [
        (evidence.file.name, b"What was agreed")
    ]
    page = enter("kwale_focal_point").get(address)
    assert b"".join(page.streaming_content) == b"What was agreed"  # type: ignore[attr-defined]
    assert enter("visitor").get(address).status_code == 404

    default_storage.delete(str(evidence.file.name))
    assert (list(bucket.objects.all()), enter("kwale_focal_point").get(address).status_code) == ([], 404)


def test_a_picture_of_an_article_comes_from_our_own_address(bucket: Any, newsroom: NewsIndexPage, enter: Enter) -> None:
    file = BytesIO()
    Picture.new("RGB", (1200, 800), "teal").save(file, "JPEG")
    sent = SimpleUploadedFile("Courtyard.JPG", file.getvalue(), "image/jpeg")
    enter("editor").post("/cms/images/add/", {"title": "A courtyard", "file": sent, "collection": "1", "tags": ""})
    image = get_image_model().objects.get()
    article = newsroom.add_child(instance=ArticlePage(title="Under the tree", slug="tree"))
    picture = {"image": image.pk, "decorative": False, "alt_text": "People under a tree"}
    article.body = article.body.stream_block.to_python([{"type": "image", "value": picture}])
    article.save_revision().publish()

    page = enter("visitor").get("/en/news/tree/").content.decode()
    shown = image.renditions.get(filter_spec="width-800")
    assert (shown.url, f'src="{shown.url}"' in page) == (f"/media/{shown.file.name}", True)
    assert {one.key for one in bucket.objects.all()} == {image.file.name, shown.file.name}
    seen = enter("visitor").get(shown.url)
    with Picture.open(BytesIO(b"".join(seen.streaming_content))) as opened:  # type: ignore[attr-defined]
        assert opened.size == (800, 533)


def test_two_machines_that_find_a_name_free_give_two_names(bucket: Any) -> None:
    first, second = (
        default_storage.generate_filename(default_storage.get_available_name("images/square.jpg")) for _ in "ab"
    )
    named = default_storage.save("images/square.jpg", SimpleUploadedFile("square.jpg", b"A square"))

    assert len({"images/square.jpg", first, second, named}) == 4
    assert [one.key for one in bucket.objects.all()] == [named]


@pytest.mark.parametrize(
    "url",
    [
        "uploads",
        "https://host/uploads",
        "s3:///uploads",
        "s3://host",
        "s3://host/a/b",
        "s3://host:x/uploads",
        "s3://host/uploads?zone=1",
    ],
)
def test_an_address_that_is_none_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIRANI_MEDIA_S3", url)

    with pytest.raises(environment.BadSetting, match=r"s3://key:secret@host/bucket"):
        environment.media()
