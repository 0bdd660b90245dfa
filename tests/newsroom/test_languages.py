"""An untranslated text is shown in the frame of every language; one that the reader may not see in none."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation
from wagtail.models import Locale
from wagtail_localize.models import Translation

from jirani.config.languages import CODES
from jirani.core.enums import AccessMode
from jirani.newsroom.actions import write_report
from jirani.newsroom.enums import DraftedBy
from jirani.newsroom.models import ArticlePage, EventReportPage, NewsIndexPage
from tests import factories as make
from tests.cast import Cast
from tests.reader import tight

from .conftest import Enter


def _article(language: str, title: str, slug: str, **fields: Any) -> ArticlePage:
    index = NewsIndexPage.objects.get(locale__language_code=language)
    page = ArticlePage(title=title, slug=slug, locale=index.locale, **{"published_on": date(2024, 5, 1), **fields})
    index.add_child(instance=page)
    return page


def _links(page: str) -> list[tuple[str, str]]:
    """The page in other languages, as machines read it."""
    found = re.findall(
        r'<link rel="(canonical|alternate)"(?: hreflang="(\w+)")? href="http://127.0.0.1:8000([^"]+)"', page
    )
    return [(code or rel, address) for rel, code, address in found]


def _language_links(page: str) -> dict[str, tuple[str, bool]]:
    """The head's links, and whether each says that what it leads to is in that language."""
    head = page.partition('<nav class="languages"')[2].partition("</nav>")[0]
    return {
        code: (url, "hreflang" in rest) for url, code, rest in re.findall(r'<a href="(.+?)" lang="(\w+)"(.*?)>', head)
    }


def test_a_text_that_is_not_translated_is_read_in_every_languages_frame(newsroom: NewsIndexPage) -> None:
    _article("en", "Four counties", "four", standfirst="They went.", author_role="The newsroom")
    own, arabic = (tight(Client().get(f"/{code}/news/four/").content.decode()) for code in ("en", "ar"))
    assert _links(own) == [("canonical", "/en/news/four/")]
    assert _links(arabic) == [("canonical", "/en/news/four/")]
    assert _language_links(own) == {code: (f"/{code}/news/four/", False) for code in CODES if code != "en"}
    assert _language_links(arabic) == {code: (f"/{code}/news/four/", code == "en") for code in CODES if code != "ar"}
    assert '<html lang="ar" dir="rtl">' in arabic
    assert '<div lang="en" dir="ltr"><h1 class="long">Four counties</h1>' in arabic
    assert '<span class="role" lang="en" dir="ltr">The newsroom</span>' in arabic
    assert '<p class="provenance">كُتب باللغة الإنجليزية ولم يُترجم بعد.</p>' in arabic
    assert 'lang="en" dir' not in own.partition("<main")[2]
    assert 'class="provenance"' not in own


def test_a_translation_is_shown_as_what_it_is_and_the_nearest_text_in_its_stead(
    newsroom: NewsIndexPage, enter: Enter
) -> None:
    told = _article("en", "Four counties", "four")
    form = {"locales": [Locale.objects.get(language_code="fr").pk]}
    submit = f"/cms/localize/submit/page/{told.pk}/"
    enter("hub_coordinator").post(submit, form)
    assert not Translation.objects.exists()
    enter("editor").post(submit, form)
    Translation.objects.get().save_target()  # once more, as when the source has changed
    french = ArticlePage.objects.get(locale__language_code="fr")
    french.title, french.slug = "Quatre comtés", "quatre"
    french.save()
    draft = tight(Client().get("/fr/news/four/").content.decode())
    assert '<p class="provenance">Rédigé en anglais, pas encore traduit.</p>' in draft
    assert Client().get("/fr/news/quatre/").status_code == 404
    french.save_revision().publish()
    assert Client().get("/fr/news/four/")["Location"] == "/fr/news/quatre/"
    page = tight(Client().get("/fr/news/quatre/").content.decode())
    assert french.drafted_by == DraftedBy.PERSON
    assert "Traduit par une personne, pas encore relu par un locuteur natif" in page
    assert _links(page) == [("en", "/en/news/four/"), ("canonical", "/fr/news/quatre/")]
    assert _language_links(page)["sw"] == ("/sw/news/quatre/", False)
    swahili = tight(Client().get("/sw/news/quatre/").content.decode())
    assert _links(swahili) == [("en", "/en/news/four/"), ("canonical", "/fr/news/quatre/")]
    assert "Inaonyeshwa kwa Kifaransa, bado haijatafsiriwa kwa Kiswahili." in swahili


