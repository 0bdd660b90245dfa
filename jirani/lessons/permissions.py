"""Who may do what with notes and lessons."""

from typing import Any

from django.db.models import Q, QuerySet

from jirani.core.permissions import pair
from jirani.events.models import Event, Participation, Session
from jirani.events.permissions import (
    belongs_to,
    can_edit_event,
    can_note_session,
    can_see_event,
    can_see_session,
    speaks_alone,
)
from jirani.lessons.enums import Publication
from jirani.members.enums import Sector
from jirani.members.models import Organisation, Person, standing_of
from jirani.members.permissions import can_edit_organisation

from .enums import Addressee, LessonKind
from .models import Endorsement, Lesson, Note, Response


def _is(person: Person | None, user: Any) -> bool:
    return person is not None and person.pk == standing_of(user).person


@pair(Note, "attributable_by")
def can_attribute_note(user: Any, note: Note) -> bool:
    """Only its speaker may."""
    return _is(note.speaker, user)


def is_speaker(by: Any, note: Note) -> bool:
    """Whether `by` spoke a note: a user, or the participation whose link somebody without an account holds, in its event alone."""
    if isinstance(by, Participation):
        own = note.speaker_id is not None and note.speaker_id == by.person_id
        return own and note.session.event_id == by.event_id and speaks_alone(by)
    return can_attribute_note(by, note)


@pair(Note, "editable_by")
def can_edit_note(user: Any, note: Note) -> bool:
    """Its session's keepers and its typist may."""
    return _is(note.typist, user) or can_note_session(user, note.session)


@pair(Lesson, "editable_by")
def can_edit_lesson(user: Any, lesson: Lesson) -> bool:
    """Its writer, the keepers of its session and people who may edit its event may; editors may unless it is closed."""
    standing = standing_of(user)
    return (
        standing.coordinator
        or (standing.editor and lesson.access in standing.modes)
        or _is(lesson.writer, user)
        or (lesson.session is not None and can_note_session(user, lesson.session))
        or (lesson.event is not None and can_edit_event(user, lesson.event))
    )


@pair(Lesson, "reviewable_by")
def can_review_lesson(user: Any, lesson: Lesson) -> bool:
    """Coordinators may, and editors unless it is closed, once it is published; nobody says it of what they wrote themselves."""
    standing = standing_of(user)
    if lesson.state != Publication.PUBLISHED or _is(lesson.writer, user):
        return False
    return standing.coordinator or (standing.editor and lesson.access in standing.modes)


@pair(Lesson, "visible_to")
def can_see_lesson(user: Any, lesson: Lesson) -> bool:
    """Published ones by mode or as one of the event's people; others for those who may edit them."""
    if can_edit_lesson(user, lesson):
        return True
    if lesson.state != Publication.PUBLISHED:
        return False
    return lesson.access in standing_of(user).modes or (lesson.event is not None and belongs_to(user, lesson.event))


def visible_occasion(user: Any, lesson: Lesson) -> tuple[Event | None, Session | None]:
    """The event and the session in which a lesson was told, each only if the user may see it."""
    event, session = lesson.event, lesson.session
    return (
        event if event is not None and can_see_event(user, event) else None,
        session if session is not None and can_see_session(user, session) else None,
    )


def can_write_lesson(user: Any) -> bool:
    """Whether the user may share a lesson that was not told in a session: coordinators, editors and focal points."""
    standing = standing_of(user)
    return standing.coordinates or standing.editor or bool(standing.focal_organisations)


def can_speak(user: Any) -> bool:
    """Whether there is an organisation for which the user may say something to a lesson, or promise to apply it."""
    standing = standing_of(user)
    return standing.coordinates or bool(standing.focal_organisations)


@pair(Endorsement, "editable_by")
@pair(Response, "editable_by")
def can_edit_answer(user: Any, answer: Endorsement | Response) -> bool:
    """People who speak for its organisation may, as long as they can see the lesson."""
    return can_edit_organisation(user, answer.organisation) and can_see_lesson(user, answer.lesson)


_GOVERNMENTS = Q(sector__in=(Sector.LOCAL_GOVERNMENT, Sector.NATIONAL_GOVERNMENT))
#: Whom each addressee means.
_ADDRESSED = {
    Addressee.CITIES: Q(sector=Sector.LOCAL_GOVERNMENT),
    Addressee.NATIONAL: Q(sector=Sector.NATIONAL_GOVERNMENT),
    Addressee.PARTNERS: ~_GOVERNMENTS,
    Addressee.NETWORK: ~_GOVERNMENTS,
    **{Addressee(sector): Q(sector=sector) for sector in Sector.values if sector in Addressee.values},
}


def endorsers(user: Any, lesson: Lesson) -> QuerySet[Organisation]:
    """Return organisations for which the user may endorse a published lesson: not those that shared it, and each only once."""
    if lesson.state != Publication.PUBLISHED:
        return Organisation.objects.none()
    own = Organisation.objects.filter(pk__in=Organisation.objects.editable_by(user).values("pk"))
    own = own.exclude(pk__in=Endorsement.objects.filter(lesson=lesson).values("organisation"))
    shared = Lesson.authorities.through.objects.filter(lesson=lesson).values("localauthority__organisation")
    return own.exclude(pk__in=shared) if lesson.names_origin else own


def addressed(user: Any, lesson: Lesson) -> QuerySet[Organisation]:
    """Organisations for which the user may answer a published recommendation. For the network as such its coordinators answer."""
    if lesson.state != Publication.PUBLISHED or lesson.kind != LessonKind.RECOMMENDATION:
        return Organisation.objects.none()
    meant = Q(pk__in=[])
    for addressee in lesson.addressed:
        if addressee != Addressee.NETWORK or standing_of(user).coordinator:
            meant |= _ADDRESSED[addressee]
    return Organisation.objects.filter(meant, pk__in=Organisation.objects.editable_by(user).values("pk"))
