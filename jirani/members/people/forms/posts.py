"""Forms in which somebody is named to a post or a duty, and in which it ends."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jirani.acting.facts import held, type_held
from jirani.acting.forms import OnceForm, VersionForm
from jirani.core.enums import Precision
from jirani.members.actions import duty_fault, known_at, post_fault
from jirani.members.entry.forms.fields import PartialDateField
from jirani.members.enums import NetworkDuty, TenureRole
from jirani.members.models import Hub, Organisation
from jirani.members.standing.actions import version_of
from jirani.translation.forms import choose_among, language_choices
from jirani.ui.forms import AddressField, DayInput, Need, PersonNameField, let_text_lead, soon, type_needs


class NamedForm(OnceForm):
    """The person who is appointed. Name and language are used if the address is new."""

    email = AddressField(
        label=_("E-mail address"),
        help_text=_("They sign in with it. If the address is already known, no second person is created."),
    )
    name = PersonNameField(label=_("Name"))
    language = forms.ChoiceField(
        label=_("Language"), choices=language_choices, initial=get_language,
        help_text=_("The language in which they are written to."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        let_text_lead(self.fields.values())


class PostForm(NamedForm):
    """A post at an organisation."""

    role = forms.ChoiceField(label=_("Role"), choices=TenureRole.choices)
    title = forms.CharField(
        label=_("Title of the post"), required=False, max_length=200, help_text=_("As it is called there.")
    )
    since = PartialDateField(
        label=pgettext_lazy("a post", "From"), required=False, latest=False,
        initial=lambda: (timezone.localdate(), Precision.MONTH), help_text=_("2021-03-25, 2021-03 or 2021."),
    )  # fmt: skip

    field_order = ("email", "name", "language", "role", "title", "since", "once")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def foresee(self) -> dict[str, str]:
        """Return faults: they hold the post already."""
        said = self.cleaned_data
        if not {"email", "role", "since"} <= said.keys():
            return {}
        who = known_at(said["email"])
        return {"email": post_fault(who, self.organisation, role=said["role"], since=said["since"])}

    def clean_since(self) -> tuple[date | None, str]:
        """Refuse a day far ahead, and a latest day ("by 2021"), which doesn't say from when the post gives rights."""
        since: tuple[date | None, str] = self.cleaned_data["since"]
        if since[0]:
            soon(since[0])
        return since


class DutyForm(NamedForm):
    """A duty for the network itself."""

    duty = forms.ChoiceField(label=_("Duty"), choices=NetworkDuty.choices, widget=forms.RadioSelect)
    hub = forms.ModelChoiceField(
        label=_("Regional hub"), queryset=Hub.objects.all(), required=False,
        help_text=_("For a hub coordinator, and for nobody else."),
    )  # fmt: skip
    from_on = forms.DateField(
        label=pgettext_lazy("a post", "From"), widget=DayInput, initial=timezone.localdate, validators=[soon]
    )

    needed: type_needs = {
        "hub": Need(
            _("needed for a hub coordinator"), _("Choose the hub."),
            lambda data: data.get("duty") == NetworkDuty.HUB_COORDINATOR,
        ),
    }  # fmt: skip
    field_order = ("email", "name", "language", "duty", "hub", "from_on", "once")

    def __init__(self, *args: Any, hubs: Iterable[Hub], none: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self.fields["hub"], hubs, empty=none)

    def foresee(self) -> dict[str, str]:
        """Return faults: they have the duty already."""
        said = self.cleaned_data
        if not {"email", "duty", "hub", "from_on"} <= said.keys():
            return {}
        facts = {name: said[name] for name in ("duty", "hub", "from_on")}
        return {"email": duty_fault(known_at(said["email"]), **facts)}

    def clean(self) -> dict[str, Any]:
        """Require a hub for a hub coordinator, and none for other duties."""
        data = super().clean()
        for_hub = data.get("duty") == NetworkDuty.HUB_COORDINATOR
        if data.get("hub") and not for_hub:
            self.add_error("hub", _("Only a hub coordinator’s duty is for one hub."))
        return data


class EndForm(VersionForm):
    """The last day of a post or duty."""

    until_on = forms.DateField(
        label=_("Last day"), widget=DayInput, validators=[soon],
        help_text=_("It gives rights until the end of this day. With yesterday’s date it ends at once."),
    )  # fmt: skip
    held: ClassVar[type_held] = {
        "until_on": held("until_on", read=lambda tenure: tenure.until_on or timezone.localdate())
    }

    def version_of(self, record: Any) -> str:
        """Return its current end: nothing else of it is changed here."""
        return version_of(record)
