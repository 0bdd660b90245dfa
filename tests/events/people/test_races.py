"""Two things that happen to one person at the same moment: erased and listed, or invited while answering twenty times."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from jirani.audit.models import Entry
from jirani.events.actions import add_participant, answer
from jirani.events.models import Event, Participation
from jirani.events.text import sign_link
from jirani.members.actions import add_post, erase_again, erase_person
from jirani.members.enums import TenureRole
from jirani.members.models import Person, Tenure
from tests import factories as make
from tests.cast import Cast, assemble, user_of

pytestmark = pytest.mark.django_db(transaction=True)


def in_a_thread(act: Callable[[], Any]) -> threading.Thread:
    """Run `act` in a thread with its own database connection."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def is_waiting() -> bool:
    """Tell whether some connection is waiting for another's lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def while_erased(person: Person, act: Callable[[], Any]) -> None:
    """Start `act` while the person's erasure has been made but not committed."""
    with transaction.atomic():
        erase_person(person, by=person.user)
        other = in_a_thread(act)
        until_it_waits()
    other.join()


def until_it_waits() -> None:
    until = time.monotonic() + 60
    while not is_waiting() and time.monotonic() < until:
        time.sleep(0.01)
    assert is_waiting(), "nothing waits for the erasure: this test tests nothing"


@pytest.mark.parametrize("what", ["list", "post"])
def test_who_is_erased_while_being_entered_keeps_no_typed_name(what: str) -> None:
    cast: Cast = assemble()
    person, by = make.person("Zawadi", email="zawadi@example.org"), user_of(cast.coordinator)
    who: dict[str, Any] = {"name": "Zawadi as typed", "email": "Zawadi@example.org", "by": by}
    acts = {
        "list": lambda: add_participant(cast.event, role="delegate", **who),
        "post": lambda: add_post(cast.kwale.organisation, role=TenureRole.OFFICIAL, **who),
    }
    while_erased(person, acts[what])

    gone = Person.objects.get(pk=person.pk)
    assert (gone.name, gone.erased_at is None) == ("", False)
    assert not Participation.objects.filter(person=gone).exists()
    assert not Tenure.objects.filter(person=gone).exists()
    new = Person.objects.get(email="zawadi@example.org")  # whoever was entered is somebody new, as after an erasure
    assert new.name == "Zawadi as typed"
    assert Participation.objects.filter(person=new).count() + Tenure.objects.filter(person=new).count() == 1


def test_an_invitation_answered_twenty_times_at_once_is_answered_once() -> None:
    soon = timezone.localdate() + timedelta(days=30)
    event: Event = make.event("Exchange to come", starts_on=soon, ends_on=soon)
    guest = make.participation(event, make.person("Zawadi", account=False), state="invited", nonce="g" * 32)
    address = f"/en/my-programme/{sign_link(guest.pk, guest.nonce)}/answer/"
    statuses: list[int] = []
    threads = [
        in_a_thread(lambda: statuses.append(Client().post(address, {"comes": "yes"}).status_code)) for _ in range(20)
    ]
    for thread in threads:
        thread.join()

    assert statuses == [302] * 20
    assert Entry.objects.filter(verb="events.accept").count() == 1
    guest.refresh_from_db()
    first = guest.answered_at
    Client().post(address, {"comes": "yes"})
    guest.refresh_from_db()
    assert (guest.state, guest.answered_at) == ("confirmed", first)
    Client().post(address, {"comes": "no"})
    Client().post(address, {"comes": "no"})
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == ["events.accept", "events.decline"]


def test_an_answer_and_an_erasure_hold_the_same_in_the_same_order() -> None:
    soon = timezone.localdate() + timedelta(days=30)
    event: Event = make.event("Exchange to come", starts_on=soon, ends_on=soon)
    person = make.person("Zawadi", account=False)
    guest = make.participation(event, person, state="invited", nonce="g" * 32)
    refused: list[bool] = []

    def say_yes() -> None:
        try:
            answer(guest, comes=True, nonce="g" * 32)
        except PermissionDenied:
            refused.append(True)

    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)  # what erasing begins with
        other = in_a_thread(say_yes)
        until_it_waits()
        erase_again([person.pk])
    other.join()

    guest.refresh_from_db()
    assert (refused, guest.person, guest.state, guest.answered_at) == ([True], None, "invited", None)
