"""The form of an organisation that is no local authority."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from jirani.acting.forms import InstanceForm, OnceForm, VersionForm
from jirani.core.text import active_language
from jirani.members.actions import own_name_fault
from jirani.members.entry.forms.choices import country_choices
from jirani.members.enums import Sector
from jirani.members.models import Organisation
from jirani.translation.forms import choose_among, language_choices
from jirani.ui.forms import let_text_lead

#: Digits of a key, and one more; whatever is longer leads to nothing.
LONGEST_KEY = 10


def offer_organisations(
    form: forms.BaseForm,
    name: str,
    offered: Iterable[Organisation],
    *,
    but: int | None = None,
    country: str = "",
    empty: str | None = None,
) -> None:
    """Let a field of a form choose among organisations: those offered, the one that is chosen, and whatever is entered on the way.

    `but` is the key of an organisation that must not be chosen, `country` the likely country of a new one; `empty` heads the list. Any other may be
    chosen though it is not offered: it may just have been entered, and where it works is no reason against it.
    """
    field: Any = form.fields[name]
    field.queryset = Organisation.objects.exclude(pk__in=[] if but is None else [but])
    rows = list(offered)
    sent = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
    chosen = {str(one) for one in (sent if isinstance(sent, list) else [sent])} - {str(row.pk) for row in rows}
    known = [int(one) for one in chosen if one.isdecimal() and len(one) < LONGEST_KEY]
    if known:
        rows += field.queryset.filter(pk__in=known)
    choose_among(field, rows, empty=empty)
    field.aside = reverse("members:organisation_aside") + (f"?{urlencode({'country': country})}" if country else "")


class _OrganisationFields(InstanceForm[Organisation]):
    sector = forms.ChoiceField(
        label=_("Sector"), choices=lambda: [("", _("Choose a sector")), *Sector.choices],
        help_text=_("What part of society it speaks for."),
    )  # fmt: skip
    country = forms.ChoiceField(
        label=_("Country"), required=False, choices=country_choices,
        help_text=_("Where it works. Leave this empty if it works in several countries."),
    )  # fmt: skip

    class Meta:
        model = Organisation
        fields = ("name", "local_name", "sector", "country", "summary", "website", "source_url", "language")
        widgets: ClassVar[dict[str, Any]] = {"summary": forms.Textarea(attrs={"rows": 4})}
        labels: ClassVar[dict[str, Any]] = {
            "local_name": _("Name in its own language"),
            "summary": _("In two sentences"),
        }
        help_texts: ClassVar[dict[str, Any]] = {"local_name": _("In its own script.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(label=_("Written in"), choices=language_choices)
        if self.instance._state.adding:
            self.initial["language"] = active_language()
        let_text_lead(self.fields.values())

    def foresee(self) -> Mapping[str, Any]:
        """Check that the name is not taken."""
        name = self.cleaned_data.get("name", "")
        renamed = name and "name" in self.changed_data
        fault = own_name_fault(Organisation(pk=self.instance.pk, name=name)) if renamed else ""
        return {"name": fault} if fault else {}

    def same(self) -> Organisation | None:
        """The organisation that has the name already, if that is what was wrong with what was sent."""
        name = str(self.data.get("name", "")).strip()
        if not name or "name" not in self.errors:
            return None
        return Organisation.objects.called(name).exclude(pk=self.instance.pk).first()


class OrganisationForm(OnceForm, _OrganisationFields):
    """A new organisation."""

    def __init__(self, *args: Any, country: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["country"] = country


class OrganisationChangeForm(VersionForm, _OrganisationFields):
    """An organisation, changed."""
