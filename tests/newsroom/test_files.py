"""Files that are uploaded in Wagtail, and who can download them."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from jirani.newsroom.models import ArticlePage, NewsIndexPage
from tests import factories as make
from tests.cast import Cast

from .conftest import Enter

PLACE = "Somebody's courtyard in Kwale"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def _photograph() -> bytes:
    """Make a JPEG with the place where it was taken, as a telephone writes it."""
    picture = Picture.new("RGB", (1200, 800), "teal")
    camera = picture.getexif()
    camera[0x010E] = PLACE
    file = BytesIO()
    picture.save(file, "JPEG", exif=camera)
    return file.getvalue()


def _upload(enter: Enter) -> Any:
    """A picture, as an editor adds it."""
    body = _photograph()
    assert PLACE.encode() in body
    sent = SimpleUploadedFile("Courtyard.JPG", body, "image/jpeg")
    enter("editor").post("/cms/images/add/", {"title": "A courtyard", "file": sent, "collection": "1", "tags": ""})
    return get_image_model().objects.get()


def _fetched(client: Client, address: str) -> tuple[str, bytes]:
    response = client.get(address)
    assert response.status_code == 200, address
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    response.close()
    return response["Content-Type"], body


def test_a_picture_stands_in_its_article_without_what_the_camera_wrote(newsroom: NewsIndexPage, enter: Enter) -> None:
    image = _upload(enter)
    assert (image.file.name, image.width, image.height) == ("original_images/courtyard.jpg", 1200, 800)
    picture = {"image": image.pk, "decorative": False, "alt_text": "People under a tree"}
    article = newsroom.add_child(instance=ArticlePage(title="Under the tree", slug="tree"))
    article.body = article.body.stream_block.to_python([{"type": "image", "value": picture}])
    article.save_revision().publish()
    page = enter("visitor").get("/en/news/tree/").content.decode()
    assert 'alt="People under a tree"' in page
    shown = image.renditions.get(filter_spec="width-800")
    assert f'src="{shown.url}"' in page
    kind, sent = _fetched(enter("visitor"), shown.url)
    with Picture.open(BytesIO(sent)) as seen:
        assert (kind, seen.size) == ("image/jpeg", (800, 533))
    assert PLACE.encode() not in sent


def test_pictures_of_any_size_are_made_for_no_address(newsroom: NewsIndexPage, enter: Enter) -> None:
    image = _upload(enter)
    for part in ("generate_url/", "generate_url/output/", "preview/width-300/", "preview/original/"):
        assert enter("editor").get(f"/cms/images/{image.pk}/{part}").status_code == 404, part
    assert enter("editor").get(f"/cms/images/{image.pk}/").status_code == 200


def test_the_original_is_for_editors_and_has_lost_it_too(newsroom: NewsIndexPage, enter: Enter) -> None:
    address = _upload(enter).file.url
    assert {part: enter(part).get(address).status_code for part in ("visitor", "participant")} == {
        "visitor": 302,
        "participant": 403,
    }
    assert PLACE.encode() not in _fetched(enter("editor"), address)[1]


def test_nothing_else_of_the_media_folder_is_served(cast: Cast, enter: Enter) -> None:
    lesson = make.lesson("Rotate the seats")
    promised = make.commitment(cast.kwale.organisation, lesson=lesson)
    proof = make.evidence(promised, title="Minutes", link="", file=ContentFile(b"Minutes", name="minutes.txt"))
    for address in (
        proof.file.url,
        "/media/images/" + Path(str(proof.file.name)).name,
        "/media/images/..%2Fsecret_key",
    ):
        assert enter("coordinator").get(address).status_code == 404, address


@pytest.mark.parametrize(
    ("name", "body", "stored"),
    [
        ("Minutes of May.txt", b"The seats rotated.", "minutes-of-may.txt"),
        ("minutes.pdf", b"<script>alert(1)</script>", ""),
        ("minutes.html", b"The seats rotated.", ""),
    ],
)
def test_a_document_is_told_by_what_is_in_it(
    newsroom: NewsIndexPage, enter: Enter, name: str, body: bytes, stored: str
) -> None:
    form = {"title": "Minutes", "file": SimpleUploadedFile(name, body), "collection": "1", "tags": ""}
    enter("editor").post("/cms/documents/add/", form)
    files = [Path(document.file.name).name for document in get_document_model().objects.all()]
    assert files == ([stored] if stored else [])
