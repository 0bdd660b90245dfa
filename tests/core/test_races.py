"""If two people act at the same moment, the later one gets a sentence, never a server error or a contradiction."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from jirani.core.constraints import find_broken
from jirani.events.models import Event
from jirani.lessons.models import Lesson
from jirani.taxonomy.models import Theme
from tests import factories as make
from tests.cast import Cast, assemble

pytestmark = pytest.mark.django_db(transaction=True)

#: How often each pair is tried: one try rarely meets the moment.
ROUNDS = 5


def at_once(*posts: Callable[[], Any]) -> list[Any]:
    """Run these at the same moment on separate connections. Returns their results."""
    start, answers = threading.Barrier(len(posts)), dict[int, Any]()

    def send(place: int, post: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            answers[place] = post()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=each) for each in enumerate(posts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [answers[place] for place in range(len(posts))]


def client(cast: Cast) -> Client:
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(cast.coordinator.user, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return signed_in


def form_of(who: Client, address: str, **facts: Any) -> dict[str, Any]:
    """Return what a freshly opened form would send, with some fields replaced by `facts`."""
    form = who.get(address).context["form"]
    values = {field.html_name: field.value() for field in form}
    sent = {name: value for name, value in values.items() if value not in (None, "") and value is not False}
    return sent | {name: value for name, value in facts.items() if value is not None}


def told(answers: list[Any]) -> None:
    """Each was done or said why not, and why not is a sentence on the page."""
    for answer in answers:
        assert answer.status_code in {302, 404, 409, 422}, answer.content[-500:]
        if answer.status_code != 302:
            errors = answer.context["form"].errors if answer.status_code == 422 else {"": "so nothing"}
            assert (bool(errors), "Constraint" in str(errors)) == (True, False)


def test_two_take_the_same_away() -> None:
    cast = assemble()
    for make_one, kind in ((make.theme, "theme"), (make.driver, "driver"), (make.hub, "hub")):
        for _round in range(ROUNDS):
            gone: Any = make_one()
            address, people = f"/en/taxonomy/{kind}/{gone.pk}/delete/", [client(cast), client(cast)]
            told(at_once(*(partial(one.post, address) for one in people)))
            assert not type(gone).objects.filter(pk=gone.pk).exists()


def test_what_is_chosen_goes_at_the_same_moment() -> None:
    cast = assemble()
    for number in range(ROUNDS):
        theme, lesson = make.theme(), make.lesson()
        one, other, third = (client(cast) for _ in "123")
        above = form_of(one, "/en/taxonomy/theme/new/", en=f"Below {number}", parent=theme.pk)
        tied = form_of(other, f"/en/lessons/{lesson.pk}/edit/", themes=[theme.pk])
        told(
            at_once(
                partial(one.post, "/en/taxonomy/theme/new/", above),
                partial(other.post, f"/en/lessons/{lesson.pk}/edit/", tied),
                partial(third.post, f"/en/taxonomy/theme/{theme.pk}/delete/"),
            )
        )
        assert Theme.objects.filter(parent=theme.pk).exists() <= Theme.objects.filter(pk=theme.pk).exists()
        assert (
            Lesson.themes.through.objects.filter(theme=theme.pk).exists() <= Theme.objects.filter(pk=theme.pk).exists()
        )


def test_two_themes_are_put_below_each_other() -> None:
    cast = assemble()
    for _round in range(ROUNDS):
        first, second = make.theme(), make.theme()
        people = [client(cast), client(cast)]
        ways = ((first, second), (second, first))
        sent = [
            (one, f"/en/taxonomy/theme/{lower.pk}/edit/", form_of(one, f"/en/taxonomy/theme/{lower.pk}/edit/", parent=upper.pk))
            for one, (lower, upper) in zip(people, ways, strict=True)
        ]  # fmt: skip
        answers = at_once(*(partial(one.post, to, form) for one, to, form in sent))
        told(answers)
        assert [sorted(answer.status_code for answer in answers), find_broken()] == [[302, 422], {}]


def test_two_events_would_follow_each_other() -> None:
    cast = assemble()
    for _round in range(ROUNDS):
        first, second = (make.event(place="Kwale", hub=cast.hub) for _ in "12")
        people, ways = [client(cast), client(cast)], ((first, second), (second, first))
        sent = []
        for one, (event, other) in zip(people, ways, strict=True):
            address = f"/en/events/{event.slug}/edit/details/"
            sent.append((one, address, form_of(one, address, follow_up_of=other.pk)))
        answers = at_once(*(partial(one.post, to, form) for one, to, form in sent))
        told(answers)
        assert [sorted(answer.status_code for answer in answers), find_broken()] == [[302, 422], {}]
        assert Event.objects.filter(pk__in=[first.pk, second.pk], follow_up_of__isnull=False).count() == 1
