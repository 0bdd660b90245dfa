"""An event's report, written from its records; and how long texts take to read."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from jirani.events.enums import PartyRole
from jirani.events.models import Delegation, EventParty
from jirani.members.enums import Sector
from jirani.newsroom.actions import write_report
from jirani.newsroom.models import ArticlePage, EventReportPage, NewsIndexPage
from jirani.translation.text import count_words, reading_minutes
from tests import factories as make
from tests.cast import Cast

from .conftest import Enter

ARTICLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "article_africa_summit_ar.txt"


def _listed(chapter: str) -> list[str]:
    return re.findall(r"<li>(.*?)</li>", chapter)


def test_local_governments_are_represented_and_others_are_partners_nobody_both(
    cast: Cast, newsroom: NewsIndexPage
) -> None:
    event = make.event("An exchange", country="KE", place="Ukunda")
    Delegation.objects.create(event=event, authority=cast.mombasa)
    for role, body in (
        (PartyRole.HOST, cast.kwale.organisation),
        (PartyRole.ORGANISER, make.organisation("Institute", country="GB")),
        (PartyRole.PARTNER, make.organisation("Neighbours of Kwale", country="KE")),
        (PartyRole.PARTNER, make.organisation("Agency", country="KE", sector=Sector.MULTILATERAL)),
        (PartyRole.DONOR, make.organisation("Fund", country="NO")),
    ):
        EventParty.objects.create(event=event, organisation=body, role=role)
    report = write_report(event, by=cast.users()["coordinator"])
    assert {name: _listed(getattr(report, name)) for name in ("partners", "represented", "donors")} == {
        "partners": ["Institute", "Neighbours of Kwale", "Agency"],
        "represented": ["Mombasa County", "Kwale County"],
        "donors": ["Fund"],
    }
    assert report.where_and_when.endswith(" · Ukunda · Kenya · in person</p>")


def test_a_report_says_what_its_event_says_of_itself(cast: Cast, newsroom: NewsIndexPage, enter: Enter) -> None:
    fields = {"source_url": "https://example.org/exchange", "illustrative": True}
    report = write_report(make.event("An exchange", **fields), by=cast.users()["coordinator"])
    report.get_latest_revision().publish()
    page = enter("visitor").get(report.url).content.decode()
    assert 'href="https://example.org/exchange"' in page
    assert 'class="illustrative"' in page


def test_no_report_is_written_of_what_has_not_begun(cast: Cast, newsroom: NewsIndexPage, enter: Enter) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    event, client = make.event("An exchange", starts_on=tomorrow, ends_on=tomorrow), enter("coordinator")
    address, words = f"/en/events/{event.slug}/report/write/", "The report can be written once the event has begun."
    assert re.findall("<form|" + words, client.get(address).content.decode().split("<main")[1]) == [words]
    assert words in client.post(address).content.decode()
    assert not EventReportPage.objects.exists()


@pytest.mark.skipif(not ARTICLE.exists(), reason="../shared/data is not here: its article is not read")
def test_an_article_in_arabic_takes_minutes_to_read(newsroom: NewsIndexPage, enter: Enter) -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    minutes = reading_minutes(text, "ar")
    assert 3 <= minutes <= 12
    assert count_words(text, "ar") == sum(any(map(str.isalnum, word)) for word in re.split(r"[\s؛،.«»()\-–/:]+", text))
    arabic = NewsIndexPage.objects.get(locale__language_code="ar")
    page = arabic.add_child(instance=ArticlePage(title="قمة", slug="summit", locale=arabic.locale, standfirst=text))
    assert page.minutes == minutes
