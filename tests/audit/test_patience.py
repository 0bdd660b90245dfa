"""People who save something wait for others' transactions, but not for long: threads are few, and a waiting one serves no page."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, connections, transaction

from jirani.audit import actions
from jirani.audit.actions import as_sentence, lock_unchanged, once, take_turns
from jirani.core.sheets import Row, bring_in_rows, importer
from jirani.events.actions import change_event
from jirani.members.actions import create_organisation, put_authority
from jirani.members.models import LocalAuthority, Organisation
from tests.cast import assemble, user_of

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def meanwhile(work: Callable[[Callable[[], None]], object]) -> Iterator[None]:
    """Keep another connection in the middle of `work`, at the point where it calls its argument, until the block ends."""
    inside, end = threading.Event(), threading.Event()

    def stay() -> None:
        inside.set()
        assert end.wait(60)

    def run() -> None:
        try:
            work(stay)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert inside.wait(60)
        yield
        assert thread.is_alive()
    finally:
        end.set()
        thread.join()


def test_the_preview_of_an_import_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "PATIENCE", "1s")
    cast = assemble()
    by = user_of(cast.coordinator)
    empty = {column.name: "" for column in importer("members").columns}
    cells = empty | {"name": "Kampala", "kind": "city", "country": "UG", "state": "member", "joined": "2020"}

    def preview(stay: Callable[[], None]) -> None:
        def rows() -> Iterator[Row]:
            yield Row(1, cells, {})
            stay()

        outcome = bring_in_rows(importer("members"), rows(), by=by, dry_run=True)
        assert [str(result.name) for result in outcome.results] == ["Kampala"]

    with meanwhile(preview):
        put_authority(LocalAuthority.objects.get(pk=cast.kwale.pk), by=by, population=4321)
        create_organisation(Organisation(name="Water partners", sector="civil-society"), by=by)
    assert LocalAuthority.objects.get(pk=cast.kwale.pk).population == 4321
    assert [Organisation.objects.filter(name=name).count() for name in ("Water partners", "Kampala")] == [1, 0]


def test_facts_that_bear_on_nothing_else_wait_for_nobodys_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "PATIENCE", "1s")
    cast = assemble()
    by = user_of(cast.coordinator)

    def hold(stay: Callable[[], None]) -> None:
        with transaction.atomic():
            take_turns("members.slug")
            take_turns("event_in_no_circle")
            stay()

    with meanwhile(hold):
        put_authority(LocalAuthority.objects.get(pk=cast.kwale.pk), by=by, population=4321, country="KE")
        change_event(cast.event, by=by, place="Town hall", follow_up_of=cast.event.follow_up_of)
        with pytest.raises(OperationalError) as late:
            put_authority(LocalAuthority.objects.get(pk=cast.kwale.pk), by=by, name="Kwale Town")
        assert told(late.value)
    put_authority(LocalAuthority.objects.get(pk=cast.kwale.pk), by=by, name="Kwale Town")


@pytest.mark.parametrize("wait", ["turn", "record", "form"])
def test_whoever_waits_for_too_long_is_told(monkeypatch: pytest.MonkeyPatch, wait: str) -> None:
    monkeypatch.setattr(actions, "PATIENCE", "200ms")
    cast = assemble()

    def act() -> None:
        if wait == "turn":
            take_turns("tests.turn")
        elif wait == "record":
            lock_unchanged(cast.kwale.organisation, "")
        else:
            once("key", "digest", lambda: cast.kwale)

    def hold(stay: Callable[[], None]) -> None:
        with transaction.atomic():
            act()
            stay()

    with meanwhile(hold):
        with pytest.raises(OperationalError) as late, transaction.atomic():
            act()
        assert told(late.value)
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("0",), "others may wait"


def told(error: Exception) -> bool:
    """Whether somebody would be told that others were quicker."""
    sentence = as_sentence(error)
    return sentence is not None and "Send it again" in sentence.messages[0]
