"""Which cities a lesson may name, by the word of those whose notes it is made of; and what becomes of it when that word changes."""

import re
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from jirani.events.models import Session
from jirani.lessons.enums import Attribution
from jirani.lessons.models import Lesson, Note


def authorities_named_by(notes: Iterable[Note]) -> set[int | None]:
    """Return the cities that these notes name with their speakers' consent."""
    return {note.authority_id for note in notes if note.attribution != Attribution.UNATTRIBUTED}


def wrongly_named(lesson: Lesson) -> set[int]:
    """Return the cities that a stored lesson names although its notes do not currently allow it."""
    named, notes = set(lesson.authorities.values_list("pk", flat=True)), list(lesson.notes.all())
    if naming_fault(lesson.session, notes, named) or circumvention_fault(lesson, notes, named, named):
        return named - authorities_named_by(notes)
    return set()


def narrow_to_notes(lesson: Lesson) -> bool:
    """Remove these cities. Returns whether there were any. Call it while event and session are locked."""
    untold = wrongly_named(lesson)
    lesson.authorities.remove(*untold)
    return bool(untold)


def naming_fault(session: Session | None, notes: Iterable[Note], told: set[int]) -> str:
    """Return why these authorities must not be named with these notes, or "". A note that names its authority allows that one."""
    told = told - authorities_named_by(notes)
    if not told:
        return ""
    if session is not None and session.is_closed:
        return _("This session is closed: where a lesson comes from does not leave the room. Leave this empty.")
    if any(note.is_waiting or note.is_settled for note in notes):
        return _(
            "The speaker of one of these notes has not agreed to have their city named. Leave out the city or that note."
        )
    return ""


def circumvention_fault(lesson: Lesson, notes: list[Note], told: set[int], named: Collection[int]) -> str:
    """Return why cities must not be named although the notes that forbid it were left out of the lesson, or "".

    While anybody who spoke in the session has not said how they are attributed, no city is named by hand that was not named
    before, whichever note it would be about: refusing only some cities would reveal where the speaker comes from. And if the
    lesson still quotes a note, it is made of that note, ticked or not.
    """
    session = lesson.session
    told = told - authorities_named_by(notes)
    if session is None or not told:
        return ""
    if told - set(named) and session.notes.waiting().exists():
        return _(
            "A speaker in this session has not yet said how to attribute their words. Until they do, a city can be named only if one of the notes "
            "names it. Leave it out, or wait."
        )
    kept = {note.pk for note in notes}
    if any(note.is_settled and note.pk not in kept and _repeats(lesson, note) for note in session.notes.all()):
        return _(
            "This lesson quotes a note whose speaker does not want their city named. Leave out the city or the quotation."
        )
    return ""


#: How many words in a row identify a note; fewer could occur in any text.
TELLING = 5


def _repeats(lesson: Lesson, note: Note) -> bool:
    said = _plain(note.text)
    return len(said.split()) >= TELLING and any(
        said in _plain(getattr(lesson, name)) for name in Lesson.translatable_fields
    )


def _plain(text: str) -> str:
    """Return the words alone, so that spacing, capitals and punctuation make no difference."""
    return " ".join(re.findall(r"\w+", text.casefold()))
