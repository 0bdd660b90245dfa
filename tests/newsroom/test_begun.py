"""A begun translation is a draft; published half done, it says how much of it is translated, and each other part says its language."""

from datetime import date
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from jirani.newsroom.enums import DraftedBy
from jirani.newsroom.models import ArticlePage, NewsIndexPage
from tests.pages import Page
from tests.reader import tight

from .conftest import Enter

BODY = [
    {"type": "heading", "value": "What they saw", "id": "11111111-1111-4111-8111-111111111111"},
    {
        "type": "paragraph",
        "value": "<p>They sat in the market.</p><p>It <b>rained</b>.</p>",
        "id": "22222222-2222-4222-8222-222222222222",
    },
    {
        "type": "quote",
        "value": {"text": "We listened.", "role": "A trader"},
        "id": "33333333-3333-4333-8333-333333333333",
    },
]
ARABIC = {
    "title": "أربع مقاطعات", "slug": "arbaa", "standfirst": "ذهبوا.", "author_role": "غرفة الأخبار", "What they saw": "ما رأوه",
    "They sat in the market.": "جلسوا في السوق.", "It <b>rained</b>.": "<b>أمطرت</b>.", "We listened.": "أصغينا.",
    "A trader": "تاجر",
}  # fmt: skip


@pytest.fixture
def begun(newsroom: NewsIndexPage, enter: Enter, django_capture_on_commit_callbacks: Any) -> ArticlePage:
    """The Arabic page that "Translate this page" makes of a published English one."""
    told = ArticlePage(
        title="Four counties", slug="four", standfirst="They went.", author_role="The newsroom", body=BODY,
        locale=newsroom.locale, published_on=date(2024, 5, 1),
    )  # fmt: skip
    newsroom.add_child(instance=told)
    form = {"locales": [Locale.objects.get(language_code="ar").pk]}
    with django_capture_on_commit_callbacks(execute=True):
        enter("editor").post(f"/cms/localize/submit/page/{told.pk}/", form)
    page: ArticlePage = ArticlePage.objects.get(locale__language_code="ar")
    return page


def translate(*parts: str) -> None:
    """Type the Arabic of these parts, as the editor's page does part by part."""
    into = Translation.objects.get()
    for segment in StringSegment.objects.filter(source=into.source).select_related("string", "context"):
        key = segment.context.path if segment.context.path in ARABIC else segment.string.data
        if key in parts:
            StringTranslation.objects.create(
                translation_of=segment.string, context=segment.context, locale=into.target_locale, data=ARABIC[key],
                translation_type="manual",
            )  # fmt: skip


def publish(page: ArticlePage, client: Client, on_commit: Any) -> list[str]:
    """Press Publish on the page of a translation. Returns what the editor is told."""
    with on_commit(execute=True):
        answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), {"action": "publish"})
    return [str(message) for message in get_messages(answer.wsgi_request)]


def shown() -> str:
    page = Client().get(f"/ar/news/{ArticlePage.objects.get(locale__language_code='ar').slug}/").content.decode()
    return page.partition("<article>")[2].partition("</article>")[0]


def test_to_begin_a_translation_publishes_nothing(begun: ArticlePage) -> None:
    assert (begun.live, begun.drafted_by) == (False, DraftedBy.PERSON)
    page = tight(Client().get("/ar/news/four/").content.decode())
    assert '<div lang="en" dir="ltr"><h1 class="long">Four counties</h1>' in page
    assert "كُتب باللغة الإنجليزية ولم يُترجم بعد." in page


def test_published_half_done_it_says_what_is_translated_and_in_which_language_the_rest_is(
    begun: ArticlePage, enter: Enter, django_capture_on_commit_callbacks: Any
) -> None:
    translate("title", "It <b>rained</b>.")
    told = publish(begun, enter("editor"), django_capture_on_commit_callbacks)
    assert [words for words in told if "missing translations" in words] == told, "the editor is told"

    page = shown()
    assert '<h1 class="long">أربع مقاطعات</h1>' in page
    assert '<p class="lead"><span lang="en" dir="ltr">They went.</span></p>' in page
    marked = Page(page).soup.select('[lang="en"][dir="ltr"]')
    assert [part.get_text() for part in marked] == [
        "They went.", "The newsroom", "What they saw", "They sat in the market.", "We listened.", "A trader",
    ]  # fmt: skip
    assert "الأجزاء المترجمة إلى العربية: 2 من 8؛ والباقي باللغة الإنجليزية." in page
    assert "ترجمة بشرية" in page

    front = Client().get("/ar/news/").content.decode()
    assert '<p><span lang="en" dir="ltr">They went.</span></p>' in front


def test_published_whole_it_says_who_translated_it_and_nothing_is_marked(
    begun: ArticlePage, enter: Enter, django_capture_on_commit_callbacks: Any
) -> None:
    translate(*ARABIC)
    told = publish(begun, enter("editor"), django_capture_on_commit_callbacks)
    assert [words for words in told if "missing" in words] == []

    page = shown()
    assert 'lang="en"' not in page
    assert "الأجزاء المترجمة" not in page
    assert "ترجمة بشرية" in page

    StringTranslation.objects.update(translation_type="machine")
    page = shown()
    assert "ترجمة بشرية" not in page
    assert "ترجمة آلية" in page


def test_what_the_front_page_shows_of_a_begun_one_is_in_its_own_language(
    begun: ArticlePage, enter: Enter, django_capture_on_commit_callbacks: Any
) -> None:
    publish(begun, enter("editor"), django_capture_on_commit_callbacks)
    page = shown()
    assert "الأجزاء المترجمة إلى العربية: 0 من 8" in page
    assert "ترجمة بشرية" not in page, "nobody has translated anything"
    (story,) = Client().get("/ar/").context["stories"]
    assert (story.title, story.language) == ("Four counties", "en")
