"""Forms of what organisations say to a lesson."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jirani.acting.forms import InstanceForm, OnceForm, VersionForm
from jirani.core.text import active_language
from jirani.lessons.models import Endorsement, Response
from jirani.lessons.permissions import addressed, endorsers
from jirani.members.models import Organisation
from jirani.translation.forms import choose_among, language_choices
from jirani.ui.forms import let_text_lead


def _ask(form: Any, organisations: Any = None) -> None:
    """Ask in which language it is written and, of a new one, for which organisation."""
    choices = language_choices()
    form.fields["language"] = forms.ChoiceField(label=_("Written in"), choices=choices)
    if organisations is not None:
        here = active_language()
        form.initial["language"] = here if here in dict(choices) else "en"
        rows: list[Organisation] = list(organisations)
        field = form.fields["organisation"]
        choose_among(field, rows, empty=None if len(rows) == 1 else str(_("Choose an organisation")))
    let_text_lead(form.fields.values())


class EndorsementForm(OnceForm, InstanceForm[Endorsement]):
    """An organisation's endorsement of a lesson, and why."""

    class Meta:
        model = Endorsement
        fields = ("organisation", "words", "language")
        widgets = {"words": forms.Textarea(attrs={"rows": 3})}
        labels = {"organisation": _("For")}
        help_texts = {"words": _("Why you endorse it, if you wish to say.")}

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own: Any = self.fields["organisation"]
        own.queryset = Organisation.objects.editable_by(by).distinct()  # the form may come twice
        _ask(self, endorsers(by, self.instance.lesson))


class ResponseForm(OnceForm, InstanceForm[Response]):
    """An addressee's answer to a recommendation."""

    class Meta:
        model = Response
        fields = ("organisation", "text", "language", "source_url")
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
        labels = {"organisation": _("For")}
        help_texts = {
            "text": _("What you will do about it, or why not."),
            "source_url": _("A web address where people can read more."),
        }

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own: Any = self.fields["organisation"]
        own.queryset = addressed(by, self.instance.lesson)
        _ask(self, own.queryset)


class ResponseChangeForm(VersionForm, InstanceForm[Response]):
    """An answer, changed."""

    class Meta:
        model = Response
        fields = ("text", "language", "source_url")
        widgets = ResponseForm.Meta.widgets
        help_texts = ResponseForm.Meta.help_texts

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self)
