"""The filters of the list of local authorities, each choice with the number of records behind it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jirani.members.enums import AuthorityKind
from jirani.reading.filters import by_name
from jirani.ui.text import alone, country, number

#: A record's values by facet; a facet may have several (themes) or none.
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
            ("country", _("All countries"), country, sorted(_used(rows, "country"), key=by_name)),
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


def _member_name(value: str) -> str:
    return (
        pgettext("filter of local authorities", "Members")
        if value == "yes"
        else gettext("Take part without being members")
    )


def _with_count(name: str, count: int) -> str:
    # Translators: a choice in a filter and how many records it leads to
    return gettext("%(name)s (%(count)s)") % {"name": name, "count": number(count)}
