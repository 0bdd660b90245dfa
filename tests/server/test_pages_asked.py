"""After a write a page is asked whether it would be the same, and what one process made serves another."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches

from jirani.core.enums import AccessMode
from jirani.core.noted import MADE_ONCE
from jirani.lessons.models import Lesson
from jirani.server.folder import Folder, emptied
from jirani.server.lanes import Environ, Start
from jirani.server.pages import AGEING, ANEW, LONGEST, SPREAD, Pages, Site, State
from tests import factories as make
from tests.server.wsgi import Served, ask, connection_kept, environ

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    with connection_kept():
        yield


@pytest.fixture
def site() -> Served:
    return Served()


@pytest.fixture
def both(tmp_path: Path) -> tuple[Served, Served]:
    """Two processes of a machine."""
    places = [emptied(tmp_path / name) for name in ("plain", "queried")]
    one, other = (Served(folders=tuple(Folder(place, 2**20, lasts=LONGEST) for place in places)) for _ in range(2))
    return one, other


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    now, wall = time.monotonic(), time.time()
    monkeypatch.setattr("jirani.server.pages.time.monotonic", lambda: now + seconds)
    monkeypatch.setattr("jirani.server.pages.time.time", lambda: wall + seconds)


# Asked


def test_a_write_that_a_page_does_not_show_leaves_it(site: Served) -> None:
    lesson, other = make.lesson(title="Drums on the roof"), make.lesson(title="Before")
    addresses = ["/en/about/", f"/en/lessons/{lesson.pk}/", f"/ar/lessons/{lesson.pk}/"]
    pages = [site.get(each) for each in addresses]
    theirs = f"/en/lessons/{other.pk}/"
    site.get(theirs)
    other.title = "Afterwards"
    other.save()
    site.generation = 2

    assert [site.get(each) for each in addresses] == pages
    assert site.made == [*addresses, theirs]
    assert b"Afterwards" in site.get(theirs).body
    assert site.made == [*addresses, theirs, theirs]


def test_an_answer_before_the_write_is_not_given_for_one_after_it(site: Served) -> None:
    """Each page is asked, and one that was asked is asked again after the next write."""
    lesson = make.lesson(title="Told to all, then not")
    addresses = [f"/en/lessons/{lesson.pk}/", f"/fr/lessons/{lesson.pk}/", "/en/lessons/"]
    for each in addresses:
        site.get(each)
    make.lesson(title="Elsewhere", access=AccessMode.NETWORK)
    site.generation = 2
    assert [b"Told to all" in site.get(each).body for each in addresses] == [True] * 3
    assert len(site.made) == 3
    make.narrowed_alone(lesson, AccessMode.NETWORK)
    site.generation = 3
    assert [site.get(each).body.count(b"Told to all") for each in addresses] == [0, 0, 0]


def test_a_page_is_asked_each_minute_and_made_anew_now_and_then(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sees an old page has it asked; what no statement says is shown a quarter of an hour later at the latest."""
    lesson = make.lesson(title="Before")
    address = f"/en/lessons/{lesson.pk}/"
    for seconds in (0, LONGEST - 1, 2, 3 * LONGEST, ANEW - 4 * LONGEST - 2):
        later(monkeypatch, seconds)
        assert b"Before" in site.get(address).body
        assert len(site.made) == 1
    later(monkeypatch, 2)
    site.get(address)
    assert len(site.made) == 2
    Lesson.objects.filter(pk=lesson.pk).update(title="Afterwards")  # as if nobody had told
    assert b"Before" in site.get(address).body
    later(monkeypatch, LONGEST + 1)
    assert b"Afterwards" in site.get(address).body


def test_a_page_that_cannot_be_asked_is_made_each_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def page(request: Environ, start_response: Start) -> Any:
        made.append(request["PATH_INFO"])
        request[MADE_ONCE] = True
        start_response("200 OK", [])
        return [b"page"]

    pages = Pages(page, Site.ours(), lambda: State(1))
    for seconds, times in ((0, 1), (AGEING - 1, 1), (LONGEST - AGEING + 2, 2)):
        later(monkeypatch, seconds)
        ask(pages, environ("/en/about/"))
        assert len(made) == times


