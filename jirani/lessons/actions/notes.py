"""Notes: typed by those who keep a session's record, attributed by their speakers alone.

An unattributed note keeps no link to anybody: no speaker, typist, organisation, authority or sector, no actor in the audit, and
the session's time instead of its own.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jirani.accounts.models import User
from jirani.audit.actions import lock_unchanged, one_transaction, record_apart, redact_submission
from jirani.core.crowds import CROWD
from jirani.core.permissions import require
from jirani.events.actions import has_way_in
from jirani.events.enums import ParticipationState
from jirani.events.models import Participation, Session
from jirani.events.text import sign_link
from jirani.lessons.enums import NARROWNESS, Attribution
from jirani.lessons.models import Lesson, Note, session_time
from jirani.lessons.permissions import can_edit_note, is_speaker
from jirani.members.models import Organisation, Person
from jirani.notifications.actions import delete_messages, key_of, queue_message
from jirani.notifications.models import Message
from jirani.translation.models import attach_translations

from .holding import hold_note, hold_people, hold_session
from .telling import narrow_to_notes

#: The kind of message that asks a speaker.
ASKING = "lessons.word_wanted"


def _record(verb: str, note: Note) -> None:
    """Write into the audit what was done with a note, at the session's time and without an actor, because it may become unattributed."""
    record_apart(verb, note, at=session_time(note.session))


def _about(event: int, speaker: Person) -> str:
    return f"events.event:{event} members.person:{speaker.pk}"


def write_note(
    *,
    session: Session,
    text: str,
    language: str,
    by: User,
    speaker: Participation | None = None,
) -> Note:
    """Keep what was said. A named speaker is asked how it is attributed; until they say, it is unattributed everywhere.

    Raises ValidationError if a speaker is named in a closed session or does not take part.
    """
    with one_transaction():
        spoke = speaker.person if speaker else None
        # A note without a speaker must lead to nobody, so its typist is not kept either.
        typed = Person.objects.filter(user=by).first() if spoke else None
        if spoke:
            hold_people([spoke, typed])
        # Only a named speaker depends on the event: without one, people who type at the same event need not wait for each other.
        session = hold_session(session, alone=speaker is None, by=by)
        _check_speaker(session, speaker)
        return _make(Note(session=session, text=text, language=language, speaker=spoke, typist=typed))


def _check_speaker(session: Session, speaker: Participation | None) -> None:
    if speaker is None:
        return
    if session.is_closed:
        raise ValidationError(_("This session is closed: who spoke does not leave the room."))
    if speaker.event_id != session.event_id or speaker.person is None or not speaker.is_inside:
        raise ValidationError(_("Only somebody who takes part in the event can be named as the speaker."))
    if not has_way_in(speaker):
        raise ValidationError(
            _(
                "Name no speaker: this one’s invitation link has expired and they have no account to sign in with, so nobody could ask them."
            )
        )


def _make(note: Note) -> Note:
    asked = note.speaker is not None and _already_asked(note)  # before saving, or it would find this very note
    if note.speaker is None:
        _save_without_minute(note)
    else:
        note.save()
    _record("lessons.write_note", note)
    if note.speaker is not None and not asked:
        _ask(note)
    return note


def _save_without_minute(note: Note) -> None:
    """Save a new note that names nobody with the time of its session: a "raw" save keeps Django from putting in the present minute."""
    note.created_at = note.updated_at = session_time(note.session)
    note.save_base(raw=True, force_insert=True)


def _already_asked(note: Note) -> bool:
    """Whether a note of the same event waits for the same speaker: one message leads to all of them."""
    return Note.objects.waiting().filter(speaker=note.speaker, session__event=note.session.event_id).exists()


def _ask(note: Note) -> None:
    """Write to the speaker. The message names the event only: the outbox must not lead to the note."""
    speaker = note.speaker
    if speaker is None or not speaker.email:
        return
    event = note.session.event
    attach_translations(speaker.language, event)
    title = event.text_in("title", speaker.language)[0]
    part = Participation.objects.filter(event=event, person=speaker).first()
    by_link = part is not None and speaker.user_id is None and bool(part.nonce)
    token = sign_link(part.pk, part.nonce, speaker.email) if part and by_link else ""
    queue_message(
        ASKING,
        about=_about(event.pk, speaker),
        records=[key_of(event), key_of(speaker)],
        to=speaker.email,
        recipient=speaker.user,
        language=speaker.language,
        template="lessons/mail/word_wanted",
        context={"name": speaker.name, "event": title, "token": token},
    )


