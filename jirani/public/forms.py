"""Filters of the reading pages: forms sent by GET, each choice with the number of records behind it.

Every list understands the same words in its address, so that a count on one page can lead to its records on another:
`authority` (slug; where a lesson comes from, who came to an event, whose commitment it is), `organisation` (slug), `theme` (slug), `country`,
`kind`, `event` (slug), `plan` (slug), `state` (taken-up, applied, dropped: product.md's words, of a lesson what became of it anywhere), `from` (slug of the
authority whose lesson a commitment carries out), `when` (coming, past).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jirani.core.enums import Completion, Status
from jirani.core.text import active_language
from jirani.events.enums import EventFormat, EventKind
from jirani.language import fold
from jirani.language.collation import sort_key
from jirani.lessons.enums import Addressee, LessonKind, ReviewLevel
from jirani.members.enums import AuthorityKind
from jirani.plans.enums import PlanState
from jirani.ui.text import alone, country, number

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: What becomes of a lesson, as addresses say it (product.md, states).
STATES = ("taken-up", "applied", "dropped")

#: The largest key that the database knows.
LARGEST = 2**63 - 1

#: Values of one record by facet; a facet may hold several (themes) or none.
Facets = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """A record as its list's filters see it."""

    pk: int
    facets: Facets = field(default_factory=dict)

    def matches(self, wanted: Mapping[str, str], *, but: str = "") -> bool:
        """Whether it has every wanted value, one facet left aside."""
        return all(value in self.facets[name] for name, value in wanted.items() if value and name != but)