def test_each_front_lists_every_text_once_and_the_sitemap_each_where_it_is_written(newsroom: NewsIndexPage) -> None:
    told = _article("en", "Four counties", "four")
    _article("fr", "Quatre comtés", "quatre", translation_key=told.translation_key)
    _article("ar", "قمة", "summit", published_on=date(2023, 5, 1))
    _article("en", "Draft", "draft", live=False)
    fronts = {code: Client().get(f"/{code}/news/") for code in CODES}
    listed = {code: [page.title for page in front.context["page_of_news"].rows] for code, front in fronts.items()}
    assert listed == {code: ["Four counties", "قمة"] for code in CODES} | {"fr": ["Quatre comtés", "قمة"]}
    french = fronts["fr"].content.decode()
    assert re.findall(r'<a href="(/fr/news/[^"]+)">', french) == ["/fr/news/quatre/", "/fr/news/summit/"]
    assert '<div lang="ar" dir="rtl">' in french
    assert '<p class="provenance">arabe</p>' in french
    mapped = Client().get("/sitemap-news-0.xml").getvalue().decode()
    assert sorted(re.findall(r"<loc>http://127.0.0.1:8000(/.+?)</loc>", mapped)) == [
        "/ar/news/summit/",
        "/en/news/four/",
        "/fr/news/quatre/",
    ]


def test_what_the_reader_may_not_see_is_in_no_languages_frame(
    cast: Cast, newsroom: NewsIndexPage, enter: Enter
) -> None:
    _article("en", "Draft", "draft", live=False)
    hidden = make.event("Hidden", access=AccessMode.NETWORK)
    newsroom.add_child(instance=EventReportPage(title="Report", slug="report", locale=newsroom.locale, event=hidden))

    def seen(part: str) -> dict[str, list[int]]:
        client = enter(part)
        return {
            slug: [client.get(f"/{code}/news/{slug}/").status_code for code in CODES]
            for slug in ("draft", "report", "nothing", "report/more")
        }

    nothing = {slug: [404] * 4 for slug in ("draft", "report", "nothing", "report/more")}
    assert seen("visitor") == nothing
    assert seen("editor") == nothing | {"report": [200] * 4}
    fronts = {
        part: enter(part).get("/ar/news/").content.decode().count("/ar/news/report/") for part in ("visitor", "editor")
    }
    assert fronts == {"visitor": 0, "editor": 1}


def test_a_report_in_a_second_language_is_the_same_report(cast: Cast, newsroom: NewsIndexPage, enter: Enter) -> None:
    event, client = make.event("An exchange"), enter("coordinator")
    form = client.get(f"/fr/events/{event.slug}/report/write/").content.decode()
    assert "Il est rédigé en français. Pour une autre langue, choisissez-la en haut de cette page." in form
    written = {}
    for code in ("en", "fr"):
        client.post(f"/{code}/events/{event.slug}/report/write/")
        written[code] = EventReportPage.objects.get(event=event, locale__language_code=code)
    assert written["en"].translation_key == written["fr"].translation_key
    written["en"].get_latest_revision().publish()
    shown = [Client().get(f"/fr/{page}").content.decode() for page in (f"events/{event.slug}/", written["en"].slug)]
    assert f'href="/fr/news/{written["en"].slug}/"' in shown[0]
    french = Client().get(f"/fr/news/{written['en'].slug}/").content.decode()
    assert '<div class="prose" lang="en" dir="ltr"><h2>Where and when</h2>' in tight(french)
    written["fr"].get_latest_revision().publish()
    french = Client().get(f"/fr/news/{written['fr'].slug}/").content.decode()
    assert "<h2>Où et quand</h2>" in french
    with translation.override("fr"), pytest.raises(ValueError, match="publié"):
        write_report(event, by=cast.users()["coordinator"])


def test_two_texts_have_no_address_in_common(newsroom: NewsIndexPage) -> None:
    told = _article("en", "Four counties", "four")
    with pytest.raises(ValidationError, match="Another text has this address"):
        _article("ar", "قمة", "four")
    _article("ar", "أربع مقاطعات", "four", translation_key=told.translation_key)
    assert ArticlePage.objects.filter(slug="four").count() == 2
