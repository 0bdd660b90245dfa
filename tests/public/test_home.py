"""The home page: what it says to whom, and how many queries it takes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Locale

from jirani.core.enums import AccessMode
from jirani.events.enums import EventState
from jirani.events.models import Delegation, Event
from jirani.members.enums import MembershipState
from jirani.newsroom.models import ArticlePage, EventReportPage, NewsIndexPage
from jirani.plans.enums import Completion, Status
from jirani.translation.actions import save_translation
from jirani.ui.text import number as written
from tests import factories as make
from tests.cast import assemble
from tests.reader import tight

pytestmark = pytest.mark.django_db


def fill(number: int) -> None:
    """Create that many of everything that the home page shows."""
    for n in range(number):
        giver, taker = make.authority(f"Giver {n}"), make.authority(f"Taker {n}", country="UG")
        lesson = make.lesson(f"Rotate the seats {n}", authorities=[giver], themes=[make.theme()])
        promise = make.commitment(taker.organisation, lesson=lesson, completion=Completion.LIMITED)
        change = make.outcome(promise)
        make.evidence(promise, outcome=change)
        make.event(starts_on=date(2018, 1, 1), ends_on=date(2018, 1, 2))
        make.event(starts_on=date(2099, 1, 1), ends_on=date(2099, 1, 2))
        save_translation(taker.organisation, "name", "ar", f"كوالي {n}")
        article("en", slug=f"article-{n}")


def article(language: str, title: str = "Article", **fields: Any) -> ArticlePage:
    """An article from 2024 in the newsroom of that language."""
    locale = Locale.objects.get(language_code=language)
    fields = {"title": title, "slug": "article", "published_on": date(2024, 1, 1)} | fields
    page: ArticlePage = NewsIndexPage.objects.get(locale=locale).add_child(
        instance=ArticlePage(locale=locale, **fields)
    )
    return page


def stories(client: Client, language: str) -> list[tuple[str, str, str]]:
    """Return the newsroom's stories on the home page: titles, languages and addresses."""
    found = client.get(f"/{language}/").context["stories"]
    return [(story.title, story.language, story.url) for story in found]


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.sweep), "ar"])
@pytest.mark.parametrize("number", [1, 30])
def test_costs_the_same_with_one_and_with_thirty(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int, language: str
) -> None:
    fill(number)

    with django_assert_num_queries(10 if language == "en" else 11):
        response = client.get(f"/{language}/")

    assert response.status_code == 200
    assert figures_of(response) == [2 * number, number, number]


def test_says_what_was_learned_from_whom() -> None:
    cast = assemble()
    lesson = make.lesson("Rotate the seats in pillar meetings", authorities=[cast.mombasa])
    make.commitment(cast.kwale.organisation, lesson=lesson)

    assert sentences() == ["Kwale County took up from Mombasa County: Rotate the seats in pillar meetings"]


def test_says_applied_only_with_evidence_and_dropped_as_such() -> None:
    cast = assemble()
    lesson = make.lesson("Rotate the seats", authorities=[cast.mombasa])
    promise = make.commitment(cast.kwale.organisation, lesson=lesson, completion=Completion.SUBSTANTIAL)
    before = sentences()
    make.evidence(promise)
    applied = sentences()
    promise.status, promise.dropped_because = Status.DROPPED, "No money"
    promise.save()

    assert before == ["Kwale County took up from Mombasa County: Rotate the seats"]
    assert applied == ["Kwale County applied what it learned from Mombasa County: Rotate the seats"]
    assert sentences() == ["Kwale County dropped what it had taken up from Mombasa County: Rotate the seats"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("city", {"طبّقت مدينة ما تعلّمته من Mombasa County: Rotate the seats"}),
        ("centre", {"جرى لدى مركز تطبيق درس من Mombasa County: Rotate the seats"}),
    ],
)
def test_a_body_of_any_gender_is_said_rightly_in_arabic(client: Client, body: str, said: set[str]) -> None:
    cast = assemble()
    bodies = {"city": make.authority("مدينة").organisation, "centre": make.organisation("مركز")}
    lesson = make.lesson("Rotate the seats", authorities=[cast.mombasa])
    made = make.commitment(bodies[body], lesson=lesson, completion=Completion.LIMITED)
    make.evidence(made)

    home, page = client.get("/ar/"), client.get(f"/ar/lessons/{lesson.pk}/")

    adopted = {"city": "مدينة اعتمدته كما هو", "centre": "جرى اعتماده كما هو لدى مركز"}
    with override("ar"):
        assert {strip_tags(each.sentence) for each in home.context["sentences"]} == said
        assert [strip_tags(each.sentence) for each in page.context["promised"]] == [adopted[body]]