class AuthorityFilter(forms.Form):
    """Which local authorities to show. What an address asks for that does not exist is as if it had not been asked."""

    member = forms.ChoiceField(label=_("Membership"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    hub = forms.ChoiceField(label=pgettext_lazy("of the network", "Regional hub"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)

    def __init__(self, data: Mapping[str, Any], *, rows: Sequence[Row], names: Mapping[str, Mapping[str, str]]) -> None:
        """`rows`: every authority; `names`: those of hubs and themes by slug, in the reader's language."""
        super().__init__(data)
        self.rows = rows
        for name, every, said, values in (
            ("member", pgettext_lazy("local authorities", "All"), _member_name, ["yes", "no"]),
            ("country", _("All countries"), country, sorted(_used(rows, "country"), key=_place_in_order)),
            ("hub", _("All hubs"), names["hub"].__getitem__, list(names["hub"])),
            ("kind", _("All kinds"), lambda kind: alone(AuthorityKind(kind).label), AuthorityKind.values),
            ("theme", _("All themes"), names["theme"].__getitem__, list(names["theme"])),
        ):
            self._offer(name, str(every), said, values)

    def _offer(self, name: str, every: str, said: Callable[[str], str], values: Iterable[str]) -> None:
        """Fill a field with the values that lead somewhere, and how many records each leads to."""
        wanted = {
            key: str(self.data.get(key, ""))
            for key in self.fields
            if str(self.data.get(key, "")) in _used(self.rows, key)
        }
        found = Counter(value for row in self.rows if row.matches(wanted, but=name) for value in row.facets[name])
        options = [
            (value, _with_count(said(value), found[value]))
            for value in values
            if found[value] or value == wanted.get(name)
        ]
        chosen = self.fields[name]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", every), *options]

    @property
    def wanted(self) -> dict[str, str]:
        """The facets that were chosen, valid ones only."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def matching(self) -> list[int]:
        """Keys of the records that have all that is wanted."""
        wanted = self.wanted
        return [row.pk for row in self.rows if row.matches(wanted)]


def _used(rows: Iterable[Row], facet: str) -> set[str]:
    return {value for row in rows for value in row.facets[facet]}


def _place_in_order(code: str) -> str:
    return sort_key(country(code), active_language())


def _member_name(value: str) -> str:
    return (
        pgettext("filter of local authorities", "Members")
        if value == "yes"
        else gettext("Take part without being members")
    )


def _with_count(name: str, count: int) -> str:
    # Translators: a choice in a filter and how many records it leads to
    return gettext("%(name)s (%(count)s)") % {"name": name, "count": number(count)}


def _choices(every: "StrOrPromise", values: Iterable[tuple[str, "StrOrPromise"]]) -> list[tuple[str, "StrOrPromise"]]:
    return [("", every), *values]


def countries(codes: Iterable[str]) -> list[tuple[str, "StrOrPromise"]]:
    """Country codes as choices, in the order of the reader's language."""
    return [(code, country(code)) for code in sorted({*codes} - {""}, key=_place_in_order)]


class Filters(forms.Form):
    """Filters of a list. What an address asks for that does not exist is as if it had not been asked."""

    def __init__(self, data: Mapping[str, Any], **choices: Iterable[tuple[str, "StrOrPromise"]]) -> None:
        """`choices` of fields whose values are records'."""
        super().__init__(data)
        for name, values in choices.items():
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = [*cast("Iterable[Any]", chosen.choices), *values]

    @property
    def wanted(self) -> dict[str, Any]:
        """What was asked for, valid values only."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def hidden_fields(self) -> list[forms.BoundField]:
        """Only those that say something: an address need not name the filters that are not set."""
        return [field for field in super().hidden_fields() if field.name in self.wanted]

    def query(self, *without: str, **also: str) -> str:
        """The address of what was asked for, ending in "&" where there is anything: without some of it, with more."""
        words = {name: value for name, value in {**self.wanted, **also}.items() if value and name not in without}
        return f"{urlencode(words)}&" if words else ""


class EventFilter(Filters):
    """Which events to show."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=_choices(_("All kinds"), EventKind.choices))
    format = forms.ChoiceField(
        label=pgettext_lazy("event", "Format"), required=False, choices=_choices(_("All formats"), EventFormat.choices)
    )
    hub = forms.ChoiceField(
        label=pgettext_lazy("of the network", "Regional hub"), required=False, choices=[("", _("All hubs"))]
    )
    country = forms.ChoiceField(label=_("Country"), required=False, choices=[("", _("All countries"))])
    year = forms.ChoiceField(label=_("Year"), required=False, choices=[("", _("All years"))])
    theme = forms.ChoiceField(label=_("Theme"), required=False, choices=[("", _("All themes"))])
    when = forms.ChoiceField(required=False, choices=[("coming", ""), ("past", "")], widget=forms.HiddenInput)
    authority = forms.SlugField(required=False, widget=forms.HiddenInput)
    organisation = forms.SlugField(required=False, widget=forms.HiddenInput)


#: Letters and digits of a search, at least.
LEAST_LETTERS = 2


class LessonFilter(Filters):
    """Which lessons to show. Only the words searched for are typed; the rest are links with counts."""

    q = forms.CharField(
        label=_("Search the lessons"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(required=False, choices=LessonKind.choices, widget=forms.HiddenInput)
    level = forms.ChoiceField(required=False, choices=ReviewLevel.choices, widget=forms.HiddenInput)
    addressee = forms.ChoiceField(required=False, choices=Addressee.choices, widget=forms.HiddenInput)
    event_kind = forms.ChoiceField(required=False, choices=EventKind.choices, widget=forms.HiddenInput)
    state = forms.ChoiceField(required=False, choices=[(state, "") for state in STATES], widget=forms.HiddenInput)
    country = forms.RegexField("^[A-Z]{2}$", required=False, widget=forms.HiddenInput)
    theme = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    driver = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    authority = forms.SlugField(required=False, widget=forms.HiddenInput)
    event = forms.SlugField(required=False, widget=forms.HiddenInput)
    session = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)

    def clean_q(self) -> str:
        """Words to look for: one letter begins too many of them."""
        words: str = self.cleaned_data["q"]
        if words and len(re.findall(r"[^\W_]", fold(words))) < LEAST_LETTERS:
            raise forms.ValidationError(_("Enter at least two letters."))
        return words


class CommitmentFilter(Filters):
    """Which commitments to show."""

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=_choices(pgettext_lazy("status", "All"), [each for each in Status.choices if each[0] != Status.DRAFT]),
    )
    completion = forms.ChoiceField(
        label=_("Completion"), required=False, choices=_choices(pgettext_lazy("completion", "All"), Completion.choices)
    )
    country = forms.ChoiceField(label=_("Country"), required=False, choices=[("", _("All countries"))])
    state = forms.ChoiceField(required=False, choices=[(state, "") for state in STATES], widget=forms.HiddenInput)
    lesson = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    event = forms.SlugField(required=False, widget=forms.HiddenInput)
    session = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    plan = forms.SlugField(required=False, widget=forms.HiddenInput)
    authority = forms.SlugField(required=False, widget=forms.HiddenInput)
    organisation = forms.SlugField(required=False, widget=forms.HiddenInput)
    origin = forms.SlugField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any], **choices: Iterable[tuple[str, "StrOrPromise"]]) -> None:
        super().__init__(data, **choices)
        # The word of the address is one of Python's own.
        self.fields["from"] = self.fields.pop("origin")


class OutcomeFilter(Filters):
    """Which outcomes to show: only by the records that they came of."""

    lesson = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    event = forms.SlugField(required=False)
    session = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    authority = forms.SlugField(required=False)
    activity = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    plan = forms.SlugField(required=False)


class PlanFilter(Filters):
    """Which plans to show."""

    country = forms.ChoiceField(label=_("Country"), required=False, choices=[("", _("All countries"))])
    state = forms.ChoiceField(
        label=pgettext_lazy("plan", "State"),
        required=False,
        choices=_choices(
            pgettext_lazy("plans", "All"), [each for each in PlanState.choices if each[0] != PlanState.DRAFT]
        ),
    )