def edit_note(note: Note, *, text: str, language: str, by: User, version: str = "") -> Note:
    """Change what a note says. Words that its speaker has not seen are attributed to nobody until they say so again."""
    require(can_edit_note(by, note))
    with transaction.atomic():
        room = hold_note(note).session
        note = lock_unchanged(note, version)
        note.session = room
        if (text, language) == (note.text, note.language):
            return note  # the same words keep their attribution
        note.text, note.language = text, language
        own = is_speaker(by, note)
        note.save(update_fields=["text", "language", "updated_at"])
        _record("lessons.edit_note", note)
        if note.speaker_id is None:
            unlink_people(note)
        elif note.attributed_at is not None and not own:
            _wait_again(note)
    return note


def _wait_again(note: Note) -> None:
    before = _told_authority(note)
    asked = _already_asked(note)  # before saving, or it would find this very note
    note.attribution, note.attributed_at = Attribution.UNATTRIBUTED, None
    note.organisation, note.authority, note.sector = None, None, ""
    note.save(update_fields=["attribution", "attributed_at", "organisation", "authority", "sector"])
    _pull_back(note, before)
    if not asked:
        _ask(note)


def withdraw_note(note: Note, *, by: User | Participation) -> None:
    """Take a note back: it goes from everything that was made of it. For its speaker and for those who keep the record.

    Raises ValidationError if it has been withdrawn meanwhile.
    """
    require(is_speaker(by, note) or (isinstance(by, User) and can_edit_note(by, note)))
    with transaction.atomic():
        note = hold_note(note)
        before = _told_authority(note)
        _record("lessons.withdraw_note", note)
        redact_submission(note, instead=note.session)
        lessons = list(note.lessons.all())  # read before the links are deleted
        note.lessons.clear()
        _take_authority(lessons, before)
        speaker = note.speaker
        note.delete()
        # Only now: while this note exists, the speaker still counts as asked.
        delete_attribution_requests(speaker, note.session)


def attribute_note(note: Note, attribution: str, *, by: User | Participation) -> Note:
    """Let a note's speaker say how it is attributed. `by` is their account or, without one, the participation whose link they hold.

    Unattributed, it loses every link to them, for good. Raises ValidationError for what does not fit (a sector that fewer than
    three people present share).
    """
    require(is_speaker(by, note), _("Only the speaker may say how this is attributed."))
    with transaction.atomic():
        note = hold_note(note)
        # Ask again with the note as it is now: it may have lost its speaker while we waited for the lock.
        require(is_speaker(by, note), _("Only the speaker may say how this is attributed."))
        if attribution not in open_attributions(note):
            raise ValidationError(_("This attribution cannot be chosen here."))
        _attribute(note, Attribution(attribution))
        _record("lessons.attribute_note", note)
        if note.attribution == Attribution.UNATTRIBUTED:
            unlink_people(note)
    return note


def narrow_note(note: Note, attribution: str, *, by: User) -> Note:
    """Tell less than the speaker allowed, or do without their word: never more. For those who keep the record.

    Raises ValidationError for what would tell more.
    """
    require(can_edit_note(by, note))
    with transaction.atomic():
        note = hold_note(note)
        if attribution not in narrower_attributions(note):
            raise ValidationError(_("Only the speaker may allow more to be said about them."))
        _narrow(note, Attribution(attribution))
    return note


def stop_asking_speaker(note: Note) -> None:
    """Stop asking the speaker of a waiting note: its session has been closed, and who spoke stays in the room."""
    _narrow(note, Attribution.UNATTRIBUTED)


def _narrow(note: Note, attribution: Attribution) -> None:
    _attribute(note, attribution)
    _record("lessons.narrow_note", note)
    if note.attribution == Attribution.UNATTRIBUTED:
        unlink_people(note)


def open_attributions(note: Note) -> list[Attribution]:
    """The attributions that a note's speaker can choose, from the widest to the narrowest."""
    facts = _facts(note)
    possible = {
        Attribution.NAMED: True,
        Attribution.ORGANISATION: facts["organisation"] is not None,
        Attribution.AUTHORITY: facts["authority"] is not None,
        Attribution.SECTOR: bool(facts["sector"]) and _crowd(note.session, facts["sector"]) >= CROWD,
        Attribution.UNATTRIBUTED: True,
    }
    return [attribution for attribution in Attribution if possible[attribution]]


def narrower_attributions(note: Note) -> list[Attribution]:
    """Return the attributions that keepers of the record may choose: those that say less than now. Giving up on a speaker who has not answered counts as less."""
    if note.is_waiting:
        return [Attribution.UNATTRIBUTED]
    now = NARROWNESS[Attribution(note.attribution)]
    possible = open_attributions(note) if note.speaker_id else [Attribution.UNATTRIBUTED]
    return [attribution for attribution in possible if NARROWNESS[attribution] > now]