def test_a_figure_is_part_of_its_words(client: Client) -> None:
    for _ in range(2):
        make.authority()
    for _ in range(3):
        make.lesson()

    figures = {
        code: [str(each["words"]) for each in client.get(f"/{code}/").context["figures"]] for code in ("en", "ar")
    }

    assert figures == {
        "en": ["<b>2</b> members of the network", "<b>3</b> lessons shared", "<b>0</b> lessons applied somewhere"],
        "ar": [
            "<b>عضوان</b> في الشبكة",
            f"<b>{in_arabic(3)}</b> دروس جرت مشاركتها",
            f"<b>{in_arabic(0)}</b> درس طُبِّق في مكان ما",
        ],
    }
    assert "<b>عضوان</b> في الشبكة</a>" in client.get("/ar/").content.decode()


def in_arabic(value: int) -> str:
    with override("ar"):
        return written(value)


def test_a_lesson_that_the_reader_may_not_see_is_not_told_by_its_commitment() -> None:
    cast = assemble()
    hidden = make.lesson("Secret lesson", authorities=[cast.mombasa])
    make.commitment(cast.kwale.organisation, lesson=hidden, title="Rotate seats in Kwale")
    make.narrowed_alone(hidden, AccessMode.NETWORK)

    assert sentences() == ["Kwale County took up: Rotate seats in Kwale"]
    assert sentences(cast.editor.user) == ["Kwale County took up from Mombasa County: Secret lesson"]


def test_counts_only_what_the_reader_may_see(client: Client) -> None:
    cast = assemble()
    make.lesson()
    make.lesson(access=AccessMode.NETWORK)
    make.lesson(state="draft")

    visitors = figures(client)
    client.force_login(cast.editor.user)  # type: ignore[arg-type]

    assert visitors == [2, 1, 0]
    assert figures(client) == [2, 2, 0]


