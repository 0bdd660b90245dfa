"""A list that was reached from a count on another page says what it is limited to, and links there."""

import re
from html import unescape

import pytest
from django.test import Client

from jirani.core.noted import MADE_ONCE
from jirani.events.enums import EventState
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The cast, with a lesson, a commitment and an outcome to filter by."""
    lesson = make.lesson("Rotate", event=cast.event, session=cast.session, authorities=[cast.mombasa])
    made = make.commitment(cast.mombasa.organisation, lesson=lesson, activity=make.activity(cast.plan))
    make.outcome(made)
    return cast


def said(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return re.findall(r"<span>(Only of .*?)</span>", page)


@pytest.mark.parametrize("page", ["lessons", "commitments", "outcomes"])
def test_by_a_link_with_the_name(client: Client, cast: Cast, page: str) -> None:
    event = f'<a href="/en/events/{cast.event.slug}/">Inter-county exchange</a>'
    session = f'<a href="/en/events/{cast.event.slug}/sessions/{cast.session.pk}/">Carrying out the plans</a>'
    assert said(client, f"/en/{page}/?event={cast.event.slug}") == [f"Only of {event}"]
    assert said(client, f"/en/{page}/?session={cast.session.pk}") == [f"Only of {session}"]
    assert said(client, f"/en/{page}/") == []


def test_in_the_readers_language(client: Client, cast: Cast) -> None:
    address = "local-authorities/mombasa/"
    name = '<span lang="en" dir="ltr">Mombasa County</span>'
    assert said(client, "/en/lessons/?authority=mombasa") == [f'Only of <a href="/en/{address}">Mombasa County</a>']
    assert (
        unescape(client.get("/ar/lessons/?authority=mombasa").content.decode()).count(
            f'<span>من <a href="/ar/{address}">{name}</a> فقط</span>'
        )
        == 1
    )


@pytest.mark.parametrize("page", ["lessons", "commitments", "outcomes"])
def test_the_number_of_a_session_that_is_not_shown_finds_nothing(client: Client, cast: Cast, page: str) -> None:
    address = f"/en/{page}/?session={cast.session.pk}"
    assert client.get(address).context["page"].rows
    cast.event.state = EventState.DRAFT
    cast.event.save()
    answer = client.get(address)
    assert (answer.status_code, list(answer.context["page"].rows)) == (200, [])


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("lessons/", True),
        ("lessons/?kind=good-practice", True),
        ("lessons/?kind=failure", True),
        ("lessons/?authority=mombasa", True),
        ("lessons/?authority=invented", False),
        ("lessons/?theme=invented", False),
        ("lessons/?session=999999", False),
        ("commitments/?lesson=99999999999999999999", False),
        ("commitments/?organisation=invented", False),
        ("outcomes/?authority=mombasa", True),
        ("outcomes/?activity=999999", False),
        ("events/?when=past", True),
        ("events/?year=0002024", False),
        ("events/?organisation=invented", False),
        ("plans/?country=QQ", False),
        ("local-authorities/?hub=invented", False),
        ("local-authorities/map.svg?hub=invented", False),
    ],
)
def test_a_page_that_anybody_could_invent_is_not_kept(client: Client, cast: Cast, address: str, kept: bool) -> None:
    assert client.get(f"/en/{address}").wsgi_request.META[MADE_ONCE] is kept
