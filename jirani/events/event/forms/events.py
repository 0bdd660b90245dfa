"""Forms of an event, the organisations behind it and the delegations that come."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jirani.acting.forms import ActingForm, OnceForm, VersionForm
from jirani.core.enums import AccessMode, Precision
from jirani.events.actions import event_faults
from jirani.events.enums import EventFormat, EventKind, PartyRole
from jirani.events.models import Event
from jirani.members.entry.forms.choices import access_choices, country_choices, zone_choices, zone_of_country
from jirani.members.forms import offer_organisations
from jirani.members.models import Hub, LocalAuthority, Organisation, standing_of
from jirani.notifications.forms import MailingForm
from jirani.taxonomy.models import Theme
from jirani.translation.forms import choose_among, language_choices
from jirani.ui.forms import DayInput, Need, Several, let_text_lead, type_needs

from .narrowing import NarrowingForm


class _EventForm(ActingForm, forms.Form):
    title = forms.CharField(
        label=_("Title"), max_length=200, required=False, help_text=_("The name that people will use for it.")
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=EventKind.choices, widget=forms.RadioSelect, initial=EventKind.EXCHANGE
    )
    summary = forms.CharField(
        label=_("In two sentences"), required=False, max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("What it is for and who comes. Shown in lists."),
    )  # fmt: skip
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 6}))
    language = forms.ChoiceField(
        label=_("Written in"), choices=language_choices, initial=get_language,
        help_text=_("The language of what you type here."),
    )  # fmt: skip
    date_precision = forms.ChoiceField(
        label=_("How exactly the date is known"), choices=Precision.choices, widget=forms.RadioSelect, required=False, initial=Precision.DAY,
        help_text=_("For a month or a year, choose any day in it; only the month or the year is shown."),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("First day"), widget=DayInput, required=False)
    ends_on = forms.DateField(
        label=_("Last day"), widget=DayInput, required=False, help_text=_("Leave it empty for an event of one day.")
    )
    format = forms.ChoiceField(
        label=_("How people take part"), choices=EventFormat.choices, widget=forms.RadioSelect,
        initial=EventFormat.IN_PERSON,
        help_text=_("In person: a place. Virtual: a link to join. Hybrid: both."),
    )  # fmt: skip
    place = forms.CharField(
        label=_("Place"), required=False, max_length=200, help_text=_("Town, and the building if known.")
    )
    country = forms.ChoiceField(label=_("Country"), required=False, choices=country_choices)
    link = forms.URLField(
        label=_("Link to join"), required=False, assume_scheme="https",
        help_text=_("Only the event’s people see it."),
    )  # fmt: skip
    time_zone = forms.ChoiceField(
        label=_("Time zone of the programme"), required=False, choices=zone_choices,
        help_text=_("If you leave it empty, the country’s time zone is used, if it has only one."),
    )  # fmt: skip
    access = forms.ChoiceField(
        label=_("Who may see it"), choices=access_choices, widget=forms.RadioSelect, initial=AccessMode.PUBLIC
    )
    hub = forms.ModelChoiceField(label=_("Regional hub"), queryset=Hub.objects.none(), required=False)
    themes = forms.ModelMultipleChoiceField(
        label=_("Themes"), queryset=Theme.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    follow_up_of = forms.ModelChoiceField(
        label=_("Follow-up of"), queryset=Event.objects.none(), required=False,
        help_text=_("The event that this one follows up, such as the exchange before a debrief."),
    )  # fmt: skip

    needed: type_needs = {
        "title": Need(_("needed before it is published")),
        "starts_on": Need(
            _("needed before it is published, unless the date is not known"),
            _("Enter the first day, or say that the date is not known."),
            lambda data: bool(data.get("ends_on")) and data.get("date_precision") != Precision.UNKNOWN,
        ),
        "place": Need(_("needed before publishing an event at which people meet")),
        "link": Need(_("needed before publishing an event that people join from elsewhere")),
        "time_zone": Need(_("needed before publishing an event that people join from elsewhere")),
    }  # fmt: skip

    def offer(self, user: Any, event: Event | None = None) -> None:
        """Fill the lists with what this user may choose."""
        standing = standing_of(user)
        hubs = Hub.objects.all() if standing.coordinator else Hub.objects.filter(pk__in=standing.hubs)
        earlier = Event.objects.visible_to(user).order_by("-starts_on", "-pk")
        if event is not None:
            earlier = earlier.exclude(pk=event.pk)
        fields: dict[str, Any] = self.fields
        chosen = [theme.pk for theme in event.themes.all()] if event else []
        fields["hub"].queryset, fields["themes"].queryset = hubs, Theme.objects.offered(chosen)
        fields["follow_up_of"].queryset = earlier
        fields["hub"].required = not standing.coordinator
        none = str(pgettext_lazy("no choice", "None"))
        own = list(hubs)
        only = own[0].pk if len(own) == 1 and not standing.coordinator else None
        fields["hub"].initial = only
        unchosen = none if standing.coordinator else str(_("Choose a hub"))
        choose_among(fields["hub"], own, empty=None if only else unchosen)
        choose_among(fields["themes"], fields["themes"].queryset)
        latest, follows = list(earlier[:300]), event.follow_up_of_id if event else None
        if follows is not None and all(one.pk != follows for one in latest):
            latest += earlier.filter(pk=follows)
        choose_among(fields["follow_up_of"], latest, label="title", empty=none)
        if follows is not None and all(one.pk != follows for one in latest):
            del fields["follow_up_of"]  # one that they may not see is not named, and stays
        let_text_lead(self.fields.values())

    def clean_date_precision(self) -> str:
        """Default to day precision."""
        return self.cleaned_data["date_precision"] or str(Precision.DAY)

    def clean(self) -> dict[str, Any]:
        """Use one day if no last one is given, else check the order; fill in the country's time zone if it has only one."""
        data = super().clean()
        precision = data.get("date_precision", Precision.DAY)
        if precision == Precision.UNKNOWN:
            data["starts_on"] = data.get("starts_on") or self.day_unknown()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The last day is before the first."))
        if data.get("starts_on"):
            data["starts_on"], data["ends_on"] = as_far_as_known(data["starts_on"], data.get("ends_on"), precision)
        data["time_zone"] = data.get("time_zone") or zone_of_country(data.get("country", ""))
        return data

    def foresee(self) -> dict[str, list[str]]:
        """Days within reason."""
        return event_faults(self.so_far(Event()))

    def day_unknown(self) -> date:
        """Return the day stored for an unknown one: yesterday, by which the event had happened."""
        return timezone.localdate() - timedelta(days=1)


