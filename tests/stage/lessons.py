"""Notes, lessons, and what organisations say to them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from jirani.core.enums import AccessMode
from jirani.events.models import Session
from jirani.events.permissions import can_see_event, can_see_session
from jirani.lessons.enums import Addressee, LessonKind, Publication
from jirani.lessons.models import Endorsement, Lesson, Response
from jirani.lessons.permissions import can_see_lesson
from tests.oracles import can_see_note

from .. import factories as make
from .events import joins
from .tokens import Stage


def fill(stage: Stage) -> None:
    """Add, in each mode, a session with a note, and lessons and recommendations in every state; the same in a closed event."""
    closed = stage.keep(make.event(access=AccessMode.CLOSED), may=can_see_event, link=joins)
    stage.keep(make.session(closed, access=AccessMode.CLOSED), may=can_see_session)
    make.participation(closed, stage.cast.participant)
    for mode in stage.modes:
        _learn(stage, make.session(stage.cast.event, access=mode))
    _learn(stage, make.session(closed, access=AccessMode.CLOSED))


def _learn(stage: Stage, session: Session) -> None:
    """A note, lessons and recommendations in every state, with what organisations say to them."""
    cast, mode = stage.cast, session.access
    stage.keep(session, may=can_see_session)
    make.rapporteur(session, cast.rapporteur)
    note = make.note(session, typist=cast.rapporteur, speaker=None if mode == AccessMode.CLOSED else cast.participant)
    stage.keep(note, may=can_see_note)
    begun = Lesson(event=session.event, session=session, access=mode, writer=cast.rapporteur)
    stage.begin(begun, "body", may=can_see_lesson)
    for state in Publication:
        lesson = make.lesson(
            kind=LessonKind.GOOD_PRACTICE,
            access=mode,
            state=state,
            published_at=timezone.now(),
            event=session.event,
            session=session,
            writer=cast.rapporteur,
            authorities=[cast.mombasa],
            themes=[make.theme()],
        )
        lesson.notes.set([note])
        stage.keep(lesson, may=can_see_lesson)
        inside: Callable[[Any, Any], bool] = lambda user, found: can_see_lesson(user, found.lesson)  # noqa: E731
        endorsed = Endorsement.objects.create(
            lesson=lesson, organisation=cast.kwale.organisation, endorsed_on=date(2024, 1, 1)
        )
        stage.keep(endorsed, may=inside)
        asked = make.lesson(
            kind=LessonKind.RECOMMENDATION,
            addressees=[Addressee.CITIES],
            access=mode,
            state=state,
            published_at=timezone.now(),
            event=session.event,
            session=session,
        )
        stage.keep(asked, may=can_see_lesson)
        answered = Response(
            lesson=asked, organisation=cast.kwale.organisation, text="Answer", answered_on=date(2024, 1, 1)
        )
        stage.keep(answered, may=inside)
