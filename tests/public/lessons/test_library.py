"""The library: a list of lessons, filtered by facets and words."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from jirani.core.enums import AccessMode
from jirani.core.noted import noting
from jirani.lessons.enums import Addressee, LessonKind, Publication, ReviewLevel
from jirani.plans.enums import Status
from jirani.translation.actions import save_translation
from tests import factories as make
from tests.cast import Cast

from .test_lessons import a_lesson_with_everything

pytestmark = pytest.mark.django_db


def found(client: Client, query: str = "", language: str = "en") -> list[str]:
    """Return the titles in the library, in order."""
    return [row["lesson"].title for row in client.get(f"/{language}/lessons/?{query}").context["rows"]]


def facets(client: Client, query: str = "", language: str = "en") -> dict[str, list[tuple[str, int]]]:
    """Return the facets offered: names and counts by title."""
    with translation.override(language):
        shown = client.get(f"/{language}/lessons/?{query}").context["facets"]()
    return {facet["title"]: [(option["name"], option["count"]) for option in facet["options"]] for facet in shown}


@pytest.mark.parametrize("number", [1, 30])
def test_the_library_costs_the_same_with_one_and_with_thirty(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for _ in range(number):
        a_lesson_with_everything(cast)

    with django_assert_num_queries(7):
        response = client.get("/ar/lessons/")
    with django_assert_num_queries(6):  # the counts are remembered
        client.get("/ar/lessons/")

    assert (response.context["count"], len(response.context["rows"])) == (number, min(number, 20))


def test_the_library_holds_published_lessons_that_the_reader_may_see_the_latest_first(
    client: Client, cast: Cast
) -> None:
    now = timezone.now()
    make.lesson("Public", published_at=now)
    make.lesson("Network", published_at=now - timedelta(days=1), access=AccessMode.NETWORK)
    make.lesson("Closed", published_at=now - timedelta(days=2), access=AccessMode.CLOSED, event=cast.event)
    make.lesson("Draft", state=Publication.DRAFT)
    make.lesson("Withdrawn", published_at=now, state=Publication.WITHDRAWN)
    readers = {"outsider": cast.outsider, "focal point": cast.kwale_focal_point, "participant": cast.participant}

    seen = {"visitor": (found(client), facets(client)["Kind"])}
    for name, person in {**readers, "coordinator": cast.coordinator}.items():
        client.force_login(person.user)  # type: ignore[arg-type]
        seen[name] = (found(client), facets(client)["Kind"])

    assert seen == {
        "visitor": (["Public"], [("Good practice", 1)]),
        "outsider": (["Public"], [("Good practice", 1)]),
        "focal point": (["Public", "Network"], [("Good practice", 2)]),
        "participant": (["Public", "Closed"], [("Good practice", 2)]),
        "coordinator": (["Public", "Network", "Closed"], [("Good practice", 3)]),
    }


def test_facets_are_remembered_for_visitors_only(client: Client, cast: Cast) -> None:
    member = Client()
    member.force_login(cast.kwale_focal_point.user)  # type: ignore[arg-type]
    make.lesson("One")
    before = [facets(reader)["Kind"] for reader in (client, member)]
    make.lesson("Two")

    assert before == [[("Good practice", 1)]] * 2
    assert [facets(reader)["Kind"] for reader in (client, member)] == [[("Good practice", 1)], [("Good practice", 2)]]


def test_each_facet_narrows_the_list_to_what_it_counts(client: Client, cast: Cast) -> None:
    theme, driver, norway = (
        make.theme("Youth"),
        make.driver("Poverty"),
        make.authority("Kristiansand", slug="kr", country="NO"),
    )
    applied = make.lesson(
        "Applied",
        kind=LessonKind.LESSON,
        event=cast.event,
        session=cast.session,
        authorities=[cast.kwale],
        themes=[theme],
    )
    commitment = make.commitment(cast.mombasa.organisation, lesson=applied, completion="complete")
    make.evidence(commitment)
    dropped = make.lesson("Dropped", review_level=ReviewLevel.INSPIRING, authorities=[norway])
    dropped.drivers.add(driver)
    make.commitment(cast.kwale.organisation, lesson=dropped, status=Status.DROPPED, dropped_because="No money")
    make.lesson("Recommended", kind=LessonKind.RECOMMENDATION, addressees=[Addressee.NATIONAL])

    assert facets(client) == {
        "Theme": [("Youth", 1)],
        "Kind": [("Good practice", 1), ("Lesson", 1), ("Recommendation", 1)],
        "What became of it": [("Taken up", 2), ("Applied", 1), ("Dropped", 1)],
        "Country": [("Kenya", 1), ("Norway", 1)],
        "Driver": [("Poverty", 1)],
        "Told at": [("Exchange", 1)],
        "Recommended to": [("National governments", 1)],
        "Review level": [("Shared", 2), ("Inspiring", 1)],
    }
    became = facets(client, language="sw")["Kilichotokana nalo"]
    assert became == [("Limechukuliwa", 2), ("Limetekelezwa", 1), ("Limeachwa", 1)], "of a lesson, not of a commitment"
    assert {
        query: found(client, query)
        for query in (
            f"theme={theme.slug}", f"driver={driver.slug}", "kind=lesson", "country=NO", "event_kind=exchange", "addressee=national",
            "level=inspiring", "state=applied", "state=dropped", "authority=kwale", f"event={cast.event.slug}",
            f"session={cast.session.pk}", f"theme={theme.slug}&country=KE", f"theme={theme.slug}&country=NO",
        )
    } == {
        f"theme={theme.slug}": ["Applied"], f"driver={driver.slug}": ["Dropped"], "kind=lesson": ["Applied"], "country=NO": ["Dropped"],
        "event_kind=exchange": ["Applied"], "addressee=national": ["Recommended"], "level=inspiring": ["Dropped"],
        "state=applied": ["Applied"], "state=dropped": ["Dropped"], "authority=kwale": ["Applied"],
        f"event={cast.event.slug}": ["Applied"], f"session={cast.session.pk}": ["Applied"],
        f"theme={theme.slug}&country=KE": ["Applied"], f"theme={theme.slug}&country=NO": [],
    }  # fmt: skip


def test_a_chosen_facet_offers_to_take_itself_away(client: Client) -> None:
    make.lesson(kind=LessonKind.CHALLENGE)
    make.lesson()

    shown = client.get("/en/lessons/?kind=challenge&level=shared").context["facets"]()
    kind = next(facet for facet in shown if facet["title"] == "Kind")

    assert [(option["name"], option["chosen"], option["url"]) for option in kind["options"]] == [
        ("Challenge", True, "/en/lessons/?level=shared")
    ]


def test_what_an_address_asks_for_in_vain_is_as_if_it_had_not_been_asked(client: Client) -> None:
    make.lesson("Found")

    assert found(client, "kind=poem&theme=none&level=x&state=y&session=z&country=kenya") == ["Found"]
    assert client.get("/en/lessons/?cursor=nonsense").status_code == 404


def test_the_affiliation_behind_closed_doors_is_in_no_facet_and_no_filter(client: Client, cast: Cast) -> None:
    cast.session.access = AccessMode.CLOSED
    cast.session.save()
    lesson = make.lesson("In confidence", event=cast.event, session=cast.session, authorities=[cast.kwale])
    make.tenure(make.person(), cast.kwale.organisation)

    page = client.get(f"/en/lessons/{lesson.pk}/")

    assert found(client) == ["In confidence"]
    assert (found(client, "authority=kwale"), found(client, "country=KE"), "Country" in facets(client)) == (
        [],
        [],
        False,
    )
    assert (page.context["origins"], page.context["asked"], "Kwale" in page.content.decode()) == ([], [], False)


def test_counts_may_be_some_minutes_old_and_say_so(client: Client) -> None:
    make.lesson()
    with noting() as noted:
        first = client.get("/en/lessons/")
    make.lesson()
    [(key, known)] = noted.remembered.items()
    caches["memory"].set(key, type(known)(known.of, known.taken_at - timedelta(minutes=3)))

    later = client.get("/en/lessons/")
    caches["memory"].clear()
    fresh = client.get("/en/lessons/")

    sentence = "Counted a few minutes ago."
    assert [(page.context["count"], sentence in page.content.decode()) for page in (first, later, fresh)] == [
        (1, False),
        (1, True),
        (2, False),
    ]


def test_a_search_finds_words_in_the_text_and_in_the_readers_language(client: Client) -> None:
    radio = make.lesson(
        "A weekly slot on the radio", body="Train journalists and bloggers.", published_at=timezone.now()
    )
    make.lesson("Rotate the seats", published_at=timezone.now() - timedelta(days=1))
    make.lesson("Radio of the army", access=AccessMode.NETWORK)
    save_translation(radio, "title", "ar", "فقرة أسبوعية في الإذاعة")

    assert {
        query: found(client, f"q={query}")
        for query in ("RADIO", "journ slot", "radio seats", "seat", "'); drop", "%26 | !")
    } == {
        "RADIO": ["A weekly slot on the radio"],
        "journ slot": ["A weekly slot on the radio"],
        "radio seats": [],
        "seat": ["Rotate the seats"],
        "'); drop": [],
        "%26 | !": ["A weekly slot on the radio", "Rotate the seats"],
    }
    assert found(client, "q=الإذاعة", "ar") == ["A weekly slot on the radio"]
    assert found(client, "q=الإذاعة", "fr") == []


def test_pages_by_key_hold_every_lesson_once(client: Client) -> None:
    now = timezone.now()
    for n in range(45):
        make.lesson(f"Lesson {n:02}", published_at=now - timedelta(minutes=n // 2), kind=LessonKind.LESSON)
    seen, address = [], "/en/lessons/?kind=lesson"
    while address:
        page = client.get(address).context["page"]
        seen += [lesson.title for lesson in page.rows]
        address = f"/en/lessons/?kind=lesson&cursor={page.older}" if page.older else ""

    assert sorted(seen) == [f"Lesson {n:02}" for n in range(45)]


def test_of_a_narrowed_list_a_facet_that_narrows_nothing_is_left_out(client: Client, cast: Cast) -> None:
    theme = make.theme("Dialogue")
    make.lesson("One", themes=[theme], kind="challenge")
    make.lesson("Two", themes=[theme], kind="lesson")
    make.lesson("Three")

    assert set(facets(client, f"theme={theme.slug}")) == {"Theme", "Kind"}, "both are of one review level"
    assert set(facets(client, f"theme={theme.slug}&kind=challenge")) == {"Theme", "Kind"}
