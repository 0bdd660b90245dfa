"""A form that is sent twice makes one record, and the database decides which."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from jirani.audit.actions import SentBefore, once
from jirani.audit.models import Submission
from jirani.audit.tasks import run_nightly
from jirani.events.models import Event, Session
from jirani.members.models import Organisation, Person
from tests import factories as make
from tests.cast import Cast

from .test_working_day import facts, once_of


@pytest.mark.django_db
def test_a_form_sent_again_leads_to_what_it_made(cast: Cast, as_person: Callable[[Person], Client]) -> None:
    client = as_person(cast.coordinator)
    address = "/en/events/new/"
    form = facts(once=once_of(client, address))

    first, second = client.post(address, form), client.post(address, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert Event.objects.filter(title=form["title"]).count() == 1


@pytest.mark.django_db
def test_the_same_form_with_other_words_asks_and_loses_nothing(
    cast: Cast, as_person: Callable[[Person], Client]
) -> None:
    client = as_person(cast.coordinator)
    address = "/en/events/new/"
    key = once_of(client, address)
    client.post(address, facts(once=key))

    other = client.post(address, facts(once=key, title="Another one"))
    assert other.status_code == 422
    assert "This form was sent before" in other.content.decode()
    assert 'value="Another one"' in other.content.decode()
    fresh = once_of_page(other.content.decode())
    assert fresh != key
    client.post(address, facts(once=fresh, title="Another one"))
    assert Event.objects.filter(title="Another one").count() == 1


def once_of_page(page: str) -> str:
    return page.split('name="once" value="')[1].split('"', maxsplit=1)[0]


@pytest.mark.django_db
def test_sessions_and_people_are_made_once_too(
    cast: Cast, coming: Event, as_person: Callable[[Person], Client]
) -> None:
    client = as_person(cast.coordinator)
    base = f"/en/events/{coming.slug}"
    session = {"kind": "plenary", "title": "Closing", "language": "en", "access": "public"}
    person = {"name": "Nobody’s address", "language": "en", "role": "delegate"}
    for part, form in (("sessions", session), ("participants", person)):
        sent = form | {"once": once_of(client, f"{base}/{part}/new/")}
        assert [client.post(f"{base}/{part}/new/", sent).status_code for _ in range(2)] == [302, 302]
    assert Session.objects.filter(title="Closing").count() == 1
    assert coming.participations.filter(person__name="Nobody’s address").count() == 1


@pytest.mark.django_db
def test_what_failed_is_not_remembered_and_what_is_gone_is_made_anew_only_when_asked() -> None:
    def fail() -> Organisation:
        make.organisation("Half made")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        once("key", "digest", fail)
    assert (Organisation.objects.count(), Submission.objects.count()) == (0, 0)

    made = once("key", "digest", lambda: make.organisation("Made"))
    made.delete()
    with pytest.raises(SentBefore):
        once("key", "digest", lambda: make.organisation("Made again"))


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_make_one() -> None:
    started, go = threading.Event(), threading.Event()
    results: list[Any] = []

    def slow() -> Organisation:
        started.set()
        assert go.wait(10)
        return make.organisation("Only one")

    def send(action: Callable[[], Organisation]) -> None:
        try:
            results.append(once("key", "digest", action).pk)
        finally:
            connections.close_all()

    first = threading.Thread(target=send, args=(slow,))
    second = threading.Thread(target=send, args=(lambda: make.organisation("A second one"),))
    first.start()
    assert started.wait(10)
    second.start()
    second.join(0.3)  # it waits for the first, whose row is not committed yet
    assert results == []
    go.set()
    first.join(10)
    second.join(10)
    assert len(results) == 2
    assert len(set(results)) == 1
    assert list(Organisation.objects.values_list("name", flat=True)) == ["Only one"]
    connection.close()


@pytest.mark.django_db
def test_a_form_is_forgotten_in_the_night_after_two_days() -> None:
    today = timezone.localdate()
    for days in range(5):
        Submission.objects.create(key=f"{days}", on=today - timedelta(days=days))
    run_nightly(today)
    assert set(Submission.objects.values_list("key", flat=True)) == {"0", "1", "2"}
