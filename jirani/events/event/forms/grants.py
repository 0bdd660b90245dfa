"""The form of a grant that pays for an event."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.acting.forms import OnceForm
from jirani.core.enums import AccessMode
from jirani.core.text import active_language
from jirani.events.enums import PartyRole
from jirani.events.models import Event
from jirani.members.entry.forms.choices import access_choices
from jirani.members.entry.forms.fields import CurrencyField
from jirani.members.forms import offer_organisations
from jirani.members.models import Grant, Organisation, standing_of
from jirani.translation.forms import in_order, named
from jirani.translation.models import translate_now
from jirani.ui.forms import DayInput, Need, let_text_lead, type_needs


def _as_kept(name: str, **options: Any) -> Any:
    """The field that a grant's column of this name asks for."""
    return Grant._meta.get_field(name).formfield(**options)  # type: ignore[union-attr]


#: What is typed of a new grant alone; of a known one it would be lost.
_OF_A_NEW_ONE = ("programme", "reference", "from_on", "until_on", "amount", "currency", "source_url")


class GrantForm(OnceForm):
    """One that is known, or a new one with its programme, donor and reference."""

    grant = forms.ModelChoiceField(label=_("Grant"), queryset=Grant.objects.none(), required=False)
    programme = forms.CharField(label=pgettext_lazy("of a funder", "Programme"), required=False, max_length=200)
    funder = forms.ModelChoiceField(label=_("Donor"), queryset=Organisation.objects.none(), required=False)
    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=80, help_text=_("The number under which the donor knows it.")
    )
    from_on, until_on = (_as_kept(name, widget=DayInput) for name in ("from_on", "until_on"))
    amount = _as_kept("amount", min_value=0)
    currency = _as_kept("currency", form_class=CurrencyField)
    source_url = forms.URLField(label=_("Source"), required=False, max_length=600, assume_scheme="https")
    access = forms.ChoiceField(label=_("Who may see it"), required=False, widget=forms.RadioSelect)

    needed: type_needs = {
        "funder": Need(
            _("needed for a new grant"), _("Choose who gives it."),
            lambda data: bool(data.get("programme")) and not data.get("grant"),
        ),
        "currency": Need(
            _("needed with an amount"), _("Say in which currency, such as KES."),
            lambda data: data.get("amount") is not None,
        ),
    }  # fmt: skip

    def __init__(self, *args: Any, user: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        seen = Grant.objects.visible_to(user)  # the form may come twice
        known = seen.exclude(events=event).select_related("funder")
        fields["grant"].queryset = seen
        fields["grant"].choices = [("", _("None of these: it is new")), *_named(list(known))]
        donors = list(Organisation.objects.filter(event_parts__event=event, event_parts__role=PartyRole.DONOR))
        everybody = Organisation.objects.only("name", "language")
        offer_organisations(self, "funder", everybody, empty=str(_("Choose an organisation")))
        if len(donors) == 1:
            fields["funder"].initial = donors[0].pk
        modes = access_choices(closed=str(_("Closed: only its donor and the network’s coordinators may see it")))
        if not standing_of(user).coordinator:
            modes = [mode for mode in modes if mode[0] != AccessMode.CLOSED]
        fields["access"].choices = modes
        fields["access"].initial = event.access if event.access in dict(modes) else AccessMode.NETWORK
        let_text_lead(self.fields.values())

    def clean(self) -> dict[str, Any]:
        """A known one, or a new one with its programme and donor, never both."""
        data = super().clean()
        known, programme = data.get("grant"), data.get("programme")
        if known and (typed := next((name for name in _OF_A_NEW_ONE if data.get(name) not in (None, "")), "")):
            self.add_error(typed, _("Choose a grant from the list or add a new one, not both."))
        if not known and not programme and not self.has_error("grant"):
            self.add_error("grant", _("Choose a grant, or give the programme of a new one."))
        if data.get("from_on") and data.get("until_on") and data["until_on"] < data["from_on"]:
            self.add_error("until_on", _("Enter an end that is no earlier than the beginning."))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """The known one, or what is said of a new one, which is written in the page's language."""
        said = super().facts
        if said["grant"]:
            return {"grant": said["grant"]}
        return {**said, "access": said["access"] or AccessMode.NETWORK, "language": active_language()}


def _named(grants: list[Grant]) -> list[tuple[int, str]]:
    """Grants by programme, reference and donor."""
    translate_now(grants, [grant.funder for grant in grants])
    rows = [
        (grant.pk, " · ".join(filter(None, (named(grant, "programme"), grant.reference, named(grant.funder)))))
        for grant in grants
    ]
    return in_order(rows)
