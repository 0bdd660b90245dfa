"""Forms of notes: what was said, and how it is attributed."""

from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.acting.forms import ActingForm, OnceForm, VersionForm
from jirani.core.text import active_language
from jirani.events.models import Participation, Session
from jirani.lessons.actions import narrower_attributions, open_attributions
from jirani.lessons.enums import Attribution
from jirani.lessons.models import Note
from jirani.members.models import with_known
from jirani.translation.forms import in_order, language_choices, named
from jirani.translation.models import translate_now
from jirani.ui.forms import let_text_lead

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: What each attribution means for who may know.
MEANINGS: dict[Attribution, "StrOrPromise"] = {
    Attribution.NAMED: _("Your name may be given, with your organisation and the city or county you came for."),
    Attribution.ORGANISATION: _("Your organisation may be given, not your name."),
    Attribution.AUTHORITY: _("The city or county you came for may be given, and nothing else about you."),
    Attribution.SECTOR: _(
        "Only the part of society you speak for may be given, such as health or youth. "
        "Offered where three or more people present share it."
    ),
    Attribution.UNATTRIBUTED: _(
        "Nobody is told who said it. The link to you is deleted for good; earlier backups hold it until they are deleted."
    ),
}


def meanings() -> list[tuple["StrOrPromise", "StrOrPromise"]]:
    """The five words, each with what it means for who may know."""
    return [(attribution.label, MEANINGS[attribution]) for attribution in Attribution]


class _Said(forms.Form):
    text = forms.CharField(
        label=_("What was said"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"class": "large", "rows": 6, "autocomplete": "off"}),
        help_text=_("One thought per note. Leave out names and anything that could harm somebody."),
    )
    language = forms.ChoiceField(label=_("Written in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = language_choices()  # type: ignore[attr-defined]
        let_text_lead(self.fields.values())


class NoteForm(OnceForm, _Said):
    """A new note. In a session that is not closed, a participant can be named as its speaker, who is then asked."""

    speaker = forms.ModelChoiceField(
        Participation.objects.none(),
        label=_("Who said it"),
        required=False,
        help_text=_("They are asked how to attribute it. Until they answer, nobody is told who it was."),
    )

    field_order = ["text", "speaker", "language"]

    def __init__(self, *args: Any, session: Session, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        known = dict(language_choices())
        here = active_language()
        self.fields["language"].initial = here if here in known else "en"
        if session.is_closed:
            del self.fields["speaker"]
        else:
            _offer_speakers(self.fields["speaker"], session, user)

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, and in which session."""
        return {**super().facts, "session": self.session}

    def remembered(self, made: Note) -> Note | Session:
        """A note without a speaker leads to nobody: the form that made it is remembered by the session."""
        return made if made.speaker_id else made.session


def _offer_speakers(field: Any, session: Session, user: Any) -> None:
    """Let one of the event's people be chosen. They are read once the list is drawn, which it isn't when a note is sent and kept."""
    people = session.event.participations.inside().filter(person__isnull=False)
    field.queryset = people
    field.choices = cache(lambda: _speakers(with_known(people, user)))


def _speakers(people: QuerySet[Participation]) -> list[tuple[Any, "StrOrPromise"]]:
    rows = list(people.select_related("person", "delegation__authority__organisation"))
    translate_now([part.delegation.authority.organisation for part in rows if part.delegation])
    named_ones = in_order((part.pk, _speaker_label(part)) for part in rows)
    return [("", pgettext_lazy("speaker of a note", "Not named")), *named_ones]


def _speaker_label(part: Participation) -> str:
    if part.delegation is None:
        return part.called
    return f"{part.called} ({named(part.delegation.authority.organisation)})"


class NoteChangeForm(VersionForm, _Said):
    def __init__(self, *args: Any, note: Note, **kwargs: Any) -> None:
        super().__init__(*args, record=note, **kwargs)


class _Attributed(ActingForm, forms.Form):
    attribution = forms.ChoiceField(label=_("How it is attributed"), widget=forms.RadioSelect)

    def offer(self, attributions: list[Attribution]) -> None:
        self.fields["attribution"].choices = [  # type: ignore[attr-defined]
            (attribution.value, attribution.label) for attribution in attributions
        ]

    @property
    def offered(self) -> list[tuple[Any, "StrOrPromise"]]:
        """Each choice with what it means for who may know."""
        return [(choice, MEANINGS[Attribution(choice.data["value"])]) for choice in self["attribution"]]


class AttributionForm(_Attributed):
    """The speaker's decision on how their note is attributed."""

    @property
    def withheld(self) -> list[tuple["StrOrPromise", "StrOrPromise"]]:
        """The words that do not fit here, with what they mean: a sector that too few share, an organisation nobody knows."""
        offered = {str(value) for value, _label in self.fields["attribution"].choices}  # type: ignore[attr-defined]
        return [(word.label, MEANINGS[word]) for word in Attribution if word.value not in offered]

    def __init__(self, *args: Any, note: Note, **kwargs: Any) -> None:
        kwargs["initial"] = {"attribution": Attribution.UNATTRIBUTED if note.is_waiting else note.attribution}
        super().__init__(*args, **kwargs)
        self.offer(open_attributions(note))


class NarrowForm(_Attributed):
    """Less than the speaker allowed, chosen by those who keep the record."""

    def __init__(self, *args: Any, note: Note, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(narrower_attributions(note))