def test_a_page_of_yesterday_is_not_asked() -> None:
    class Dated(Served):
        day = date(2026, 3, 1)

        def state(self) -> State | None:
            return State(1, self.day)

    site = Dated()
    site.get("/en/about/")
    site.day = date(2026, 3, 2)
    site.get("/en/about/")
    assert len(site.made) == 2


def test_what_is_written_while_a_page_is_asked_counts() -> None:
    lesson = make.lesson(title="Before")
    address = f"/en/lessons/{lesson.pk}/"

    class Hearing(Served):
        """Hears of something new at each of the first looks."""

        asked = 0

        def state(self) -> State | None:
            self.asked += self.asked < 6
            return State(self.asked)

    site = Hearing()
    bodies = [site.get(address).body for _ in range(4)]
    assert len({*bodies}) == 1
    assert site.is_kept(address)


def test_remembered_counts_are_shown_as_django_would(site: Served) -> None:
    make.commitment(make.organisation())
    first = site.get("/en/commitments/")
    make.lesson(title="Elsewhere")
    site.generation = 2
    assert site.get("/en/commitments/") == first
    assert len(site.made) == 1
    caches["memory"].clear()
    site.generation = 3
    site.get("/en/commitments/")
    assert len(site.made) == 2


def test_counts_that_are_no_longer_fresh_end_a_page(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was made while its counts were fresh would not say that they aren't any more."""
    make.commitment(make.organisation())
    real = time.time
    monkeypatch.setattr("jirani.core.noted.time.time", lambda: real() + 40)
    site.get("/en/commitments/")
    later(monkeypatch, 15)
    assert site.get("/en/commitments/").status == 200
    assert len(site.made) == 1
    later(monkeypatch, 21)
    site.get("/en/commitments/")
    assert len(site.made) == 2


# Shared


def test_what_one_process_makes_or_asks_serves_the_other(both: tuple[Served, Served]) -> None:
    lesson = make.lesson(title="Before")
    address, (one, other) = f"/en/lessons/{lesson.pk}/", both
    page = one.get(address)

    assert other.get(address) == page
    make.lesson(title="Elsewhere")
    one.generation = other.generation = 2
    assert [one.get(address), other.get(address)] == [page, page]
    assert [one.made, other.made] == [[address], []]

    lesson.title = "Afterwards"
    lesson.save()
    one.generation = other.generation = 3
    assert [b"Afterwards" in each.get(address).body for each in (other, one)] == [True, True]
    assert [one.made, other.made] == [[address], [address]]


def test_who_has_not_heard_yet_gives_no_other_an_old_page(both: tuple[Served, Served]) -> None:
    lesson = make.lesson(title="Told to all, then not")
    address, (one, other) = f"/en/lessons/{lesson.pk}/", both
    one.get(address)
    make.narrowed_alone(lesson, AccessMode.NETWORK)
    other.generation = 2

    assert one.get(address).status == 200  # it has not heard
    assert other.get(address).status == 404
    one.generation = 2
    assert [each.get(address).status for each in both] == [404, 404]


def test_with_a_query_too(both: tuple[Served, Served]) -> None:
    one, other = both
    one.get("/en/commitments/", "status=open")
    other.get("/en/commitments/", "status=open")
    assert len(one.made) + len(other.made) == 1


# Renewed


def test_a_page_is_made_anew_before_its_end_by_one_while_others_get_the_old_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []
    begun, go = threading.Event(), threading.Event()

    def slow(request: Environ, start_response: Start) -> Any:
        made.append(request["PATH_INFO"])
        if len(made) > 1:
            begun.set()
            go.wait(10)
        request[MADE_ONCE] = True
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(len(made)).encode()]

    pages = Pages(slow, Site.ours(), lambda: State(1))
    address = "/en/about/"
    assert ask(pages, environ(address)).body == b"1"
    later(monkeypatch, AGEING - 0.5)
    assert ask(pages, environ(address)).body == b"1"
    later(monkeypatch, SPREAD + 0.5)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask, pages, environ(address))
        assert begun.wait(10)
        assert {ask(pages, environ(address)).body for _ in range(5)} == {b"1"}
        go.set()
        assert first.result(10).body == b"2"
    assert ask(pages, environ(address)).body == b"2"
    assert len(made) == 2
