"""Forms of the programme."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jirani.acting.forms import ActingForm, OnceForm, VersionForm
from jirani.events.actions import session_faults
from jirani.events.enums import ClockSide, ParticipationRole, ParticipationState, SessionKind
from jirani.events.event.forms.narrowing import NarrowingForm
from jirani.events.models import Event, Participation, Session
from jirani.members.entry.forms.choices import access_choices, spoken_languages
from jirani.members.forms import offer_organisations
from jirani.members.models import Organisation, with_known
from jirani.notifications.forms import MailingForm
from jirani.translation.forms import in_order
from jirani.translation.forms import language_choices as interface_languages
from jirani.ui.forms import DayInput, Need, let_text_lead, type_needs
from jirani.ui.text import day

#: Up to how many days an event's days are offered as a list; for a longer event a calendar is shown.
MOST_DAYS = 31


class TimeInput(forms.TimeInput):
    """An hour, in the reader's own way of writing it."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class _SessionForm(ActingForm, forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=SessionKind.choices, widget=forms.RadioSelect, initial=SessionKind.PLENARY
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(label=_("What it is about"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    language = forms.ChoiceField(
        label=_("Written in"), choices=interface_languages, initial=get_language,
        help_text=_("The language of what you type here."),
    )  # fmt: skip
    held_on = forms.TypedChoiceField(label=_("Day"), required=False, empty_value=None)
    starts_at = forms.TimeField(label=pgettext_lazy("an hour", "From"), required=False, widget=TimeInput)
    ends_at = forms.TimeField(
        label=pgettext_lazy("an hour", "Until"), required=False, widget=TimeInput,
        help_text=_("If the end is earlier than the beginning, it is on the next day."),
    )  # fmt: skip
    starts_side = forms.ChoiceField(
        label=_("It begins"), required=False, choices=ClockSide.choices, widget=forms.RadioSelect
    )
    ends_side = forms.ChoiceField(
        label=_("It ends"), required=False, choices=ClockSide.choices, widget=forms.RadioSelect
    )
    place = forms.CharField(
        label=_("Place"), required=False, max_length=200,
        help_text=_("A room or, for a site visit, what is visited and where."),
    )  # fmt: skip
    host = forms.ModelChoiceField(
        label=_("Host"), queryset=Organisation.objects.all(), required=False,
        help_text=_("The organisation that receives the visitors."),
    )  # fmt: skip
    floor_language = forms.ChoiceField(label=_("Spoken on the floor"), required=False)
    interpretation = forms.MultipleChoiceField(
        label=_("Interpreted into"), required=False, choices=interface_languages, widget=forms.CheckboxSelectMultiple
    )
    source_url = forms.URLField(label=_("Source"), required=False, max_length=600, assume_scheme="https")
    access = forms.ChoiceField(label=_("Who may see it"), widget=forms.RadioSelect)

    needed: type_needs = {
        "place": Need(_("needed for a site visit by the time people read of it")),
        "held_on": Need(
            _("needed with an hour"), _("Choose a day as well as a time."),
            lambda data: bool(data.get("starts_at")),
        ),
        "starts_at": Need(
            _("needed with an end"), _("Enter a start time too."), lambda data: bool(data.get("ends_at")),
        ),
    }  # fmt: skip

    def offer(self, event: Event, session: Session | None = None) -> None:
        """Fill the lists: the event's days, its own organisations first among hosts, modes no wider than its own."""
        self.event = event
        fields: dict[str, Any] = self.fields
        if (event.ends_on - event.starts_on).days < MOST_DAYS:
            fields["held_on"].choices = _days(event)
            fields["held_on"].coerce = forms.DateField().to_python
        else:
            fields["held_on"] = forms.DateField(label=fields["held_on"].label, required=False, widget=DayInput)
        none = str(pgettext_lazy("no choice", "None"))
        offer_organisations(self, "host", Organisation.objects.only("name", "language"), empty=none)
        held = [session.floor_language] if session and session.floor_language else []
        fields["floor_language"].choices = [("", none), *spoken_languages(*held)]
        kept = session.interpretation if session else []
        offered = dict(interface_languages())
        fields["interpretation"].choices = [*offered.items(), *((code, code) for code in kept if code not in offered)]
        closed = gettext(
            "Closed: only the people of this event may see it; neither who spoke nor where they come from leaves the room"
        )
        fields["access"].choices = access_choices(event.access, closed)
        fields["access"].initial = event.access
        let_text_lead(self.fields.values())

    def foresee(self) -> dict[str, list[str]]:
        """Return faults of the day and the hours, and of a site visit without a place."""
        return session_faults(self.so_far(Session(event=self.event)))


def _days(event: Event) -> list[tuple[str, str]]:
    days = [event.starts_on + timedelta(days=number) for number in range((event.ends_on - event.starts_on).days + 1)]
    return [("", gettext("Not yet known")), *((one.isoformat(), day(one, style="weekday")) for one in days)]


class SessionCreateForm(_SessionForm, OnceForm):
    """A new session. However often it is sent, it makes one."""

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(event)
        self.fields["language"].initial = event.language
        self.fields["held_on"].initial = event.starts_on.isoformat()


class SessionEditForm(_SessionForm, NarrowingForm, VersionForm, MailingForm):
    """A session's own facts."""

    def __init__(self, data: Any = None, *, session: Session) -> None:
        super().__init__(data, record=session)
        self.session = session
        self.offer(session.event, session)

    def source(self) -> Session:
        """The session whose mode may be narrowed."""
        return self.session


class PartForm(OnceForm):
    """Who does what in a session."""

    participation = forms.ModelChoiceField(label=_("Who"), queryset=Participation.objects.none())
    role = forms.ChoiceField(
        label=_("What they do"), choices=ParticipationRole.choices, initial=ParticipationRole.RAPPORTEUR
    )

    def __init__(self, *args: Any, event: Event, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["participation"]
        gone = (ParticipationState.CANCELLED, ParticipationState.DECLINED)
        field.queryset = Participation.objects.filter(event=event, person__isnull=False).exclude(state__in=gone)
        rows = with_known(field.queryset, user).select_related("person")
        people = in_order((one.pk, one.called) for one in rows)
        field.choices = [("", gettext("Choose a person")), *people]
