"""Forms of the people of an event: put on the list, invited, marked as present, and what they answer themselves."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext, ngettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jirani.acting.facts import held, type_held
from jirani.acting.forms import ActingForm, OnceForm, VersionForm
from jirani.audit.actions import state_of
from jirani.core.text import active_language
from jirani.events.enums import ParticipationRole, ParticipationState
from jirani.events.models import Delegation, Event, Participation
from jirani.language import name_key, normal_address, read_mailboxes, tidy
from jirani.members.actions import address_fault
from jirani.members.enums import Sector
from jirani.notifications.forms import MailingForm
from jirani.translation.forms import in_order, language_choices, named
from jirani.translation.models import translate_now
from jirani.ui.forms import AddressField, PersonNameField
from jirani.ui.text import join

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Lines that can be pasted at once.
MOST_LINES = 500
#: The longest line, in characters.
MOST_OF_ONE = 1_000


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
        """Who is on the list; that they are new to it is said once."""
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
        """Whoever corrects the person meanwhile is asked about, wherever they did so."""
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
        """Only of a rapporteur is it said that they keep the record."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("keeps_record") and cleaned.get("role") not in {None, ParticipationRole.RAPPORTEUR}:
            self.add_error("keeps_record", _("Choose the role of rapporteur too: only rapporteurs keep the record."))
        return cleaned


@dataclass(frozen=True, slots=True)
class Line:
    """One pasted line: its number, what it says, what is wrong with it."""

    number: int
    said: Mapping[str, str]
    faults: tuple[str, ...] = ()