def test_a_visitors_counts_are_remembered_and_said_to_be_old(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make.lesson()
    fresh = client.get("/en/")
    make.lesson()
    later = timezone.now() + timedelta(minutes=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    old = client.get("/en/")

    assert [figures_of(response)[1] for response in (fresh, old)] == [1, 1]
    assert "Counted a few minutes ago." not in fresh.content.decode()
    assert "Counted a few minutes ago." in old.content.decode()


def test_outcomes_come_with_evidence_that_the_reader_may_see(client: Client) -> None:
    promise = make.commitment(make.organisation())
    bare, closed, shown = (make.outcome(promise, change=change) for change in ("Bare", "Closed", "Shown"))
    make.evidence(promise, outcome=closed, access=AccessMode.CLOSED)
    make.evidence(promise, outcome=shown, title="Attendance lists")
    make.evidence(promise, outcome=shown, title="Secret minutes", access=AccessMode.CLOSED)

    response = client.get("/en/")

    assert response.context["outcomes"] == [shown]
    assert bare not in response.context["outcomes"]
    assert "Attendance lists" in response.content.decode()
    assert "Secret minutes" not in response.content.decode()


def test_members_stand_by_country_in_the_readers_order(client: Client) -> None:
    for name, country in (("Dakar", "SN"), ("Zeta", "MK"), ("Çair", "MK"), ("Berane", "ME")):
        make.authority(name, country=country)
    prospect = make.authority("Prospect", country="FR", member=False)
    prospect.memberships.create(state=MembershipState.PROSPECT)

    countries = client.get("/en/").context["countries"]()

    assert [(each["code"], [member.name for member in each["members"]]) for each in countries] == [
        ("ME", ["Berane"]),
        ("MK", ["Çair", "Zeta"]),
        ("SN", ["Dakar"]),
    ]


def test_the_latest_articles_stand_in_the_readers_language_or_say_in_which(client: Client) -> None:
    told = article("en", "Four cities", published_on=date(2024, 5, 1))
    article("fr", "Quatre villes", published_on=date(2024, 5, 1), translation_key=told.translation_key)
    article("en", "Only here", slug="only", published_on=date(2024, 4, 1))
    article("en", "Older", slug="older", published_on=date(2023, 4, 1))
    article("en", "Oldest", slug="oldest", published_on=date(2022, 4, 1))
    french = tight(client.get("/fr/").content.decode())

    def others(code: str) -> list[tuple[str, str, str]]:
        return [("Only here", "en", f"/{code}/news/only/"), ("Older", "en", f"/{code}/news/older/")]

    assert stories(client, "fr") == [("Quatre villes", "fr", "/fr/news/article/"), *others("fr")]
    assert stories(client, "ar") == [("Four cities", "en", "/ar/news/article/"), *others("ar")]
    assert '<a href="/fr/news/article/">Quatre villes</a>' in french
    assert '<a href="/fr/news/only/" lang="en" dir="ltr">Only here</a>' in french
    assert french.count('<span class="provenance">anglais</span>') == 2


def test_a_report_of_an_event_that_the_reader_may_not_see_and_a_draft_are_no_news(client: Client) -> None:
    cast = assemble()
    hidden = make.event(access=AccessMode.NETWORK)
    index = article("en", "Draft", live=False).get_parent()
    index.add_child(instance=EventReportPage(locale=index.locale, title="Report", slug="report", event=hidden))

    visitors = stories(client, "en")
    client.force_login(cast.editor.user)  # type: ignore[arg-type]

    assert (visitors, stories(client, "en")) == ([], [("Report", "en", "/en/news/report/")])


def test_a_draft_stands_in_no_list_even_of_those_who_may_see_it(client: Client) -> None:
    cast = assemble()
    make.event("Announced", starts_on=date(2099, 1, 1), ends_on=date(2099, 1, 2))
    draft = make.event("Draft", starts_on=date(2099, 1, 1), ends_on=date(2099, 1, 2), state=EventState.DRAFT)
    Delegation.objects.create(event=draft, authority=cast.kwale)
    client.force_login(cast.coordinator.user)  # type: ignore[arg-type]

    listed = [event.title for event in client.get("/en/").context["coming"]]

    assert listed == ["Announced"]
    assert client.get("/en/local-authorities/kwale/").context["events"] == []
    assert client.get("/en/events/").context["coming"].rows == [Event.objects.get(title="Announced")]
    assert client.get(f"/en/events/{draft.slug}/").status_code == 200


def test_empty_network_says_what_would_fill_it(client: Client) -> None:
    page = client.get("/en/").content.decode()

    assert "No one has taken up a lesson yet." in page
    assert "No outcome with evidence yet." in page
    assert "No members yet." in page


def figures(client: Client) -> list[int]:
    return figures_of(client.get("/en/"))


def figures_of(response: Any) -> list[int]:
    return [response.context["counts"][name] for name in ("members", "lessons", "applied")]


def sentences(user: Any = None) -> list[str]:
    """Return the home page's sentences about what was learned, without links."""
    from django.utils.html import strip_tags

    client = Client()
    if user is not None:
        client.force_login(user)
    return [strip_tags(each.sentence) for each in client.get("/en/").context["sentences"]]