def _facts(note: Note) -> dict[str, Any]:
    """Return what is known about the speaker at this event: whom they represent, where they work, which sector they speak for."""
    part = (
        Participation.objects.filter(event=note.session.event_id, person=note.speaker)
        .select_related("delegation__authority__organisation")
        .first()
    )
    authority = part.delegation.authority if part and part.delegation else None
    organisation = authority.organisation if authority else _workplace(note.speaker)
    sector = (part.sector if part else "") or (note.speaker.sector if note.speaker else "")
    return {"organisation": organisation, "authority": authority, "sector": sector}


def _workplace(person: Person | None) -> Organisation | None:
    if person is None:
        return None
    held = person.tenures.held(timezone.localdate())
    tenure = held.select_related("organisation").order_by("-from_on", "-id").first()
    return tenure.organisation if tenure else None


def _crowd(session: Session, sector: str) -> int:
    """How many people present share a sector. Present: said to have attended or, while nobody is, confirmed."""
    parts = Participation.objects.filter(event=session.event_id)
    attended = parts.filter(state=ParticipationState.ATTENDED)
    present = attended if attended.exists() else parts.filter(state=ParticipationState.CONFIRMED)
    return present.filter(sector=sector).count()


#: What each attribution lets a note carry. Somebody's organisation is that of the city they came for, if they came for one: `_facts`.
_CARRIES: dict[Attribution, tuple[str, ...]] = {
    Attribution.NAMED: ("organisation", "authority", "sector"),
    Attribution.ORGANISATION: ("organisation", "authority"),
    Attribution.AUTHORITY: ("authority",),
    Attribution.SECTOR: ("sector",),
    Attribution.UNATTRIBUTED: (),
}


def _attribute(note: Note, attribution: Attribution) -> None:
    before, facts = _told_authority(note), _facts(note)
    kept = _CARRIES[attribution]
    note.attribution = attribution
    note.attributed_at = timezone.now()
    note.organisation = facts["organisation"] if "organisation" in kept else None
    note.authority = facts["authority"] if "authority" in kept else None
    note.sector = facts["sector"] if "sector" in kept else ""
    if attribution == Attribution.UNATTRIBUTED:
        # The moment of the answer, compared with sign-ins, would lead to the speaker.
        note.attributed_at = session_time(note.session)
    note.save()
    _pull_back(note, before)


def _told_authority(note: Note) -> int | None:
    return note.authority_id if note.attribution != Attribution.UNATTRIBUTED else None


def _pull_back(note: Note, before: int | None) -> None:
    """Let lessons tell no more than the note does now, which told the authority `before`, unless another of their notes does."""
    if _told_authority(note) != before:
        _take_authority(note.lessons.all(), before)
    # Such a note limits every lesson of its session, also those that leave it out but quote it (`circumvention_fault`).
    if note.is_waiting or note.is_settled:
        for lesson in note.session.lessons.exclude(authorities=None):
            narrow_to_notes(lesson)


def _take_authority(lessons: Iterable[Lesson], authority: int | None) -> None:
    if authority is None:
        return
    for lesson in lessons:
        told = lesson.notes.exclude(attribution=Attribution.UNATTRIBUTED).filter(authority=authority)
        if not told.exists():
            lesson.authorities.remove(authority)


def let_speaker_go(note: Note) -> None:
    """Leave a note without its speaker, who is erased. What they let be told of their organisation or city stays told, but of whoever
    was named the city alone; a speaker who had not decided is taken to want nothing revealed.
    """
    note = hold_note(note)
    speaker = note.speaker
    if note.attribution == Attribution.NAMED and note.authority_id is not None:
        note.attribution, note.organisation, note.sector = Attribution.AUTHORITY, None, ""
    if note.attribution in {Attribution.NAMED, Attribution.UNATTRIBUTED}:
        _narrow(note, Attribution.UNATTRIBUTED)
    else:
        note.speaker = None
        note.save()
        delete_attribution_requests(speaker, note.session)


def unlink_people(note: Note) -> None:
    """Leave an unattributed note without any link to a person or a minute: in its own row, in what is remembered of the form that
    made it, and in the outbox, from which its speaker was asked.
    """
    then = session_time(note.session)
    links = {
        "typist": None, "speaker": None, "organisation": None, "authority": None, "sector": "",
        "created_at": then, "updated_at": then,
    }  # fmt: skip
    speaker = Person.objects.filter(notes_spoken=note.pk).first()
    # Not save(), which would set `updated_at` to this minute.
    Note.objects.filter(pk=note.pk, attribution=Attribution.UNATTRIBUTED).update(**links)
    redact_submission(note, instead=note.session)
    delete_attribution_requests(speaker, note.session)
    note.refresh_from_db()


def delete_attribution_requests(speaker: Person | None, session: Session) -> None:
    """Let go of what was written to somebody of whom no note of the event is left: it would tell that they spoke."""
    if speaker is None or Note.objects.filter(speaker=speaker, session__event=session.event_id).exists():
        return
    delete_messages(Message.objects.filter(kind=ASKING, about=_about(session.event_id, speaker)))
