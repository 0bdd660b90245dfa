"""The form of several people at once."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from jirani.acting.forms import OnceForm
from jirani.core.text import active_language
from jirani.events.enums import ParticipationRole
from jirani.events.models import Event
from jirani.language import name_key
from jirani.members.enums import Sector
from jirani.translation.forms import language_choices
from jirani.ui.text import join

from .lines import CELLS, is_heading, read_lines, repeated_addresses
from .participants import ParticipantForm, delegation_choices

#: Lines that can be pasted at once.
MOST_LINES = 500
#: The longest line, in characters.
MOST_OF_ONE = 1_000


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
        """Return what was typed about each person."""
        return {"people": self.people}

    def remembered(self, _made: Any) -> Event:
        """Return the event, to which the people belong."""
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
        if len(rows) > 1 and is_heading(rows[0][1]):
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
        faults += repeated_addresses(rows)
        if faults:
            raise ValidationError(faults)
        return text


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


def _faults(number: int, said: Mapping[str, str], form: ParticipantForm) -> Iterator[str]:
    for name in (name for name in CELLS if name in form.errors):
        reason = " ".join(str(one) for one in form.errors[name])
        if name == "name" and not said["name"] and said["email"]:
            reason = gettext("Enter a name beside the address.")
        offered = getattr(form.fields[name], "choices", None)
        if offered is not None:
            names = join([str(label) for value, label in offered if value], style="or")
            none = gettext("Leave this empty, or add it to the network first: there is none to choose yet.")
            reason = gettext("Enter one of: %(names)s.") % {"names": names} if names else none
        yield gettext("Line %(number)s, %(field)s “%(value)s”: %(reason)s") % {
            "number": number, "field": CELLS[name], "value": said.get(name, ""), "reason": reason,
        }  # fmt: skip


def added_sentence(new: int, known: int) -> str:
    """Return a sentence about how many people were added."""
    added = ngettext("%(count)s person added.", "%(count)s people added.", new) % {"count": new}
    if not known:
        return added
    there = ngettext("%(count)s was on the list already.", "%(count)s were on the list already.", known)
    return f"{added} {there % {'count': known}}"
