"""What each action on lessons and notes leaves behind: every column, every row that stays or goes, every letter."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from jirani.audit.models import Entry
from jirani.core.enums import AccessMode
from jirani.events.models import Delegation, Participation
from jirani.lessons import actions
from jirani.lessons.actions.narrowing import follow, foresee
from jirani.lessons.enums import Attribution, LessonKind, Publication
from jirani.lessons.models import Endorsement, Lesson, Note, Response, session_time
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, user_of
from tests.refused import refused_at

pytestmark = pytest.mark.django_db


def told(cast: Cast) -> dict[str, Any]:
    return {"event": cast.event, "session": cast.session}


def test_a_lesson_is_kept_as_a_draft_of_its_writer_with_its_links(cast: Cast) -> None:
    theme, note, other = make.theme(), make.note(cast.session), make.note(make.session(cast.event))
    keeper = user_of(cast.rapporteur)

    def write(notes: list[Note], **fields: Any) -> Lesson:
        lesson = Lesson(
            title="Rotate", **{"kind": LessonKind.LESSON, "state": Publication.PUBLISHED, **told(cast)} | fields
        )
        return actions.write_lesson(lesson, links={"notes": notes, "themes": [theme]}, by=keeper)

    lesson = Lesson.objects.get(pk=write([note]).pk)
    assert (lesson.state, lesson.writer, lesson.published_at) == (Publication.DRAFT, cast.rapporteur, None)
    assert (list(lesson.notes.all()), list(lesson.themes.all())) == ([note], [theme])
    assert refused_at(lambda: write([other])) == ["notes"]
    cast.session.access = AccessMode.NETWORK
    cast.session.save()
    assert refused_at(lambda: write([], access=AccessMode.PUBLIC)) == ["access"]
    home = Lesson(kind="lesson", title="Home", access=AccessMode.CLOSED)
    assert refused_at(lambda: actions.write_lesson(home, links={}, by=user_of(cast.coordinator))) == ["access"]
    assert list(Lesson.objects.all()) == [lesson]


def test_a_lesson_keeps_its_state_and_its_first_day_however_it_is_changed(cast: Cast) -> None:
    by, lesson = user_of(cast.coordinator), make.lesson(body="How")
    first = lesson.published_at
    wide, narrow = (make.commitment(cast.kwale.organisation, lesson=lesson) for _ in range(2))

    def change(**fields: Any) -> Lesson:
        changed = Lesson.objects.get(pk=lesson.pk)
        for name, value in {"state": Publication.DRAFT, "published_at": None, **fields}.items():
            setattr(changed, name, value)
        actions.edit_lesson(changed, links={}, by=by)
        return Lesson.objects.get(pk=lesson.pk)

    changed = change(title="Rotate")
    assert (changed.title, changed.state, changed.published_at) == ("Rotate", Publication.PUBLISHED, first)
    for access in (AccessMode.PUBLIC, AccessMode.NETWORK):
        change(access=access)
        for one in (wide, narrow):
            one.refresh_from_db()
        assert [wide.access, narrow.access] == [access] * 2
    assert refused_at(lambda: change(body=" ")) == ["body"]
    assert refused_at(lambda: change(kind=LessonKind.RECOMMENDATION)) == ["addressees"]


def test_a_lesson_is_published_once_if_it_tells_no_more_than_it_may(cast: Cast) -> None:
    keeper, waiting = user_of(cast.rapporteur), make.note(cast.session, speaker=cast.participant)
    draft = {"state": Publication.DRAFT, "body": "How", **told(cast)}
    lesson, naming, wide = (make.lesson(**draft) for _ in range(3))
    naming.notes.set([waiting])
    naming.authorities.set([cast.kwale])
    early = timezone.now()
    first, again = (actions.publish_lesson(lesson, by=keeper) for _ in range(2))
    assert early <= first.published_at == again.published_at  # type: ignore[operator]
    assert [entry.object_id for entry in Entry.objects.filter(verb="lessons.publish_lesson")] == [lesson.pk]

    gone, still = (actions.withdraw_lesson(one, by=keeper) for one in (lesson, wide))
    assert [gone.state, still.state] == [Publication.WITHDRAWN, Publication.DRAFT]
    assert [entry.object_id for entry in Entry.objects.filter(verb="lessons.withdraw_lesson")] == [lesson.pk]
    assert actions.withdraw_lesson(gone, by=keeper).pk == lesson.pk

    assert refused_at(lambda: actions.publish_lesson(naming, by=keeper)) == ["authorities"]
    cast.session.access = AccessMode.NETWORK
    cast.session.save()
    assert refused_at(lambda: actions.publish_lesson(wide, by=keeper)) == ["access"]
    assert [one.state for one in Lesson.objects.order_by("pk")] == [Publication.WITHDRAWN, "draft", "draft"]


def test_answers_get_their_day_and_keep_it(cast: Cast) -> None:
    by, today = user_of(cast.kwale_focal_point), timezone.localdate()
    lesson = make.lesson(kind=LessonKind.RECOMMENDATION, addressees=["cities"])
    facts: dict[str, Any] = {"lesson": lesson, "organisation": cast.kwale.organisation}
    kept = make.lesson()
    elsewhere = Endorsement.objects.create(lesson=kept, organisation=cast.mombasa.organisation, endorsed_on=today)

    endorsed = actions.endorse_lesson(Endorsement(**facts, words="Yes"), by=by)
    given = actions.answer_recommendation(Response(**facts, text="We will"), by=by)
    assert (endorsed.endorsed_on, given.answered_on) == (today, today)
    Response.objects.update(answered_on=today - timedelta(days=9))
    given = Response.objects.get()
    given.text = "We did"
    actions.edit_response(given, by=by)
    stored = Response.objects.get()
    assert (stored.text, stored.answered_on) == ("We did", today - timedelta(days=9))
    actions.withdraw_endorsement(endorsed, by=by)
    actions.withdraw_response(stored, by=by)
    assert (list(Endorsement.objects.all()), Response.objects.count()) == ([elsewhere], 0)


def test_a_speaker_is_asked_by_what_opens_their_page(cast: Cast) -> None:
    cast.event.starts_on = cast.event.ends_on = timezone.localdate()
    cast.event.save()
    guest, mute = make.person(account=False), make.person()
    type(mute).objects.filter(pk=mute.pk).update(email="")
    parts = {
        "account": make.participation(cast.event, make.person(), nonce="n1"),
        "guest": make.participation(cast.event, guest, nonce="n2"),
        "without a link": make.participation(cast.event, make.person(account=False)),
        "without an address": make.participation(cast.event, mute),
    }
    asked, by_link = {}, reverse("lessons:note_own_by_link", args=["-"]).rpartition("-")[0]
    for name, part in parts.items():
        Message.objects.all().delete()
        actions.write_note(
            session=cast.session, text="Rotate", language="en", speaker=Participation.objects.get(pk=part.pk),
            by=user_of(cast.rapporteur),
        )  # fmt: skip
        asked[name] = [(one.to, one.recipient_id, by_link in one.body) for one in Message.objects.all()]
    people = {name: part.person for name, part in parts.items() if part.person}
    told = {name: [(one.email, one.user_id, name == "guest")] for name, one in people.items()}
    assert asked == told | {"without an address": []}


def test_who_typed_is_kept_only_with_a_speaker_to_ask(cast: Cast) -> None:
    part, by = Participation.objects.get(event=cast.event, person=cast.participant), user_of(cast.rapporteur)
    facts: dict[str, Any] = {"session": cast.session, "text": "Rotate", "language": "en", "by": by}
    nobodys, somebodys = actions.write_note(**facts), actions.write_note(**facts, speaker=part)

    assert (nobodys.typist, nobodys.speaker, nobodys.created_at) == (None, None, session_time(cast.session))
    assert nobodys.updated_at == session_time(cast.session)
    assert (somebodys.typist, somebodys.speaker) == (cast.rapporteur, cast.participant)
    for text, language in (("Rotate", "en"), ("Rotate", "sw"), ("Keep", "sw")):
        changed = actions.edit_note(nobodys, text=text, language=language, by=by)
        assert (changed.text, changed.language, changed.updated_at) == (text, language, session_time(cast.session))
    assert Entry.objects.filter(verb="lessons.edit_note").count() == 2


def test_keepers_narrow_what_is_told_of_a_speaker_who_was_erased_to_nothing(cast: Cast) -> None:
    delegation = Delegation.objects.create(event=cast.event, authority=cast.mombasa)
    Participation.objects.create(
        event=cast.event, delegation=delegation, role="delegate", state="confirmed", sector="health"
    )
    said: dict[str, Any] = {"attributed_at": cast.session.created_at}
    modes = (Attribution.ORGANISATION, Attribution.AUTHORITY, Attribution.SECTOR, Attribution.UNATTRIBUTED)
    notes = [make.note(cast.session, attribution=mode, **said) for mode in modes]
    assert [actions.narrower_attributions(note) for note in notes] == [[Attribution.UNATTRIBUTED]] * 3 + [[]]


def test_lessons_lose_a_city_that_their_note_names_no_more_unless_another_does(cast: Cast) -> None:
    delegations = [Delegation.objects.create(event=cast.event, authority=one) for one in (cast.kwale, cast.mombasa)]
    part = Participation.objects.get(event=cast.event, person=cast.participant)
    part.delegation = delegations[0]
    part.save()
    speaker = user_of(cast.participant)
    moved, kept = (make.note(cast.session, speaker=cast.participant) for _ in range(2))
    for note in (moved, kept):
        actions.attribute_note(note, Attribution.AUTHORITY, by=speaker)
    lessons = [make.lesson(authorities=[cast.kwale], **told(cast)) for _ in range(3)]
    for lesson, notes in zip(lessons, ([moved], [moved, kept], [kept]), strict=True):
        lesson.notes.set(notes)

    part.delegation = delegations[1]
    part.save()
    actions.attribute_note(Note.objects.get(pk=moved.pk), Attribution.AUTHORITY, by=speaker)

    assert Note.objects.get(pk=moved.pk).authority == cast.mombasa
    assert [list(lesson.authorities.all()) for lesson in lessons] == [[], [cast.kwale], [cast.kwale]]


def test_a_narrowed_room_narrows_what_was_made_in_it_and_nothing_else(cast: Cast) -> None:
    other = make.session(cast.event)
    elsewhere = make.event()
    rooms = {"session": cast.session, "other": other, "elsewhere": make.session(elsewhere)}
    lessons = {
        name: make.lesson(event=room.event, session=room, authorities=[cast.kwale]) for name, room in rooms.items()
    }
    lessons["event"] = make.lesson(event=cast.event, authorities=[cast.kwale])
    lessons["draft"] = make.lesson(state=Publication.DRAFT, access=AccessMode.NETWORK, **told(cast))
    notes = {name: make.note(room, speaker=cast.participant) for name, room in rooms.items()}
    settled = make.note(
        cast.session, speaker=cast.participant, attribution=Attribution.AUTHORITY, authority=cast.mombasa,
        attributed_at=timezone.now(),
    )  # fmt: skip
    lessons["session"].notes.set([settled])
    lessons["session"].authorities.add(cast.mombasa)

    def modes() -> dict[str, str]:
        return {name: str(Lesson.objects.get(pk=one.pk).access) for name, one in lessons.items()}

    def foreseen(room: Any, mode: AccessMode) -> list[str]:
        return [" ".join(line.split()[:3]) for line in foresee(room, mode)]

    network, closed = AccessMode.NETWORK, AccessMode.CLOSED
    assert foreseen(cast.session, network) == ["1 published lesson"]
    assert foreseen(cast.event, network) == ["3 published lessons"]
    assert foreseen(cast.session, closed) == ["1 published lesson", "1 note is"]
    assert foreseen(cast.event, closed) == ["3 published lessons", "2 notes are"]

    cast.session.access = closed
    cast.session.save()
    follow(cast.session, user_of(cast.coordinator))
    assert modes() == {
        "session": "closed", "draft": "closed", "other": "public", "elsewhere": "public", "event": "public",
    }  # fmt: skip
    assert {name: set(one.authorities.all()) for name, one in lessons.items()} == {
        "session": {cast.mombasa}, "draft": set(), "other": {cast.kwale}, "elsewhere": {cast.kwale}, "event": {cast.kwale},
    }  # fmt: skip
    cast.event.access = network
    cast.event.save()
    follow(cast.event, user_of(cast.coordinator))
    assert (modes()["other"], modes()["event"], modes()["elsewhere"]) == ("network", "network", "public")
    assert lessons["event"].authorities.exists()
    waiting = {name: Note.objects.get(pk=note.pk).is_waiting for name, note in notes.items()}
    assert waiting == {"session": False, "other": True, "elsewhere": True}


def test_a_closed_room_takes_its_cities_off_lessons_though_nobody_waits_in_it(cast: Cast) -> None:
    settled = make.note(
        cast.session, speaker=cast.participant, attribution=Attribution.AUTHORITY, authority=cast.mombasa,
        attributed_at=timezone.now(),
    )  # fmt: skip
    lesson, other = (
        make.lesson(event=cast.event, session=room, authorities=[cast.kwale, cast.mombasa])
        for room in (cast.session, make.session(cast.event))
    )
    lesson.notes.set([settled])
    for mode, named in ((AccessMode.NETWORK, {cast.kwale, cast.mombasa}), (AccessMode.CLOSED, {cast.mombasa})):
        cast.session.access = mode
        cast.session.save()
        follow(cast.session, user_of(cast.coordinator))
        assert [set(one.authorities.all()) for one in (lesson, other)] == [named, {cast.kwale, cast.mombasa}]
