"""Filters of the reading pages: forms sent by GET.

Every list understands the same words in its address, so that a count on one page can lead to its records on another:
`authority` (slug; where a lesson comes from, who came to an event, whose commitment it is), `organisation` (slug), `theme` (slug), `country`,
`kind`, `event` (slug), `plan` (slug), `state` (taken-up, applied, dropped: for a lesson, what became of it anywhere), `from` (slug of the
authority whose lesson a commitment carries out), `when` (coming, past).
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest

from jirani.core.noted import tell_invented
from jirani.core.text import active_language
from jirani.language.collation import sort_key
from jirani.ui.text import country

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: What becomes of a lesson, as addresses say it (docs/explanation/chain.md).
STATES = ("taken-up", "applied", "dropped")

#: The largest key that the database knows.
LARGEST = 2**63 - 1


def choices(every: "StrOrPromise", values: Iterable[tuple[str, "StrOrPromise"]]) -> list[tuple[str, "StrOrPromise"]]:
    """The choices of a filter: first the one that leaves it aside."""
    return [("", every), *values]


def by_name(code: str) -> str:
    """Return a country's sort key in the order of the reader's language."""
    return sort_key(country(code), active_language())


def countries(codes: Iterable[str]) -> list[tuple[str, "StrOrPromise"]]:
    """Country codes as choices, in the order of the reader's language."""
    return [(code, country(code)) for code in sorted({*codes} - {""}, key=by_name)]


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
        """Return what was asked for, valid values only."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def hidden_fields(self) -> list[forms.BoundField]:
        """Return only hidden fields with a value: an address need not name filters that are not set."""
        return [field for field in super().hidden_fields() if field.name in self.wanted]

    def query(self, *without: str, **also: str) -> str:
        """Return the query of what was asked for, ending in "&" if not empty, without some fields and with others."""
        words = {name: value for name, value in {**self.wanted, **also}.items() if value and name not in without}
        return f"{urlencode(words)}&" if words else ""


def tell_found(request: HttpRequest, form: Any, *, anything: bool) -> None:
    """Let a visitor's page be kept only if its address asks for what there is, spelt as we write it; if by a slug or a number, of which
    there is no end, only if it finds anything.

    `form` has `fields`, and in `wanted` what was asked for.
    """
    asked = {name: value for name, value in request.GET.items() if name in form.fields}
    endless = any(isinstance(form.fields[name], (forms.SlugField, forms.IntegerField)) for name in asked)
    if asked != {name: str(value) for name, value in form.wanted.items()} or (endless and not anything):
        tell_invented(request)
