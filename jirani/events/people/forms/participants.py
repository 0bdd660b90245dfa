"""Forms of one person of an event: put on the list, corrected, given a role."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jirani.acting.facts import held, type_held
from jirani.acting.forms import OnceForm, VersionForm
from jirani.audit.actions import state_of
from jirani.events.enums import ParticipationRole, ParticipationState
from jirani.events.models import Delegation, Event, Participation
from jirani.members.actions import address_fault
from jirani.members.enums import Sector
from jirani.translation.forms import in_order, language_choices, named
from jirani.translation.models import translate_now
from jirani.ui.forms import AddressField, PersonNameField


def delegation_choices(event: Event) -> list[tuple[str, str]]:
    """The event's delegations by name."""
    rows = list(Delegation.objects.filter(event=event).select_related("authority__organisation"))
    translate_now([row.authority.organisation for row in rows])
    return in_order((str(row.pk), named(row.authority.organisation)) for row in rows)


def _none() -> list[tuple[str, str]]:
    return [("", str(pgettext_lazy("no choice", "None")))]


class _WhoForm(forms.Form):
    role = forms.ChoiceField(
        label=_("What they do there"), choices=ParticipationRole.choices, initial=ParticipationRole.DELEGATE
    )
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=lambda: [*_none(), *Sector.choices])
    delegation = forms.ModelChoiceField(
        label=_("Delegation"), queryset=Delegation.objects.none(), required=False,
        help_text=_("The local authority they come for."),
    )  # fmt: skip

    def offer(self, event: Event, delegations: list[tuple[str, str]] | None = None) -> None:
        """Fill the list of delegations."""
        field: Any = self.fields["delegation"]
        field.queryset = Delegation.objects.filter(event=event)
        field.choices = [*_none(), *(delegation_choices(event) if delegations is None else delegations)]


class ParticipantForm(_WhoForm, OnceForm):
    """One person for the list."""

    name = PersonNameField(label=_("Name"))
    email = AddressField(
        label=_("E-mail address"), required=False, help_text=_("Without one, no invitation can be sent.")
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=language_choices, initial=get_language,
        help_text=_("The language in which they are written to."),
    )  # fmt: skip

    field_order = ("name", "email", "language", "role", "sector", "delegation", "once")

    def __init__(
        self, *args: Any, event: Event, delegations: list[tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer(event, delegations)

    def remembered(self, made: Any) -> Participation:
        """Return the participation. That it is a new one is said only once."""
        participation: Participation = made[0]
        return participation


class GuestForm(VersionForm):
    """A guest's name, address and language. `proven`: they have answered from their address."""

    name = PersonNameField(label=_("Name"))
    email = AddressField(label=_("E-mail address"))
    language = forms.ChoiceField(
        label=_("Language"), choices=language_choices, help_text=_("The language in which they are written to.")
    )

    field_order = ("name", "email", "language", "version")
    #: As whoever entered them knows them; what is corrected is the person's.
    held: ClassVar[type_held] = {
        "name": held("name", read=lambda participation: participation.called),
        "email": held("email", read=lambda participation: participation.address),
        "language": held("language", read=lambda participation: participation.written_in),
    }

    def version_of(self, record: Participation) -> str:
        """Include the person in the version, because they may be corrected elsewhere too."""
        return state_of(record.person) if record.person else ""

    def __init__(self, data: Any = None, *, participation: Participation, proven: bool) -> None:
        person: Any = participation.person
        self.person = person
        super().__init__(data, record=participation)
        self.fields["email"].required = bool(participation.address)
        if proven:
            del self.fields["email"]
        elif participation.nonce:
            self.fields["email"].help_text = _("If you change the address, links sent to the old one stop working.")

    def foresee(self) -> Mapping[str, Any]:
        """Check that the address is nobody else's."""
        fault = address_fault(self.person, self.cleaned_data.get("email", ""))
        return {"email": fault} if fault else {}

    @property
    def facts(self) -> dict[str, Any]:
        """Return only the corrected facts, not those left as shown."""
        return {name: value for name, value in super().facts.items() if name in {*self.changed_data, "version"}}


class ParticipationForm(_WhoForm, VersionForm):
    """A participant's role, sector, delegation and state."""

    keeps_record = forms.BooleanField(
        label=_("Keeps the record of every session"), required=False,
        help_text=_("For a rapporteur: they read, type and publish notes of all sessions, closed ones too. Otherwise name them at single sessions."),
    )  # fmt: skip
    state = forms.ChoiceField(label=_("State"))
    field_order = ("role", "keeps_record", "sector", "delegation", "state")

    def __init__(self, data: Any = None, *, participation: Participation) -> None:
        super().__init__(data, record=participation)
        self.offer(participation.event)
        states: Any = self.fields["state"]
        cancelled = ParticipationState.CANCELLED
        states.choices = [
            one for one in ParticipationState.choices if one[0] != cancelled or participation.state == cancelled
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse "keeps the record" for anybody but a rapporteur."""
        cleaned = super().clean()
        if cleaned.get("keeps_record") and cleaned.get("role") not in {None, ParticipationRole.RAPPORTEUR}:
            self.add_error("keeps_record", _("Choose the role of rapporteur too: only rapporteurs keep the record."))
        return cleaned
