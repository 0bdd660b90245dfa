"""The demo's pages mark what was made up wherever it is shown, in every language, and tell the two stories in all four."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils.html import strip_tags
from django.utils.translation import gettext, override

from jirani.commitments.models import Commitment, Outcome
from jirani.demo.text import LANGUAGES
from jirani.events.models import Event, Session
from jirani.lessons.models import Lesson
from jirani.plans.models import ActionPlan, Activity
from jirani.ui.text import language as language_name

pytestmark = [pytest.mark.usefixtures("network"), pytest.mark.sweep]

MARK = '<span class="illustrative">'
STORIES = ("kenya-exchange-2021", "kenya-exchange-follow-up-2021", "africa-summit-2021")


def _address(record: Any) -> str:
    match record:
        case Event():
            return f"events/{record.slug}/"
        case Session():
            return f"events/{record.event.slug}/sessions/{record.pk}/"
        case Lesson():
            return f"lessons/{record.pk}/"
        case Commitment():
            return f"commitments/{record.pk}/"
        case Outcome():
            return f"outcomes/{record.pk}/"
        case ActionPlan():
            return f"plans/{record.slug}/"
        case Activity():
            return f"plans/{record.objective.pillar.plan.slug}/activities/{record.pk}/"
    raise AssertionError(record)


def _page(client: Client, record: Any, language: str = "en") -> str:
    answer = client.get(f"/{language}/{_address(record)}")
    assert answer.status_code == 200, _address(record)
    return answer.content.decode()


def _head(page: str) -> str:
    """Return what a page says about its own record at the top."""
    return page.partition('class="head"')[2].partition("</header>")[0]


def _section(page: str, name: str) -> str:
    return page.partition(f'id="{name}"')[2].partition("</section>")[0]


@pytest.mark.parametrize("model", [Session, Lesson, Commitment, Outcome, ActionPlan, Activity])
def test_the_head_of_a_page_says_what_its_record_is(model: Any, client: Client) -> None:
    shown = model.objects.visible_to(AnonymousUser())
    said = {(record.illustrative, MARK in _head(_page(client, record))) for record in shown}
    assert said == {(True, True), (False, False)} - ({(False, False)} if model is Outcome else set())


def test_a_lesson_says_what_of_it_was_made_up(client: Client) -> None:
    lesson = Lesson.objects.get(title__startswith="Rotate the seats")
    page = _page(client, lesson)
    rest = page.partition('<div class="split">')[2]
    chain = page.partition('class="chain"')[2].partition("</nav>")[0]
    assert chain.count(MARK) == 2  # the call and its session
    body, margin = rest.partition("<aside")[0].replace(chain, ""), rest.partition("<aside")[2].partition("</aside>")[0]
    assert body.count(f"{MARK}What it takes and how it went are illustrative.") == body.count(MARK) == 1
    assert margin.count(MARK) == 3  # what it takes, whom you can ask, who endorses it
    plain = Lesson.objects.get(title__startswith="A plan stalls when")
    assert MARK not in _page(client, plain).partition('id="commitments"')[0].partition("Whom you can ask")[0]


def test_a_plan_marks_the_pillars_and_objectives_that_no_source_names(client: Client) -> None:
    known = _page(client, ActionPlan.objects.get(slug="nakuru-2019"))
    invented = _page(client, ActionPlan.objects.get(slug="kwale-2017"))
    # Nakuru's third pillar holds an objective of ours and two activities of the source's; the fourth two activities of ours.
    assert [_section(known, f"pillar-{number}").count(MARK) for number in range(1, 7)] == [0, 0, 1, 3, 0, 0]
    assert [_section(invented, f"pillar-{number}").partition("</header>")[0].count(MARK) for number in (1, 2)] == [1, 1]


def test_a_forum_marks_seats_and_groups_and_says_where_its_chairs_are_from(client: Client) -> None:
    mombasa = client.get("/en/forums/mombasa-forum/").content.decode()
    kwale = client.get("/en/forums/kwale-forum/").content.decode()
    sectors = mombasa.partition("Seats by sector</h2>")[2].partition("</section>")[0]
    groups = mombasa.partition("Working groups</h2>")[2].partition("</section>")[0]
    assert (sectors.count(MARK), groups.count(MARK)) == (1, 2)
    assert MARK not in mombasa.partition("Its members")[2].partition("</section>")[0]
    assert kwale.partition("Its members")[2].partition("</section>")[0].count("<bdi>cicckenya.org</bdi>") == 1


def test_people_who_were_made_up_are_not_counted_as_a_fact(client: Client) -> None:
    exchange, hague = (Event.objects.get(slug=slug) for slug in ("kenya-exchange-2021", "stockholm-dialogue-2024"))
    assert _section(_page(client, exchange), "people").count(MARK) == 1
    assert MARK not in _page(client, hague)


def test_a_day_of_an_inferred_year_says_so(client: Client) -> None:
    page = strip_tags(_page(client, Event.objects.get(slug="mombasa-exchange-2018")))
    assert "22 November 2018, year inferred" in page


def _told() -> Iterator[Any]:
    """The two stories' own pages, with all that a visitor may see of them."""
    events = Event.objects.filter(slug__in=STORIES)
    visitor = AnonymousUser()
    yield from events
    yield from Session.objects.visible_to(visitor).filter(event__in=events)
    lessons = Lesson.objects.visible_to(visitor).filter(event__in=events)
    yield from lessons
    commitments = Commitment.objects.visible_to(visitor).filter(lesson__in=lessons)
    yield from commitments
    yield from Outcome.objects.visible_to(visitor).filter(commitment__in=commitments)
    yield from Activity.objects.visible_to(visitor).filter(commitments__in=commitments).distinct()


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_no_text_of_the_two_stories_falls_back_and_each_page_says_who_has_not_read_it(
    language: str, client: Client
) -> None:
    with override(language):
        label = gettext("Translated from %(language)s, not yet checked by a native speaker.") % {
            "language": language_name("en")
        }
    told = list(_told())
    pages = {_address(record): _page(client, record, language) for record in told}
    english = {
        address: re.findall(r'<(?:span|p|div)[^>]* lang="en"[^>]*>[^<]*', page) for address, page in pages.items()
    }
    assert len(pages) >= 30
    assert {address: found for address, found in english.items() if found} == {}
    assert [address for address, page in pages.items() if label not in _head(page)] == []