class ParticipantsForm(OnceForm):
    """Several people at once: a line each, its parts between tabs, semicolons or commas."""

    lines = forms.CharField(
        label=_("One person per line"),
        widget=forms.Textarea(attrs={"rows": 10, "class": "large", "spellcheck": "false", "dir": "auto"}),
        help_text=_(
            "Name, e-mail address, role, sector, delegation, language: in this order, separated by commas, semicolons or tabs. Only the name is "
            "required. Cells copied from a spreadsheet will do."
        ),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.people: list[dict[str, Any]] = []

    @property
    def facts(self) -> dict[str, Any]:
        """What is said of each."""
        return {"people": self.people}

    def remembered(self, _made: Any) -> Event:
        """They are the event's."""
        return self.event

    def clean_lines(self) -> str:
        """Check every line with the form for one person, and report errors line by line."""
        text: str = self.cleaned_data["lines"]
        long = next((number for number, line in enumerate(text.splitlines(), start=1) if len(line) > MOST_OF_ONE), None)
        if long:
            raise ValidationError(
                _("Line %(number)s: shorten it to %(most)s characters.") % {"number": long, "most": MOST_OF_ONE}
            )
        rows = list(read_lines(text))
        if len(rows) > 1 and _is_heading(rows[0][1]):
            del rows[0]
        if len(rows) > MOST_LINES:
            raise ValidationError(_("Paste at most %(most)s lines at once.") % {"most": MOST_LINES})
        delegations = delegation_choices(self.event)
        faults: list[str] = []
        for number, said in rows:
            form = ParticipantForm(_matched(said, delegations), event=self.event, delegations=delegations)
            if form.is_valid():
                self.people.append(form.facts)
            faults += _faults(number, said, form)
        faults += _twice(rows)
        if faults:
            raise ValidationError(faults)
        return text


def read_lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Number and parts of each line that says something; of a line of several mailboxes, the parts of each.

    A line is a row of a spreadsheet, or begins with mailboxes as a letter's "To" holds them: "Amina Haddad <amina@example.org>".
    """
    for number, line in enumerate(text.splitlines(), start=1):
        plain = tidy(line.replace("\t", _TAB)).replace(_TAB, "\t").strip()
        mailboxes, rest = read_mailboxes(plain)
        for box in mailboxes:
            yield number, _named_parts([box.name, box.address, *(_parts(rest) if rest else [])])
        if plain and not mailboxes:
            yield number, _named_parts(_parts(plain))


#: Stands in for a tab while runs of white space become one space.
_TAB = "\ue000"


def _named_parts(parts: list[str]) -> dict[str, str]:
    """Return cells by column. The name's cell may also hold the address, or follow it."""
    first, second, *others = [*parts, "", ""]
    before, address = _with_address(first)
    if address and "@" not in second:
        name, others = (before, [second, *others]) if before or not second else (second, others)
        first, second = name, address
    return dict(zip(_CELLS, [first, second, *others, *[""] * len(_CELLS)], strict=False))


#: Signs that are in no address of a list.
_AROUND = frozenset(" \t()<>@")


def _with_address(cell: str) -> tuple[str, str]:
    """Return what comes before an address at the end of a cell, which may be in brackets, and the address; "" if there is none."""
    bare = cell.rstrip(")>")
    local, _at, domain = bare.rpartition("@")
    start = 1 + max(local.rfind(sign) for sign in _AROUND)
    if not local[start:] or not domain or not _AROUND.isdisjoint(domain):
        return cell, ""
    return local[:start].rstrip(" (<"), bare[start:]


def _parts(line: str) -> list[str]:
    """Split a row at tabs, semicolons or commas; a cell in quotes may contain the separator."""
    bare = re.sub(r'"[^"]*"', "", line)
    mark = next((mark for mark in "\t;،" if mark in bare), ",")
    if mark == "،":
        line, mark = re.sub('[،,](?=(?:[^"]*"[^"]*")*[^"]*$)', ",", line), ","
    cells = next(csv.reader([line], delimiter=mark, skipinitialspace=True), [])
    return [cell.strip() for cell in cells]


def _matched(said: Mapping[str, str], delegations: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The words of a line as the values of the form: codes, or names in the reader's language."""
    offered: dict[str, Iterable[tuple[Any, Any]]] = {
        "role": ParticipationRole.choices,
        "sector": Sector.choices,
        "delegation": delegations,
        "language": language_choices(),
    }
    values = dict(said)
    for name, choices in offered.items():
        known = {name_key(str(label)): str(value) for value, label in choices}
        known |= {} if name == "delegation" else {name_key(value): value for value in known.values()}
        values[name] = known.get(name_key(said[name]), said[name])
    values["role"] = values["role"] or ParticipationRole.DELEGATE
    values["language"] = values["language"] or active_language()
    return values


#: What a pasted line holds, in this order, each under the name by which the hint above calls it.
_CELLS: dict[str, "StrOrPromise"] = {
    "name": _("Name"), "email": _("E-mail address"), "role": _("Role"), "sector": _("Sector"),
    "delegation": _("Delegation"), "language": _("Language"),
}  # fmt: skip


def _faults(number: int, said: Mapping[str, str], form: ParticipantForm) -> Iterator[str]:
    for name in (name for name in _CELLS if name in form.errors):
        reason = " ".join(str(one) for one in form.errors[name])
        if name == "name" and not said["name"] and said["email"]:
            reason = gettext("Enter a name beside the address.")
        offered = getattr(form.fields[name], "choices", None)
        if offered is not None:
            names = join([str(label) for value, label in offered if value], style="or")
            none = gettext("Leave this empty: there is none to choose yet.")
            reason = gettext("Enter one of: %(names)s.") % {"names": names} if names else none
        yield gettext("Line %(number)s, %(field)s “%(value)s”: %(reason)s") % {
            "number": number, "field": _CELLS[name], "value": said.get(name, ""), "reason": reason,
        }  # fmt: skip


def _is_heading(said: Mapping[str, str]) -> bool:
    """Whether a line holds the names of the columns, as a sheet's first row does, in whichever language."""
    words = [name_key(value) for value in said.values() if value]
    known = {name_key(word) for word in (*_CELLS, "E-mail", "Courriel")}
    for code, _name in settings.LANGUAGES:
        with override(code):
            known |= {name_key(str(label)) for label in _CELLS.values()}
    return len(words) > 1 and known.issuperset(words)


def _twice(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for number, said in rows:
        address = normal_address(said["email"])
        if address and address in seen:
            yield gettext("Line %(number)s: the address “%(value)s” is already in line %(first)s.") % {
                "number": number, "value": said["email"], "first": seen[address],
            }  # fmt: skip
        seen.setdefault(address, number)


class InviteForm(MailingForm):
    """The recipients of invitations: the people whom the page showed, minus those unticked."""

    def clean(self) -> dict[str, Any]:
        """Check that at least one is ticked."""
        data = super().clean() or self.cleaned_data
        if not data["shown"]:
            self.add_error(None, _("Choose at least one person."))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """Whom to write to, of those that were shown."""
        return {**super().facts, "participations": self.chosen}


class RenewForm(OnceForm):
    """An invitation sent again: nothing to type, but it goes once."""


class AttendanceForm(ActingForm, forms.Form):
    """Who of those on the page was there."""

    shown = forms.ModelMultipleChoiceField(queryset=Participation.objects.none())
    present = forms.ModelMultipleChoiceField(queryset=Participation.objects.none(), required=False)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["shown"].queryset = fields["present"].queryset = Participation.objects.filter(event=event)

    @property
    def facts(self) -> dict[str, Any]:
        """Keys of those that the page showed, and of those ticked."""
        return {name: [one.pk for one in rows] for name, rows in super().facts.items()}


class SeenForm(ActingForm, forms.Form):
    """Up to when refusals and changes of mind have been seen: the latest that the page showed."""

    until = forms.DateTimeField(widget=forms.HiddenInput)


class AnswerForm(ActingForm, forms.Form):
    """Whether somebody comes."""

    comes = forms.TypedChoiceField(
        choices=[("yes", _("I will come")), ("no", _("I cannot come"))], coerce=lambda value: value == "yes"
    )


def added_sentence(new: int, known: int) -> str:
    """Return a sentence about how many people were added."""
    added = ngettext("%(count)s person added.", "%(count)s people added.", new) % {"count": new}
    if not known:
        return added
    there = ngettext("%(count)s was on the list already.", "%(count)s were on the list already.", known)
    return f"{added} {there % {'count': known}}"
