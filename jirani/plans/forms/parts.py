"""Forms of a plan's chapters: pillars and their objectives."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.acting.facts import type_held
from jirani.acting.forms import InstanceForm, OnceForm, VersionForm
from jirani.core.text import active_language
from jirani.forums.models import WorkingGroup
from jirani.members.enums import Sector
from jirani.members.forms import offer_organisations
from jirani.plans.models import ActionPlan, Objective, Pillar
from jirani.translation.forms import choose_among, language_choices
from jirani.ui.forms import let_text_lead

from .activities import organisations_near

#: Sectors that lead a pillar for government; the others lead it for civil society.
GOVERNMENT = (Sector.LOCAL_GOVERNMENT, Sector.NATIONAL_GOVERNMENT, Sector.SECURITY)


def ask_language(form: Any) -> None:
    """Ask in which language a part is written; the page's language is preselected."""
    form.fields["language"] = forms.ChoiceField(label=_("Written in"), choices=language_choices)
    if form.instance._state.adding:
        form.initial["language"] = active_language()
    let_text_lead(form.fields.values())


class _PillarFields(InstanceForm[Pillar]):
    new_group = forms.CharField(label=_("Or form a new one"), required=False, max_length=200)
    held: ClassVar[type_held] = {"new_group": None}

    class Meta:
        model = Pillar
        fields = ("title", "summary", "language", "lead_government", "lead_civil_society", "working_group")
        widgets: ClassVar[dict[str, Any]] = {"summary": forms.Textarea(attrs={"rows": 3})}
        labels: ClassVar[dict[str, Any]] = {"working_group": _("Working group of the forum")}

    def __init__(self, *args: Any, plan: ActionPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_leads(plan)
        self._offer_groups(plan)
        ask_language(self)

    def _offer_leads(self, plan: ActionPlan) -> None:
        rows, none = list(organisations_near(plan)), str(pgettext_lazy("organisation", "None"))
        for name, governs in (("lead_government", True), ("lead_civil_society", False)):
            now = getattr(self.instance, f"{name}_id")
            near = [row for row in rows if (row.sector in GOVERNMENT) is governs or row.pk == now]
            offer_organisations(self, name, near, country=plan.authority.country, empty=none)

    def _offer_groups(self, plan: ActionPlan) -> None:
        """Offer the working groups of the plan's forum; a plan without a forum has none."""
        field: Any = self.fields["working_group"]
        field.queryset = WorkingGroup.objects.filter(Q(forum=plan.forum_id) | Q(pk=self.instance.working_group_id))
        rows = list(field.queryset)
        choose_among(field, rows, empty=str(pgettext_lazy("working group", "None")))
        if not rows:
            del self.fields["working_group"]
        if not plan.forum_id:
            del self.fields["new_group"]
        elif not rows:
            self.fields["new_group"].label = _("Working group responsible for it")
            self.fields["new_group"].help_text = _("The name of the new group, which is formed in the plan’s forum.")

    def clean(self) -> dict[str, Any]:
        """A working group that is there, or a new one."""
        cleaned = super().clean()
        if cleaned.get("working_group") and cleaned.get("new_group"):
            self.add_error("new_group", _("Choose a working group or form one, not both."))
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """The name of a working group to be formed."""
        return {**super().facts, "new_group": str(self.cleaned_data.get("new_group") or "")}


class PillarForm(OnceForm, _PillarFields):
    """A new pillar."""


class PillarChangeForm(VersionForm, _PillarFields):
    """A pillar, changed."""


class _ObjectiveFields(InstanceForm[Objective]):
    class Meta:
        model = Objective
        fields = ("title", "language")
        labels: ClassVar[dict[str, Any]] = {"title": _("Objective")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_language(self)


class ObjectiveForm(OnceForm, _ObjectiveFields):
    """A new objective."""


class ObjectiveChangeForm(VersionForm, _ObjectiveFields):
    """An objective, changed."""
