"""Unpublished pages: their titles and files, and who may delete published ones."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from jirani.core.enums import AccessMode
from jirani.newsroom.actions import admit_editor, write_report
from jirani.newsroom.models import ArticlePage, NewsIndexPage
from jirani.newsroom.permissions import pages_listed_for
from tests import factories as make
from tests.cast import Cast, user_of

from .conftest import Enter

SECRET = "CANARYDRAFT"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def drafts(newsroom: NewsIndexPage, cast: Cast) -> dict[str, Page]:
    """A draft, a published article whose draft has another title, another event's report, and the hub's own."""
    draft = newsroom.add_child(instance=ArticlePage(title=f"{SECRET} one", slug="one", live=False))
    changed = newsroom.add_child(instance=ArticlePage(title="Told already", slug="two"))
    changed.title = f"{SECRET} two"
    changed.save_revision()
    report = write_report(make.event("An exchange"), by=cast.users()["coordinator"])
    report.title = f"{SECRET} three"
    report.save()
    return {"draft": draft, "changed": changed, "report": report, "own": _own(cast)}


def _own(cast: Cast) -> Page:
    own = write_report(cast.event, by=cast.users()["hub_coordinator"])
    own.get_latest_revision().publish()
    return own


def _addresses(drafts: dict[str, Page], root: Page) -> list[str]:
    asked = [
        f"/cms/choose-page/{root.pk}/",
        "/cms/choose-page/search/?q=CANARY",
        f"/cms/choose-page/{root.pk}/?page_type=newsroom.ArticlePage",
        f"/cms/pages/{root.pk}/",
        f"/cms/pages/{root.pk}/?q=CANARY",
        "/cms/pages/search/?q=CANARY",
        f"/cms/api/main/pages/?child_of={root.pk}",
        *(
            f"/cms/reports/{name}/"
            for name in ("page-types-usage", "site-history", "aging-pages", "locked", "workflow")
        ),
        "/cms/pages/usage/newsroom/articlepage/",
        "/cms/localize/reports/translations/",
    ]
    for page in (drafts["draft"], drafts["changed"], drafts["report"]):
        asked += [
            f"/cms/choose-page/{page.pk}/",
            f"/cms/choose-page/chosen-multiple/?id={page.pk}",
            f"/cms/api/main/pages/{page.pk}/",
            f"/cms/pages/{page.pk}/",
            f"/cms/pages/{drafts['own'].pk}/move/{page.pk}/confirm/",
        ]
        asked += [
            f"/cms/bulk/wagtailcore/page/{verb}/?id={page.pk}" for verb in ("publish", "unpublish", "delete", "move")
        ]
        asked += [
            f"/cms/pages/{page.pk}/{verb}/"
            for verb in ("edit", "delete", "copy", "move", "history", "usage", "unpublish")
        ]
    return asked


def test_a_hubs_coordinator_reads_no_title_of_a_draft_that_they_may_not_edit(
    drafts: dict[str, Page], newsroom: NewsIndexPage, enter: Enter
) -> None:
    addresses, client = _addresses(drafts, newsroom), enter("hub_coordinator")
    assert [address for address in addresses if SECRET in client.get(address).content.decode()] == []
    assert SECRET in enter("editor").get(addresses[0]).content.decode()
    own = client.get(f"/cms/choose-page/{newsroom.pk}/").content.decode()
    assert [drafts["own"].title in own, "Told already" in own] == [True, False]


def test_titles_are_listed_for_whoever_may_read_them(
    drafts: dict[str, Page], newsroom: NewsIndexPage, cast: Cast
) -> None:
    plain = newsroom.add_child(instance=ArticlePage(title="Told", slug="told"))
    known = {page.pk: name for name, page in {**drafts, "plain": plain}.items()}

    assert admit_editor(user_of(cast.hub_coordinator))

    def listed(part: str) -> set[str]:
        return {known[page.pk] for page in pages_listed_for(cast.users()[part]) if page.pk in known}

    assert listed("editor") == set(known.values())
    assert (listed("hub_coordinator"), listed("participant")) == ({"plain", "own"}, {"plain", "own"})
    Page.objects.filter(pk=drafts["own"].pk).update(live=False)
    assert (listed("hub_coordinator"), listed("participant")) == ({"plain", "own"}, {"plain"})


def test_the_pages_by_which_wagtail_is_tried_are_nobodys(enter: Enter) -> None:
    found = {
        part: [enter(part).get(f"/cms/{name}/").status_code for name in ("failwhale", "test404")]
        for part in ("editor", "hub_coordinator")
    }
    assert found == {"editor": [404, 404], "hub_coordinator": [404, 404]}


def test_only_editors_delete_and_a_hubs_coordinator_publishes_all_the_same(
    drafts: dict[str, Page], enter: Enter
) -> None:
    own, client = drafts["own"], enter("hub_coordinator")
    for address in (
        f"/cms/pages/{own.pk}/delete/",
        f"/cms/bulk/wagtailcore/page/delete/?id={own.pk}",
        f"/cms/api/main/pages/{own.pk}/action/delete/",
    ):
        client.post(address)
        assert Page.objects.filter(pk=own.pk, live=True).exists(), address
    assert client.post(f"/cms/pages/{own.pk}/unpublish/").status_code == 302
    assert Page.objects.get(pk=own.pk).live is False

    enter("editor").post(f"/cms/pages/{own.pk}/delete/")
    assert not Page.objects.filter(pk=own.pk).exists()


def _reads(enter: Enter, address: str) -> list[int]:
    statuses = []
    for part in ("visitor", "participant", "hub_coordinator", "editor"):
        response: Any = enter(part).get(address)
        statuses.append(response.status_code)
        for close in response._resource_closers:  # the file alone: the test's connection stays open
            close()
    return statuses


def test_a_document_is_there_for_those_who_see_a_page_that_leads_to_it(
    newsroom: NewsIndexPage, cast: Cast, enter: Enter
) -> None:
    document = get_document_model().objects.create(title="Minutes", file=ContentFile(b"Minutes", name="minutes.txt"))
    address = f"/documents/{document.pk}/minutes.txt"
    article = newsroom.add_child(instance=ArticlePage(title="Minutes", slug="minutes", live=False))
    seen = {"alone": _reads(enter, address)}
    text = f'<p><a linktype="document" id="{document.pk}">Minutes</a></p>'
    article.body = article.body.stream_block.to_python([{"type": "paragraph", "value": text}])
    article.save()
    seen["draft"] = _reads(enter, address)
    article.save_revision().publish()
    seen["published"] = _reads(enter, address)
    ArticlePage.objects.get(pk=article.pk).unpublish()
    seen["taken off"] = _reads(enter, address)

    report = write_report(cast.event, by=cast.users()["coordinator"])
    report.description = text
    report.save_revision().publish()
    seen["report"] = _reads(enter, address)
    type(cast.event).objects.filter(pk=cast.event.pk).update(access=AccessMode.CLOSED)
    seen["closed"] = _reads(enter, address)
    nobody, everybody = [404, 404, 404, 200], [200, 200, 200, 200]
    assert {when: found for when, found in seen.items() if when != "closed"} == {
        "alone": nobody,
        "draft": nobody,
        "published": everybody,
        "taken off": nobody,
        "report": everybody,
    }
    assert (seen["closed"][0], seen["closed"][3]) == (404, 200)


def test_a_picture_is_there_once_a_page_shows_it(newsroom: NewsIndexPage, enter: Enter) -> None:
    file = BytesIO()
    Picture.new("RGB", (40, 20), "teal").save(file, "PNG")
    image = get_image_model().objects.create(
        title="A courtyard", file=ContentFile(file.getvalue(), name="courtyard.png")
    )
    address = image.get_rendition("width-20").url
    article = newsroom.add_child(instance=ArticlePage(title="Tree", slug="tree"))
    before = _reads(enter, address)
    picture = {"image": image.pk, "decorative": True, "alt_text": ""}
    article.body = article.body.stream_block.to_python([{"type": "image", "value": picture}])
    article.save_revision().publish()
    assert (before, _reads(enter, address)) == ([404, 404, 404, 200], [200, 200, 200, 200])


# ── What Wagtail does not expect ────────────────────────────────────────────────────────────────────────────────────────


def _png() -> bytes:
    file = BytesIO()
    Picture.new("RGB", (40, 20), "teal").save(file, "PNG")
    return file.getvalue()


BROKEN = {
    "half": _png()[:60],
    "header": _png()[:20],
    "noise": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "no picture": b"GIF89a" + b"\0" * 40,
    "too large": _png()[:16] + (9000).to_bytes(4, "big") * 2 + _png()[24:],
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_damaged_picture_is_an_error_of_its_form(newsroom: NewsIndexPage, enter: Enter, name: str) -> None:
    client = enter("editor")
    answers = []
    for address, field in (("/cms/images/add/", "file"), ("/cms/images/multiple/add/", "files[]")):
        sent = SimpleUploadedFile("a.png", BROKEN[name], "image/png")
        response = client.post(address, {"title": "A", "collection": "1", "tags": "", field: sent})
        answers.append(response.status_code)
    assert answers == [200, 200]
    assert json.loads(response.content)["success"] is False
    assert not get_image_model().objects.exists()


@pytest.mark.parametrize(("kind", "name"), [("images", "a.png"), ("documents", "a.txt")])
def test_what_comes_with_a_wrong_title_is_not_kept_unchecked(
    newsroom: NewsIndexPage, enter: Enter, kind: str, name: str
) -> None:
    body = _png() if kind == "images" else b"Minutes"
    sent = {"title": "A" * 300, "collection": "1", "files[]": SimpleUploadedFile(name, body)}
    address = f"/cms/{kind}/multiple/add/"
    assert json.loads(enter("editor").post(address, sent).content) == {
        "success": False,
        "error_message": "Choose the file again: it is not kept while something is wrong.",
    }
    assert enter("editor").post(address, {"x": SimpleUploadedFile(name, body)}).status_code == 400


def _blocks(**block: Any) -> str:
    return json.dumps(
        {
            "entityMap": {},
            "blocks": [
                {"key": "a", "text": "x", "type": "unstyled", "inlineStyleRanges": [], "entityRanges": [], **block}
            ],
        }
    )


MALFORMED = {
    "a list": "[]1",
    "a number": "7",
    "no JSON": "{",
    "nested": "[" * 3000 + "]" * 3000,
    "entity missing": _blocks(entityRanges=[{"offset": 0, "length": 1, "key": 9}]),
    "too deep": _blocks(type="unordered-list-item", depth=999_999),
    "depth of words": _blocks(depth="x"),
    "blocks of words": '{"blocks": "x", "entityMap": 3}',
    "half a letter": _blocks(text="\ud800"),
}


@pytest.mark.parametrize("name", MALFORMED)
@pytest.mark.parametrize("kind", ["report", "article"])
def test_a_text_that_the_editor_did_not_write_is_an_error_of_its_form(
    cast: Cast, newsroom: NewsIndexPage, enter: Enter, name: str, kind: str
) -> None:
    page = (
        write_report(cast.event, by=cast.users()["coordinator"])
        if kind == "report"
        else newsroom.add_child(instance=ArticlePage(title="Seats", slug="seats"))
    )
    before = page.latest_revision_id
    client, address = enter("editor"), f"/cms/pages/{page.pk}/edit/"
    rich = json.dumps({"blocks": [], "entityMap": {}})
    sent = {"title": "Seats", "slug": "seats", "kind": "news", "drafted_by": "original", "published_on": "2026-05-04"}
    sent |= dict.fromkeys(("where_and_when", "partners", "represented", "next_steps", "donors"), rich)
    sent |= {"report_lessons-TOTAL_FORMS": "0", "report_lessons-INITIAL_FORMS": "0", "description": MALFORMED[name]}
    sent |= {
        "body-count": "1",
        "body-0-type": "paragraph",
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-id": "",
        "body-0-value": MALFORMED[name],
    }
    answer = client.post(address, sent)
    assert answer.status_code == 200
    page.refresh_from_db()
    assert page.latest_revision_id == before

    fine = sent | {"description": rich, "body-0-value": _blocks()}
    assert client.post(address, fine).status_code == 302
