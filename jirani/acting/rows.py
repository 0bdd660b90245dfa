"""Rows under a form, such as the milestones of a promise: each is a form of its own, and what is wrong with one is wrong with the whole."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.forms.formsets import DEFAULT_MAX_NUM, BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from jirani.ui.forms import SpokenForm, let_text_lead

from .forms import ActingForm


class RowForm(SpokenForm, forms.Form):
    """One row, with text in any language. A row that holds nothing is left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        let_text_lead(self.fields.values())

    def full_clean(self) -> None:
        """Clean as Django does, but pass over a new row only if nothing stands in it. Django also passes over one that says what is known
        by now: after a double click, or if somebody else typed the same, the row would count as empty and be deleted.
        """
        self.empty_permitted = self.empty_permitted and not any(field.data for field in self)
        super().full_clean()


#: Empty rows in addition to existing ones.
SPARE = 3


class RowsForm(ActingForm):
    """A form with rows under it.

    Call `offer_rows` when it is made. A template shows `form.rows`, Django's formset, with its management form; the errors of a row are
    among the form's own, under the names that the row's fields are sent by.
    """

    #: The form of a row, and the beginning of the names that its fields are sent by.
    row: ClassVar[type[RowForm]]
    rows_prefix: ClassVar[str]
    #: If each row is a record that stays itself: the hidden field that says which one, and the one that holds its words.
    row_key: ClassVar[str] = ""
    row_words: ClassVar[str] = ""
    #: How many rows there may be, if there are not more already.
    most_rows: ClassVar[int] = DEFAULT_MAX_NUM

    rows: BaseFormSet[Any]

    def offer_rows(self, known: Iterable[Mapping[str, Any]], **options: Any) -> None:
        """Show what is known, a row each, and a few empty ones; `options` go to the form of each row."""
        initial = [dict(one) for one in known]
        if self.is_bound and self.row_key:
            self._recognise(initial)
        most = max(self.most_rows, len(initial))
        kind = formset_factory(self.row, extra=SPARE, max_num=most, validate_max=True, absolute_max=most + 1)
        said: dict[str, Any] = {
            "prefix": self.add_prefix(self.rows_prefix),
            "initial": initial,
            "form_kwargs": options,
            "error_messages": {"too_many_forms": _("Send fewer rows at once.")},
        }
        self.rows = kind(self.data if self.is_bound else None, **said)
        if not self._rows_arrived:
            self.rows = kind(**said)

    def _recognise(self, known: list[dict[str, Any]]) -> None:
        """Let a new row that says what a record says by now be that record, unless a row is it already.

        The form came a second time, after a double click, or somebody else typed the same: saved now knowingly, it would be
        written down twice.
        """
        sent: Any = self.data
        data = sent.copy()
        field = re.compile(rf"{re.escape(self.add_prefix(self.rows_prefix))}-\d+-")
        rows = {found[0] for name in data if (found := field.match(name))}
        keys = {data.get(f"{row}{self.row_key}") for row in rows}
        left = [one for one in known if str(one[self.row_key]) not in keys]
        for row in sorted(row for row in rows if not data.get(f"{row}{self.row_key}")):
            words = _words(data.get(f"{row}{self.row_words}"))
            same = next((one for one in left if words and _words(one[self.row_words]) == words), None)
            if same is not None:
                data[f"{row}{self.row_key}"] = str(same[self.row_key])
                left.remove(same)
        self.data = data

    @property
    def _rows_arrived(self) -> bool:
        return bool(self.rows.is_bound and self.rows.management_form.is_valid())

    @property
    def sent_rows(self) -> list[Any]:
        """The rows that arrived, each checked."""
        return [row for row in self.rows if self.rows.is_bound and row.errors is not None]

    def __iter__(self) -> Iterator[forms.BoundField]:
        """Iterate over the form's own fields, then those of its rows."""
        yield from super().__iter__()
        yield from self.rows.management_form
        for row in self.rows:
            yield from row

    def _clean_form(self) -> None:
        """Clean as any form does, and count a fault in a row as one of the form."""
        super()._clean_form()
        if not self._rows_arrived:
            self.add_error(None, _("A part of this form did not arrive. Look at it and send it once more."))
        for row in self.sent_rows:
            for name, faults in row.errors.items():
                self.errors[row.add_prefix(name)] = faults
        for fault in self.rows.non_form_errors():
            self.add_error(None, fault)


def _words(text: Any) -> list[str]:
    return str(text or "").split()
