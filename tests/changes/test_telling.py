"""Who listens learns of everything that a transaction wrote, once, in that transaction, and of nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from jirani.changes import registry
from jirani.changes.registry import Change, Kind, listen
from jirani.core.enums import AccessMode
from jirani.events.models import Event, Session
from jirani.lessons.enums import Publication
from jirani.lessons.models import Lesson
from jirani.members.models import Hub
from tests import factories as make

#: Inside the test's transaction, and with real transactions.
BOTH = [
    pytest.param(marks=pytest.mark.django_db, id="within a test's transaction"),
    pytest.param(marks=pytest.mark.django_db(transaction=True), id="with real commits"),
]
both = pytest.mark.parametrize((), BOTH)


@contextmanager
def listening(*labels: str, then: Callable[[Sequence[Change]], None] | None = None) -> Iterator[list[list[Change]]]:
    """Collect what a listener receives, call by call."""
    calls: list[list[Change]] = []

    def hear(changes: Sequence[Change]) -> None:
        calls.append(list(changes))
        if then:
            then(changes)

    listen("~tests", hear, *labels)  # after all others, which so are told even of what this one refuses
    try:
        yield calls
        with suppress(TransactionManagementError), connection.cursor() as cursor:
            cursor.execute("SELECT")  # within a test's transaction, what a block without savepoint wrote is told by now
    finally:
        del registry._listeners["~tests"]


DRAFT = {"access": "public", "state": "draft"}
PUBLISHED = {"access": "public", "state": "published"}


@both
def test_a_record_is_told_with_its_fields_and_its_state_before_and_after() -> None:
    with listening("lessons.Lesson") as calls:
        lesson = make.lesson(state=Publication.DRAFT)
        rows = Lesson.objects.filter(pk=lesson.pk)
        rows.update(state=Publication.PUBLISHED, published_at=timezone.now())
        rows.update(title=F("title"))
        with connection.cursor() as cursor:
            cursor.execute("WITH own AS (UPDATE lessons_lesson SET body = 'Raw' RETURNING id) SELECT * FROM own")
        lesson.delete()

    assert [[change.kind.value for change in call] for call in calls] == [["made"], ["changed"], ["changed"], ["gone"]]
    assert [(sorted(call[0].fields), call[0].before, call[0].after) for call in calls] == [
        ([], {}, DRAFT),
        (["published_at", "state"], DRAFT, PUBLISHED),
        (["body"], PUBLISHED, PUBLISHED),
        ([], PUBLISHED, {}),
    ]
    assert len({call[0].pk for call in calls}) == 1


@both
def test_a_transaction_is_told_once_record_by_record() -> None:
    with listening("members.Hub") as calls:
        with transaction.atomic():
            one, two, three = (make.hub(f"Hub {n}") for n in range(3))
            Hub.objects.filter(pk=one.pk).update(summary="More")
            three_was = three.pk
            three.delete()
            assert calls == []
        with transaction.atomic():
            Hub.objects.update(summary="Even more")
            Hub.objects.filter(pk=two.pk).update(name="Two")

    assert [[(c.pk, c.kind, c.fields) for c in call] for call in calls] == [
        [(one.pk, Kind.MADE, frozenset()), (two.pk, Kind.MADE, frozenset()), (three_was, Kind.GONE, frozenset())],
        [(one.pk, Kind.CHANGED, {"summary"}), (two.pk, Kind.CHANGED, {"summary", "name"})],
    ]


@both
def test_cascades_bulk_work_and_links_are_told() -> None:
    event = make.event()
    session = make.session(event)
    lesson, theme = make.lesson(), make.theme()
    with listening("events.Session", "events.Event", "lessons.Lesson_themes") as calls:
        Event.objects.filter(pk=event.pk).delete()
        lesson.themes.set([theme])
        lesson.themes.clear()
        Event.objects.bulk_create([Event(**{**vars_of(event), "slug": f"s-{n}"}) for n in range(3)])
        assert Event.objects.count() == 3

    assert [sorted((c.model._meta.model_name, c.kind.value) for c in call) for call in calls] == [
        [("event", "gone"), ("session", "gone")],
        [("lesson_themes", "made")],
        [("lesson_themes", "gone")],
        [("event", "made")] * 3,
    ]
    between = {"lesson": lesson.pk, "theme": theme.pk}
    assert (calls[1][0].after, calls[2][0].before) == (between, between)
    assert {c.pk for c in calls[0]} == {event.pk, session.pk}


def vars_of(event: Event) -> dict[str, Any]:
    """The columns of an event but for its key."""
    return {name: value for name, value in vars(event).items() if not name.startswith("_") and name != "id"}


@both
def test_what_was_undone_is_not_told() -> None:
    with listening("members.Hub") as calls:
        with transaction.atomic():
            kept = make.hub("Kept")
            with transaction.atomic():
                make.hub("Undone")
                transaction.set_rollback(True)
            with pytest.raises(IntegrityError), transaction.atomic():
                Hub.objects.bulk_create([Hub(name="A", slug="a"), Hub(name="B", slug=kept.slug)])
        with pytest.raises(IntegrityError), transaction.atomic():
            Hub.objects.create(name="B", slug=kept.slug)
        with transaction.atomic():
            make.hub("Thought better of")
            transaction.set_rollback(True)

    assert [[change.pk for change in call] for call in calls] == [[kept.pk]]


@both
def test_listeners_write_in_the_same_transaction_and_are_heard_in_turn() -> None:
    def greet(changes: Sequence[Change]) -> None:
        if any(change.model is Hub for change in changes):
            with transaction.atomic():
                make.lesson("A hub was made")

    with listening("members.Hub", "lessons.Lesson", then=greet) as calls:
        make.hub()

    assert [[change.model for change in call] for call in calls] == [[Hub], [Lesson]]
    assert Lesson.objects.filter(title="A hub was made").count() == 1


@both
def test_what_a_listener_refuses_is_undone_with_all_it_wrote() -> None:
    done: list[str] = []

    def refuse(changes: Sequence[Change]) -> None:
        make.lesson("Begun")
        raise ValueError("not this one")

    def write() -> None:
        with transaction.atomic():
            transaction.on_commit(lambda: done.append("committed"))
            make.hub("Refused")

    with listening("members.Hub", then=refuse), pytest.raises(ValueError, match="not this one"):
        write()

    assert (Hub.objects.count(), Lesson.objects.count(), done) == (0, 0, [])
    make.hub("Another")
    assert Hub.objects.count() == 1


@both
def test_a_circle_of_listeners_is_broken() -> None:
    def never_enough(changes: Sequence[Change]) -> None:
        make.hub()

    with (
        listening("members.Hub", then=never_enough),
        pytest.raises(RecursionError, match="members_hub"),
        transaction.atomic(),
    ):
        make.hub()

    assert Hub.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_listener_outside_of_any_block_is_part_of_the_write() -> None:
    def refuse(changes: Sequence[Change]) -> None:
        raise ValueError("not this one")

    with listening("members.Hub", then=refuse), pytest.raises(ValueError, match="not this one"):
        make.hub("Refused")

    assert Hub.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_what_happens_on_commit_for_a_listener_happens_after_it() -> None:
    done: list[str] = []
    then = lambda changes: transaction.on_commit(lambda: done.append("after"))  # noqa: E731
    with listening("members.Hub", then=then), transaction.atomic():
        make.hub()
        transaction.on_commit(lambda: done.append("first"))

    assert done == ["first", "after"]


@pytest.mark.django_db(transaction=True)
def test_a_narrowed_session_tells_its_access() -> None:
    session = make.session(make.event())
    with listening("events.Session") as calls:
        Session.objects.update(access=AccessMode.CLOSED)

    assert [[(c.before, c.after) for c in call] for call in calls] == [[({"access": "public"}, {"access": "closed"})]]
    assert calls[0][0].pk == session.pk
