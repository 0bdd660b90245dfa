"""The filters of the list of local authorities, each choice with the number of records behind it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jirani.members.enums import AuthorityKind
from jirani.reading.filters import by_name
from jirani.ui.text import alone, country, number


@dataclass(frozen=True, slots=True)
class Group:
    """Records that have the same value of each facet: how many there are, and their values ("" for none)."""

    count: int
    facets: Mapping[str, str]

    def matches(self, wanted: Mapping[str, str], *, but: str = "") -> bool:
        """Whether they have every wanted value, one facet left aside."""
        return all(self.facets[name] == value for name, value in wanted.items() if value and name != but)


class AuthorityFilter(forms.Form):
    """Filters of the list of local authorities. A value in the address that does not exist is ignored."""

    member = forms.ChoiceField(label=_("Membership"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    hub = forms.ChoiceField(label=pgettext_lazy("of the network", "Regional hub"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        groups: Sequence[Group],
        by_theme: Sequence[Group],
        names: Mapping[str, Mapping[str, str]],
    ) -> None:
        """`groups` hold every authority once, with the theme that `data` asks for if it has that; `by_theme` hold it once for each of
        its themes. `names`: those of hubs and themes by slug, in the reader's language.
        """
        super().__init__(data)
        self.groups, self.by_theme = groups, by_theme
        for name, every, said, values in (
            ("member", pgettext_lazy("local authorities", "All"), _member_name, ["yes", "no"]),
            ("country", _("All countries"), country, sorted(_used(groups, "country"), key=by_name)),
            ("hub", _("All hubs"), names["hub"].__getitem__, list(names["hub"])),
            ("kind", _("All kinds"), lambda kind: alone(AuthorityKind(kind).label), AuthorityKind.values),
            ("theme", _("All themes"), names["theme"].__getitem__, list(names["theme"])),
        ):
            self._offer(name, str(every), said, values)

    def _offer(self, name: str, every: str, said: Callable[[str], str], values: Iterable[str]) -> None:
        """Fill a field with the values that lead somewhere, and how many records each leads to."""
        asked = {key: str(self.data.get(key, "")) for key in self.fields}
        wanted = {key: value for key, value in asked.items() if value in _used(self.groups, key)}
        found: Counter[str] = Counter()
        for group in self.by_theme if name == "theme" else self.groups:
            if group.matches(wanted, but=name):
                found[group.facets[name]] += group.count
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
        """Return the facets that were chosen and are valid."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def count(self) -> int:
        """Return how many authorities match all chosen facets."""
        wanted = self.wanted
        return sum(group.count for group in self.groups if group.matches(wanted))


def _used(groups: Iterable[Group], facet: str) -> set[str]:
    return {group.facets[facet] for group in groups} - {""}


def _member_name(value: str) -> str:
    return (
        pgettext("filter of local authorities", "Members")
        if value == "yes"
        else gettext("Take part without being members")
    )


def _with_count(name: str, count: int) -> str:
    # Translators: a choice in a filter and how many records it leads to
    return gettext("%(name)s (%(count)s)") % {"name": name, "count": number(count)}