def as_far_as_known(first: date, last: date | None, precision: str) -> tuple[date, date]:
    """Return first and last day as stored: the whole month or year if only that is known, a single day for a latest or unknown date."""
    if precision in (Precision.DAY, Precision.INFERRED):
        return first, last or first
    if precision in (Precision.MONTH, Precision.BY_MONTH):
        return first.replace(day=1), first.replace(day=monthrange(first.year, first.month)[1])
    if precision == Precision.YEAR:
        return first.replace(month=1, day=1), first.replace(month=12, day=31)
    return first, first


class EventCreateForm(_EventForm, OnceForm):
    """A new event. However often it is sent, it makes one."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(user)


class EventEditForm(_EventForm, NarrowingForm, VersionForm, MailingForm):
    """An event's own facts."""

    next_steps = forms.CharField(
        label=_("Next steps"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was agreed to happen afterwards. It goes into the report."),
    )  # fmt: skip
    reported_attendance: Any = Event._meta.get_field("reported_attendance").formfield()
    source_url = forms.URLField(label=_("Source"), required=False, max_length=600, assume_scheme="https")

    def __init__(self, data: Any = None, *, user: Any, event: Event) -> None:
        super().__init__(data, record=event)
        self.event, self.user = event, user
        self.offer(user, event)
        zones: Any = self.fields["time_zone"]
        zones.choices = zone_choices(event.time_zone)

    def day_unknown(self) -> date:
        """Return the day already stored for it, if there is one."""
        kept = self.event.date_precision == Precision.UNKNOWN
        return self.event.starts_on if kept else super().day_unknown()

    def foresee(self) -> dict[str, list[str]]:
        """Days within reason, and to which it may be moved."""
        return event_faults(self.so_far(self.event), self.event, by=self.user)

    def source(self) -> Event:
        """The event whose mode may be narrowed."""
        return self.event


class StateForm(VersionForm, MailingForm):
    """Publish or cancel: nothing to type, but over which state, and to whom it is written."""


class PartyForm(OnceForm):
    """An organisation's part in an event."""

    role = forms.ChoiceField(label=_("Its role"), choices=PartyRole.choices, widget=forms.RadioSelect)
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = Organisation.objects.only("name", "language")
        offer_organisations(self, "organisation", everybody, empty=str(_("Choose an organisation")))


class DelegationForm(OnceForm):
    """Authorities that send people."""

    authorities = forms.ModelMultipleChoiceField(
        label=_("Local authorities"), queryset=LocalAuthority.objects.none(), widget=Several,
        error_messages={"required": _("Choose at least one.")},
    )  # fmt: skip

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        field: Any = self.fields["authorities"]
        field.queryset = LocalAuthority.objects.all()  # the form may come twice
        rows = list(field.queryset.exclude(delegations__event=event).select_related("organisation"))
        choose_among(field, [row.organisation for row in rows])
        keys = {row.organisation_id: row.pk for row in rows}
        field.choices = [(keys[organisation], name) for organisation, name in field.choices]

    def remembered(self, _made: Any) -> Event:
        """They are the event's."""
        return self.event
