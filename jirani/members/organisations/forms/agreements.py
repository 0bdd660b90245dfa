"""The form of an agreement: who signed what, when."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.acting.facts import held, type_held
from jirani.acting.forms import InstanceForm, OnceForm, VersionForm
from jirani.core.text import active_language
from jirani.members.entry.forms.choices import access_choices
from jirani.members.entry.forms.fields import PartialDateField
from jirani.members.models import Agreement, Organisation
from jirani.translation.forms import choose_among, language_choices
from jirani.ui.forms import DayInput, Several, let_text_lead

from .organisations import offer_organisations


def offer_papers(form: Any, name: str, rows: Iterable[Any], *, label: str) -> None:
    """Let the form of a record choose among agreements or grants, all that its user may see. Without any there is no field, nor if they do
    not see the one that the record has, which then stays. `label` is the column by which they are known.
    """
    field, seen = form.fields[name], list(rows)
    keys, kept = {row.pk for row in seen}, getattr(form.instance, f"{name}_id")
    if not seen or (kept and kept not in keys):
        del form.fields[name]
        return
    field.queryset = field.queryset.filter(pk__in=keys)
    choose_among(field, seen, label=label, empty=str(pgettext_lazy("no choice", "None")))


class _AgreementFields(InstanceForm[Agreement]):
    signed = PartialDateField(
        label=pgettext_lazy("agreement", "Signed"), required=False, help_text=_("2021-03-25, 2021-03 or 2021.")
    )
    access = forms.ChoiceField(label=_("Who may see it"), widget=forms.RadioSelect)
    held: ClassVar[type_held] = {"signed": held("signed_on", "signed_precision")}

    class Meta:
        model = Agreement
        fields = ("title", "kind", "parties", "summary", "language", "until_on", "access", "source_url")
        widgets: ClassVar[dict[str, Any]] = {
            "kind": forms.RadioSelect,
            "parties": Several,
            "summary": forms.Textarea(attrs={"rows": 4}),
            "until_on": DayInput,
        }
        labels: ClassVar[dict[str, Any]] = {"parties": _("Between whom"), "summary": _("In two sentences")}
        help_texts: ClassVar[dict[str, Any]] = {
            "title": _("As printed on its first page."),
            "source_url": _("An address where it can be read."),
        }

    field_order = ("title", "kind", "parties", "signed", "until_on", "summary", "language", "access", "source_url")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["language"] = forms.ChoiceField(label=_("Written in"), choices=language_choices)
        fields["kind"].choices = Agreement._meta.get_field("kind").choices
        fields["access"].choices = access_choices(
            closed=str(_("Closed: only its parties’ people and the network’s coordinators may see it"))
        )
        offer_organisations(self, "parties", Organisation.objects.only("name", "language"))
        if self.instance._state.adding:
            self.initial["language"] = active_language()
        let_text_lead(self.fields.values())

    @property
    def facts(self) -> dict[str, Any]:
        """Between whom it is, besides what stands in the record."""
        said = super().facts
        links: dict[str, Any] = said.pop("links")
        return {**said, **links}

    def clean_parties(self) -> QuerySet[Organisation]:
        """An agreement has two sides at least."""
        parties: QuerySet[Organisation] = self.cleaned_data["parties"]
        if len(parties) < 2:
            raise ValidationError(_("Choose at least two organisations."))
        return parties

    def clean(self) -> dict[str, Any]:
        """It does not end before it was signed."""
        cleaned = super().clean()
        signed, until = cleaned.get("signed", (None, ""))[0], cleaned.get("until_on")
        if signed and until and until < signed:
            self.add_error("until_on", _("Enter an end that is no earlier than the beginning."))
        return cleaned


class AgreementForm(OnceForm, _AgreementFields):
    """A new agreement."""


class AgreementChangeForm(VersionForm, _AgreementFields):
    """An agreement, changed."""
