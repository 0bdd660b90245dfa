"""Who may know who said it: the speaker alone says, and an unattributed note leads to nobody."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from jirani.accounts.models import User
from jirani.audit.models import Entry
from jirani.core.enums import AccessMode
from jirani.events.enums import ParticipationState
from jirani.events.models import Delegation, Participation
from jirani.lessons.actions import (
    attribute_note,
    edit_lesson,
    edit_note,
    narrow_note,
    open_attributions,
    publish_lesson,
    withdraw_note,
    write_lesson,
    write_note,
)
from jirani.lessons.enums import NARROWNESS, Attribution
from jirani.lessons.models import Lesson, Note, session_time
from jirani.members.enums import Sector
from jirani.notifications.models import Message
from tests import factories as make
from tests.cast import Cast, assemble, user_of

pytestmark = pytest.mark.django_db

SESSION_TIME = datetime(2021, 12, 6, 9, tzinfo=UTC)


def speaker_of(cast: Cast, *, sector: str = Sector.HEALTH, crowd: int = 3) -> Participation:
    """The participant, who comes for Kwale and shares a sector with others present."""
    part = Participation.objects.get(event=cast.event, person=cast.participant)
    part.delegation, part.sector = Delegation.objects.get_or_create(event=cast.event, authority=cast.kwale)[0], sector
    part.save()
    for _ in range(crowd - 1):
        make.participation(cast.event, make.person(account=False), sector=sector)
    return part


def said(cast: Cast, **fields: Any) -> Note:
    """A note by the rapporteur that names the participant as its speaker."""
    return write_note(
        session=cast.session, text="Rotate the seats", language="en", by=user_of(cast.rapporteur),
        speaker=fields.pop("speaker", None) or speaker_of(cast, **fields),
    )  # fmt: skip


def happens_now(cast: Cast) -> None:
    """The links of events of long ago have ended."""
    cast.event.starts_on = cast.event.ends_on = cast.session.held_on = timezone.localdate()
    cast.event.save()
    cast.session.save()


def links_of(note: Note) -> dict[str, Any]:
    """Everything by which a note, or the audit about it, could lead to somebody."""
    note.refresh_from_db()
    entries = Entry.objects.filter(content_type=ContentType.objects.get_for_model(Note), object_id=note.pk)
    return {
        "people": (note.speaker_id, note.typist_id),
        "bodies": (note.organisation_id, note.authority_id, note.sector),
        "actors": set(entries.values_list("actor", flat=True)),
        "times": {note.created_at, note.updated_at, *entries.values_list("at", flat=True)},
        "details": [entry.details for entry in entries if entry.details],
    }


NOBODY = {
    "people": (None, None), "bodies": (None, None, ""), "actors": {None}, "times": {SESSION_TIME}, "details": [],
}  # fmt: skip


def test_a_note_without_a_speaker_leads_to_nobody(cast: Cast) -> None:
    note = write_note(session=cast.session, text="Said", language="en", by=user_of(cast.rapporteur))

    assert links_of(note) == NOBODY


def test_a_named_speaker_is_asked_and_shown_to_nobody_until_they_say(cast: Cast) -> None:
    note = said(cast)

    assert (note.attribution, note.speaker, note.is_waiting) == (Attribution.UNATTRIBUTED, cast.participant, True)
    letter = Message.objects.get()
    assert (letter.to, letter.kind) == (cast.participant.email, "lessons.word_wanted")
    assert "Rotate" not in letter.body
    assert f"notes/{note.pk}" not in letter.body


def test_a_speaker_is_asked_once_an_event(cast: Cast) -> None:
    part = speaker_of(cast)
    said(cast, speaker=part)
    said(cast, speaker=part)

    assert Message.objects.count() == 1


def test_in_a_closed_session_nobody_can_be_named(cast: Cast) -> None:
    part = speaker_of(cast)
    cast.session.access = AccessMode.CLOSED
    cast.session.save()

    with pytest.raises(ValidationError):
        said(cast, speaker=part)
    assert Note.objects.count() == 0

    cast.session.access, cast.event.access = AccessMode.PUBLIC, AccessMode.CLOSED
    with pytest.raises(ValidationError):
        said(cast, speaker=part)


def test_only_somebody_in_the_event_can_be_named(cast: Cast) -> None:
    elsewhere = make.participation(make.event(), cast.participant)
    declined = make.participation(cast.event, make.person(), state=ParticipationState.DECLINED)

    for part in (elsewhere, declined):
        with pytest.raises(ValidationError):
            said(cast, speaker=part)


@pytest.mark.parametrize(
    ("attribution", "carries"),
    [
        (Attribution.NAMED, (True, True, Sector.HEALTH)),
        (Attribution.ORGANISATION, (True, True, "")),
        (Attribution.AUTHORITY, (False, True, "")),
        (Attribution.SECTOR, (False, False, Sector.HEALTH)),
        (Attribution.UNATTRIBUTED, (False, False, "")),
    ],
)
def test_each_attribution_carries_what_it_says(cast: Cast, attribution: str, carries: tuple[bool, bool, str]) -> None:
    note = attribute_note(said(cast), attribution, by=user_of(cast.participant))

    assert note.attribution == attribution
    assert (note.organisation == cast.kwale.organisation, note.authority == cast.kwale, note.sector) == carries


@pytest.mark.parametrize("comes_for_a_city", [True, False])
def test_an_organisation_is_the_citys_for_whom_they_came_or_else_where_they_work(
    cast: Cast, comes_for_a_city: bool
) -> None:
    part, work = speaker_of(cast), make.organisation("Coast youth council")
    make.tenure(cast.participant, work)
    if not comes_for_a_city:
        part.delegation = None
        part.save()

    note = attribute_note(said(cast, speaker=part), Attribution.ORGANISATION, by=user_of(cast.participant))

    told = (cast.kwale.organisation, cast.kwale, "") if comes_for_a_city else (work, None, "")
    assert (note.organisation, note.authority, note.sector) == told


def test_a_speaker_who_wants_nobody_to_know_is_forgotten(cast: Cast) -> None:
    note = attribute_note(said(cast), Attribution.NAMED, by=user_of(cast.participant))
    attribute_note(note, Attribution.UNATTRIBUTED, by=user_of(cast.participant))

    assert links_of(note) == NOBODY


def test_a_speaker_without_an_account_says_by_their_link(cast: Cast) -> None:
    happens_now(cast)
    guest = make.person(account=False)
    part = make.participation(cast.event, guest)
    note = said(cast, speaker=part)

    elsewhere = make.participation(make.event(), guest)
    for other in (Participation.objects.get(event=cast.event, person=cast.participant), elsewhere):
        with pytest.raises(PermissionDenied):
            attribute_note(note, Attribution.NAMED, by=other)
    assert attribute_note(note, Attribution.NAMED, by=part).attribution == "named"

    guest.user = make.user()
    guest.save()
    part.refresh_from_db()
    with pytest.raises(PermissionDenied):
        attribute_note(note, Attribution.UNATTRIBUTED, by=part)
    assert attribute_note(note, Attribution.UNATTRIBUTED, by=user_of(guest)).attribution == "unattributed"


@pytest.mark.parametrize(("crowd", "offered"), [(2, False), (3, True)])
def test_a_sector_is_told_only_where_three_share_it(cast: Cast, crowd: int, offered: bool) -> None:
    note = said(cast, crowd=crowd)

    assert (Attribution.SECTOR in open_attributions(note)) is offered
    if offered:
        assert attribute_note(note, Attribution.SECTOR, by=user_of(cast.participant)).sector == Sector.HEALTH
    else:
        with pytest.raises(ValidationError):
            attribute_note(note, Attribution.SECTOR, by=user_of(cast.participant))


def test_who_did_not_come_does_not_hide_a_sector(cast: Cast) -> None:
    note = said(cast, crowd=3)
    Participation.objects.filter(event=cast.event, person=cast.participant).update(state=ParticipationState.ATTENDED)

    assert Attribution.SECTOR not in open_attributions(note)


def test_once_somebody_came_only_those_who_did_make_a_crowd(cast: Cast) -> None:
    note = said(cast, crowd=4)
    Participation.objects.filter(event=cast.event, person=cast.participant).update(state=ParticipationState.ATTENDED)

    counted = Note.objects.with_crowds().get(pk=attributed_to_sector(note).pk).crowd  # type: ignore[attr-defined]
    assert (Attribution.SECTOR in open_attributions(note), counted) == (False, 1)


def attributed_to_sector(note: Note) -> Note:
    """The note as one that told its sector while three more were expected."""
    Note.objects.filter(pk=note.pk).update(
        attribution=Attribution.SECTOR, sector=Sector.HEALTH, attributed_at=SESSION_TIME
    )
    return note


def test_others_may_narrow_and_never_widen(cast: Cast) -> None:
    note = attribute_note(said(cast), Attribution.AUTHORITY, by=user_of(cast.participant))
    keeper = user_of(cast.rapporteur)

    for wider in (Attribution.NAMED, Attribution.ORGANISATION, Attribution.AUTHORITY):
        with pytest.raises(ValidationError):
            narrow_note(note, wider, by=keeper)
    with pytest.raises(PermissionDenied):
        narrow_note(note, Attribution.SECTOR, by=user_of(cast.outsider))
    assert narrow_note(note, Attribution.SECTOR, by=keeper).attribution == Attribution.SECTOR
    assert attribute_note(note, Attribution.NAMED, by=user_of(cast.participant)).attribution == Attribution.NAMED


def test_a_keeper_may_do_without_the_word(cast: Cast) -> None:
    note = narrow_note(said(cast), Attribution.UNATTRIBUTED, by=user_of(cast.rapporteur))

    assert links_of(note) == NOBODY
    assert note.is_settled


def test_changed_words_are_nobodys_until_the_speaker_agrees(cast: Cast) -> None:
    note = attribute_note(said(cast), Attribution.NAMED, by=user_of(cast.participant))
    Message.objects.all().delete()

    note = edit_note(note, text="Abolish the seats", language="en", by=user_of(cast.rapporteur))

    assert (note.attribution, note.organisation, note.is_waiting) == (Attribution.UNATTRIBUTED, None, True)
    assert Message.objects.get().to == cast.participant.email


def test_a_speaker_whose_words_change_in_two_notes_is_asked_once(cast: Cast) -> None:
    part = speaker_of(cast)
    notes = [said(cast, speaker=part) for _ in range(2)]
    for note in notes:
        attribute_note(note, Attribution.NAMED, by=user_of(cast.participant))
    Message.objects.all().delete()

    for note in notes:
        edit_note(note, text="Abolish the seats", language="en", by=user_of(cast.rapporteur))

    assert [letter.kind for letter in Message.objects.all()] == ["lessons.word_wanted"]


def test_who_changes_their_own_words_has_said_already_how_they_are_attributed(cast: Cast) -> None:
    note = make.note(
        cast.session, speaker=cast.rapporteur, attribution=Attribution.AUTHORITY, authority=cast.kwale,
        attributed_at=timezone.now(),
    )  # fmt: skip
    note = edit_note(note, text="Abolish the seats", language="en", by=user_of(cast.rapporteur))

    note.refresh_from_db()
    assert (note.text, note.attribution, note.is_waiting) == ("Abolish the seats", Attribution.AUTHORITY, False)
    assert not Message.objects.exists()


def test_while_changed_words_wait_no_lesson_of_the_room_names_a_city_by_hand(cast: Cast) -> None:
    note = attribute_note(said(cast), Attribution.AUTHORITY, by=user_of(cast.participant))
    lesson = make.lesson(session=cast.session, event=cast.event, authorities=[cast.mombasa])
    lesson.notes.set([note])

    edit_note(note, text="Abolish the seats", language="en", by=user_of(cast.rapporteur))

    assert list(lesson.authorities.all()) == []


def test_a_lesson_is_not_saved_with_a_note_that_was_withdrawn_meanwhile(cast: Cast) -> None:
    keeper, note = user_of(cast.rapporteur), said(cast)
    read = [Note.objects.get(pk=note.pk)]
    withdraw_note(note, by=keeper)
    draft = Lesson(kind="lesson", title="Rotate", body="How", event=cast.event, session=cast.session)
    lesson = make.lesson(session=cast.session, event=cast.event, body="How")

    with pytest.raises(ValidationError, match="A note has since been withdrawn"):
        write_lesson(draft, links={"notes": read}, by=keeper)
    with pytest.raises(ValidationError, match="A note has since been withdrawn"):
        edit_lesson(lesson, links={"notes": read}, by=keeper)
    assert list(Lesson.objects.all()) == [lesson]


def test_a_lesson_stops_naming_a_city_that_its_note_no_longer_names(cast: Cast) -> None:
    speaker, keeper = user_of(cast.participant), user_of(cast.rapporteur)
    note = attribute_note(said(cast), Attribution.AUTHORITY, by=speaker)
    draft = Lesson(kind="lesson", title="Rotate", body="How", event=cast.event, session=cast.session)
    lesson = write_lesson(draft, links={"notes": [note], "authorities": [cast.kwale]}, by=keeper)
    publish_lesson(lesson, by=keeper)
    assert list(lesson.authorities.all()) == [cast.kwale]

    attribute_note(note, Attribution.UNATTRIBUTED, by=speaker)

    assert list(lesson.authorities.all()) == []


def test_a_withdrawn_note_goes_from_its_lessons(cast: Cast) -> None:
    speaker, keeper = user_of(cast.participant), user_of(cast.rapporteur)
    note = attribute_note(said(cast), Attribution.AUTHORITY, by=speaker)
    draft = Lesson(kind="lesson", title="Rotate", body="How", event=cast.event, session=cast.session)
    lesson = write_lesson(draft, links={"notes": [note], "authorities": [cast.kwale]}, by=keeper)

    with pytest.raises(PermissionDenied):
        withdraw_note(note, by=user_of(cast.outsider))
    withdraw_note(note, by=speaker)

    assert (list(lesson.notes.all()), list(lesson.authorities.all())) == ([], [])
    assert set(Entry.objects.filter(verb__endswith="_note").values_list("actor", flat=True)) == {None}


def test_the_time_of_an_unattributed_note_is_the_sessions_in_its_zone(cast: Cast) -> None:
    cast.event.time_zone = "Africa/Nairobi"
    assert session_time(cast.session) == datetime(2021, 12, 6, 6, tzinfo=UTC)

    cast.session.starts_at = None
    assert session_time(cast.session) == datetime(2021, 12, 5, 21, tzinfo=UTC)


STEPS = ("named", "organisation", "authority", "sector", "unattributed", "edit", "lesson", "city", "notes")
ROLES = ("rapporteur", "coordinator", "hub_coordinator", "editor", "outsider", "kwale_focal_point")


class NoSequenceWidens(TestCase):
    """Whatever others do, in whatever order, never more is told than the speaker allowed."""

    @settings(max_examples=25, deadline=None)
    @given(
        allowed=st.sampled_from([None, *Attribution]),
        steps=st.lists(st.tuples(st.sampled_from(ROLES), st.sampled_from(STEPS)), max_size=6),
        crowd=st.integers(1, 3),
    )
    def test_no_sequence_of_actions_by_others_widens(
        self, allowed: Attribution | None, steps: list[tuple[str, str]], crowd: int
    ) -> None:
        cast = assemble()
        note = said(cast, crowd=crowd)
        if allowed in open_attributions(note):
            attribute_note(note, str(allowed), by=user_of(cast.participant))
        else:
            allowed = None
        bound = NARROWNESS[allowed or Attribution.UNATTRIBUTED]
        make.lesson(session=cast.session, event=cast.event, body="How").notes.add(note)
        for role, step in steps:
            _try(lambda role=role, step=step: _step(cast, note, step, user_of(getattr(cast, role))))  # type: ignore[misc]
            note.refresh_from_db()
            now = NARROWNESS[Attribution(note.attribution)]
            assert now >= bound
            bound = now
            told = {lesson.pk for lesson in Lesson.objects.filter(authorities=cast.kwale)}
            assert not told or bound <= NARROWNESS[Attribution.AUTHORITY]
        if note.attribution == Attribution.UNATTRIBUTED and note.speaker_id is None:
            assert links_of(note) == NOBODY


def _step(cast: Cast, note: Note, step: str, user: User) -> None:
    if step == "edit":
        edit_note(note, text=f"{note.text}.", language="en", by=user)
    elif step in {"city", "notes"}:
        for lesson in note.session.lessons.all():
            links = {"authorities": [cast.kwale]} if step == "city" else {"notes": [note]}
            _try(lambda lesson=lesson, links=links: edit_lesson(lesson, links=links, by=user))  # type: ignore[misc]
    elif step == "lesson":
        draft = Lesson(kind="lesson", title="Rotate", body="How", event=cast.event, session=cast.session)
        write_lesson(draft, links={"notes": [note], "authorities": [cast.kwale]}, by=user)
    else:
        for action in (attribute_note, narrow_note):
            _try(lambda action=action: action(note, step, by=user))  # type: ignore[misc]


def _try(act: Callable[[], Any]) -> None:
    try:
        act()
    except (PermissionDenied, ValidationError):
        return
