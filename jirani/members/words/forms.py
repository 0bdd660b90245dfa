"""The form of a theme, a driver or a hub: what it is called in each language, and what a hub is."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.acting.facts import OWN, type_held
from jirani.acting.forms import ActingForm, OnceForm, VersionForm
from jirani.audit.actions import state_of
from jirani.core.text import active_language
from jirani.members.models import Hub
from jirani.members.words.actions import Word, names_of
from jirani.taxonomy.models import Theme
from jirani.translation.forms import ask_in_its_language, choose_among
from jirani.ui.forms import let_text_lead
from jirani.ui.text import language as language_name


class _WordForm(ActingForm, forms.Form):
    parent = forms.ModelChoiceField(label=_("Part of"), queryset=Theme.objects.none(), required=False)
    summary = forms.CharField(
        label=_("In two sentences"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Which places it is for, and what it does for them."),
    )  # fmt: skip
    source_url = forms.URLField(
        label=_("Source"), max_length=600, required=False, assume_scheme="https",
        help_text=_("An address where one can read more about it."),
    )  # fmt: skip
    held: ClassVar[type_held] = dict.fromkeys(("parent", "summary", "source_url"), OWN)  # `place` sets them

    def ask(self, word: Word) -> None:
        """A name in each language of the interface, the record's own first and required."""
        own = word.language
        codes = [own, *(code for code, _name in settings.LANGUAGES if code != own)]
        for code in codes:
            widget = forms.TextInput(attrs={"lang": code, "dir": "auto"})
            # Translators: a theme's or hub's name in one language
            label = pgettext_lazy("taxonomy", "Name in %(language)s") % {"language": language_name(code)}
            self.fields[code] = forms.CharField(label=label, max_length=120, required=code == own, widget=widget)
        self.order_fields([*codes, "summary", "source_url", "parent"])
        if isinstance(word, Hub):
            self._ask_about(word)
        else:
            del self.fields["summary"], self.fields["source_url"]
        if isinstance(word, Theme):
            self._ask_parent(word)
        else:
            del self.fields["parent"]

    def _ask_about(self, hub: Hub) -> None:
        """Ask what a hub is; translators say it in other languages."""
        for name in ("summary", "source_url"):
            self.fields[name].initial = getattr(hub, name)
        ask_in_its_language(self.fields["summary"], hub)
        let_text_lead(self.fields.values())

    def _ask_parent(self, word: Theme) -> None:
        field: Any = self.fields["parent"]
        field.queryset = Theme.objects.offered([word.parent_id or 0]).filter(parent=None).exclude(pk=word.pk)
        choose_among(field, field.queryset, empty=str(pgettext_lazy("theme", "None")))
        field.initial = word.parent_id

    @property
    def facts(self) -> dict[str, Any]:
        """The names by language."""
        said: dict[str, Any] = super().facts
        names = {code: said.pop(code) for code, _name in settings.LANGUAGES}
        return {**said, "names": names}

    def place(self, word: Word) -> Word:
        """The theme as part of the wider one that was chosen; the hub with what it is."""
        if isinstance(word, Theme):
            word.parent = self.cleaned_data["parent"]
        if isinstance(word, Hub):
            word.summary, word.source_url = self.cleaned_data["summary"], self.cleaned_data["source_url"]
        return word


class WordForm(OnceForm, _WordForm):
    """A new one, named in the reader's language at least."""

    def __init__(self, data: Any, *, word: Word) -> None:
        super().__init__(data)
        word.language = active_language()
        self.ask(word)


class WordChangeForm(VersionForm, _WordForm):
    """One that is there, renamed or translated."""

    def __init__(self, data: Any, *, word: Word) -> None:
        super().__init__(data, initial={**names_of(word), "version": state_of(word)})
        self.ask(word)
