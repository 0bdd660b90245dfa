"""The nightly check that no lesson reveals more than its notes allow, however that came about."""

from typing import Any

import pytest
from django.utils import timezone

from jirani.core.enums import AccessMode
from jirani.lessons.actions import check_lessons
from jirani.lessons.actions.checking import SHOWN, TOLD_TOO_MUCH
from jirani.lessons.enums import Attribution
from jirani.lessons.models import Lesson
from jirani.notifications.models import Alert, Message
from tests import factories as make
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db


def lesson_of(cast: Cast, *, body: str = "How", closed: bool = False, linked: bool = True, **note: Any) -> Lesson:
    """A published lesson that names Kwale and Mombasa, of a note of these fields."""
    session = make.session(cast.event, access=AccessMode.CLOSED if closed else AccessMode.PUBLIC)
    made = make.lesson(body=body, event=cast.event, session=session, authorities=[cast.kwale, cast.mombasa])
    said = make.note(session, "Rotate the seats in all pillar meetings", **note)
    made.notes.set([said] if linked else [])
    return made


def test_a_lesson_keeps_the_cities_that_its_notes_allow_and_loses_the_others(cast: Cast) -> None:
    now = timezone.now()
    tells: dict[str, Any] = {"attribution": Attribution.AUTHORITY, "authority": cast.kwale, "attributed_at": now}
    both, kwale, none = [cast.kwale, cast.mombasa], [cast.kwale], list[Any]()
    expected = [
        (lesson_of(cast), both),
        (lesson_of(cast, **tells), both),
        (lesson_of(cast, closed=True, **tells), kwale),
        (lesson_of(cast, closed=True), none),
        (lesson_of(cast, attributed_at=now), none),
        (lesson_of(cast, speaker=cast.participant), none),
        (lesson_of(cast, attribution=Attribution.SECTOR, sector="health", attributed_at=now), none),
        (lesson_of(cast, attributed_at=now, linked=False), both),
        (lesson_of(cast, attributed_at=now, linked=False, body="Rotate the seats, in all pillar meetings!"), none),
        (make.lesson(authorities=both), both),
    ]

    check_lessons()

    assert [sorted(lesson.authorities.all(), key=lambda one: one.pk) for lesson, _left in expected] == [
        left for _lesson, left in expected
    ]
    wrong = sorted(str(lesson.pk) for lesson, left in expected if left != both)
    assert sorted(Alert.objects.open().values_list("about", flat=True)) == wrong
    assert set(Message.objects.values_list("to", flat=True)) == {cast.coordinator.email}


def test_coordinators_read_of_it_for_a_week(cast: Cast) -> None:
    lesson = lesson_of(cast, attributed_at=timezone.now())
    check_lessons()
    check_lessons()

    page = client_of(cast.coordinator).get("/en/desk/").content.decode()
    assert "A lesson named a city without its speakers’ permission." in page
    assert f'href="/en/lessons/{lesson.pk}/"' in page
    assert "A lesson named a city" not in client_of(cast.kwale_focal_point).get("/en/desk/").content.decode()
    assert Message.objects.count() == 1

    Alert.objects.filter(kind=TOLD_TOO_MUCH).update(opened_at=timezone.now() - 2 * SHOWN)
    check_lessons()
    assert not Alert.objects.open().exists()
