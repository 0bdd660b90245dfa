"""A lesson saved at the same moment as its speaker's word changes: whoever comes second finds what the first one did."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.utils import timezone

from jirani.events.models import Delegation, Participation
from jirani.lessons.actions import (
    attribute_note,
    edit_lesson,
    edit_note,
    narrow_note,
    publish_lesson,
    withdraw_note,
    write_lesson,
)
from jirani.lessons.actions.holding import hold_people
from jirani.lessons.enums import Attribution, Publication
from jirani.lessons.models import Lesson, Note
from jirani.members.models import Person
from tests import factories as make
from tests.cast import Cast, assemble, user_of

Act = Callable[[Cast, Note, Lesson], object]


def _refuse(cast: Cast, note: Note, lesson: Lesson) -> object:
    return attribute_note(note, Attribution.UNATTRIBUTED, by=user_of(cast.participant))


def _narrow(cast: Cast, note: Note, lesson: Lesson) -> object:
    return narrow_note(note, Attribution.UNATTRIBUTED, by=user_of(cast.rapporteur))


def _withdraw(cast: Cast, note: Note, lesson: Lesson) -> object:
    withdraw_note(note, by=user_of(cast.participant))
    return note


def _reword(cast: Cast, note: Note, lesson: Lesson) -> object:
    return edit_note(note, text=f"{note.text}, then", language="en", by=user_of(cast.rapporteur))


def _edit(cast: Cast, note: Note, lesson: Lesson) -> object:
    return edit_lesson(lesson, links={"notes": [note], "authorities": [cast.kwale]}, by=user_of(cast.rapporteur))


def _write(cast: Cast, note: Note, lesson: Lesson) -> object:
    fresh = Lesson(kind="lesson", title="Rotate", body="How", event=lesson.event, session=lesson.session)
    return write_lesson(fresh, links={"notes": [note], "authorities": [cast.kwale]}, by=user_of(cast.rapporteur))


def _publish(cast: Cast, note: Note, lesson: Lesson) -> object:
    return publish_lesson(lesson, by=user_of(cast.rapporteur))


#: What happens to the note, and what is made of it at the same time.
WORDS: tuple[Act, ...] = (_refuse, _narrow, _withdraw, _reword)
SAVES: tuple[Act, ...] = (_edit, _write, _publish)


class Meeting:
    """Two people who act at once, each on what they had read before."""

    def __init__(self, seed: int) -> None:
        self.chance, self.barrier = random.Random(seed), threading.Barrier(2)
        self.ended: list[str] = []
        self.faults: list[BaseException] = []

    def run(self, *acts: tuple[str, Callable[[], object]]) -> str:
        """Who was done first, or whom that stopped."""
        threads = [threading.Thread(target=self._act, args=(*act, self.chance.uniform(0, 0.04))) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()
        assert self.faults == []
        return " ".join(self.ended)

    def _act(self, name: str, act: Callable[[], object], delay: float) -> None:
        try:
            self.barrier.wait(10)
            time.sleep(delay)
            act()
            self.ended.append(name)
        except ValidationError:
            self.ended.append(f"no-{name}")
        except BaseException as fault:  # noqa: BLE001  a deadlock is what is looked for
            self.faults.append(fault)
        finally:
            connections.close_all()


def _room() -> Cast:
    cast = assemble()
    delegation = Delegation.objects.create(event=cast.event, authority=cast.kwale)
    Participation.objects.filter(event=cast.event, person=cast.participant).update(delegation=delegation)
    return cast


def _told(cast: Cast) -> tuple[Note, Lesson]:
    """A note whose speaker let their city be told, and a published lesson of the session that is not made of it; or, by turns, is."""
    note = make.note(
        cast.session, f"Rotate the seats {make.number()}", typist=cast.rapporteur, speaker=cast.participant,
        attribution=Attribution.AUTHORITY, authority=cast.kwale, attributed_at=timezone.now(),
    )  # fmt: skip
    return note, make.lesson(body="How", event=cast.event, session=cast.session)


def too_much(cast: Cast) -> list[Any]:
    """The lessons that name Kwale although none of their notes does."""
    naming = Lesson.objects.filter(authorities=cast.kwale)
    return [lesson for lesson in naming if not lesson.notes.filter(authority=cast.kwale).exists()]


@pytest.mark.sweep
@pytest.mark.django_db(transaction=True)
def test_in_no_interleaving_a_lesson_tells_more_than_its_notes() -> None:
    cast, order = _room(), Counter[str]()
    for turn in range(120):
        note, lesson = _told(cast)
        word, save = WORDS[turn % len(WORDS)], SAVES[turn % len(SAVES)]
        if save is _publish:
            lesson.notes.set([note])
            lesson.authorities.set([cast.kwale])
            Lesson.objects.filter(pk=lesson.pk).update(state=Publication.DRAFT)
        order[
            Meeting(turn).run(
                ("word", lambda note=note, lesson=lesson, word=word: word(cast, note, lesson)),  # type: ignore[misc]
                ("save", lambda note=note, lesson=lesson, save=save: save(cast, note, lesson)),  # type: ignore[misc]
            )
        ] += 1
        assert too_much(cast) == [], f"{word.__name__} and {save.__name__} ended as {order}"
        Note.objects.all().delete()
        Lesson.objects.all().delete()
    assert min(order["save word"], order["word save"] + order["word no-save"]) > 10, f"they did not meet: {order}"


def _free(strength: str) -> set[int]:
    """Return the people whose rows somebody else can lock now this strongly."""
    found: set[int] = set()

    def look() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT id FROM members_person FOR {strength} SKIP LOCKED")
                found.update(pk for (pk,) in cursor.fetchall())
        finally:
            connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join(10)
    return found


@pytest.mark.django_db(transaction=True)
def test_nobody_who_is_held_is_erased_and_everybody_can_still_be_pointed_at() -> None:
    cast = assemble()
    everybody = set(Person.objects.values_list("pk", flat=True))

    with transaction.atomic():
        hold_people([cast.participant, None, cast.rapporteur])
        free = [_free("UPDATE"), _free("KEY SHARE")]

    assert free == [everybody - {cast.participant.pk, cast.rapporteur.pk}, everybody]
