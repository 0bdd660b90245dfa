"""The form of a plan as a whole."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.acting.facts import held, type_held
from jirani.acting.forms import InstanceForm, OnceForm, VersionForm
from jirani.core.enums import AccessMode, last_day
from jirani.core.text import active_language
from jirani.forums.models import Forum
from jirani.members.entry.forms.choices import access_choices
from jirani.members.entry.forms.fields import PartialDateField, WholeNumberField
from jirani.members.permissions import can_edit_authority
from jirani.plans.actions import plan_faults
from jirani.plans.enums import PlanState
from jirani.plans.models import ActionPlan, Activity
from jirani.taxonomy.models import Theme
from jirani.translation.forms import choose_among, language_choices
from jirani.ui.forms import Need, let_text_lead, type_needs

#: How long a plan lasts at most.
MOST_YEARS = 50


def _free(earlier: ActionPlan, plan: ActionPlan) -> bool:
    """Whether nothing but `plan` takes the place of the earlier one."""
    after: ActionPlan | None = getattr(earlier, "superseded_by", None)
    return after is None or after.pk == plan.pk


class _PlanFields(InstanceForm[ActionPlan]):
    begins = PartialDateField(
        label=pgettext_lazy("period of a plan", "From"), required=False, help_text=_("2021-03-25, 2021-03 or 2021.")
    )
    ends = PartialDateField(label=pgettext_lazy("period of a plan", "Until"), required=False)
    number = WholeNumberField(
        label=_("Version"), required=False, least=1, most=999,
        help_text=_("If you leave it empty, the local authority’s next version number is used."),
    )  # fmt: skip
    access = forms.ChoiceField(label=_("Who may see it"), widget=forms.RadioSelect, initial=AccessMode.PUBLIC)

    needed: type_needs = {"title": Need(_("needed before it is adopted"))}
    held: ClassVar[type_held] = {
        "begins": held("from_on", "from_precision"),
        "ends": held("until_on", "until_precision"),
        "number": held("version"),
    }

    class Meta:
        model = ActionPlan
        fields = (
            "title", "short_name", "summary", "vision", "mission", "theory_of_change", "language", "themes", "forum", "supersedes",
            "access", "source_url",
        )  # fmt: skip
        widgets: ClassVar[dict[str, Any]] = {
            name: forms.Textarea(attrs={"rows": rows})
            for name, rows in (("summary", 3), ("vision", 3), ("mission", 3), ("theory_of_change", 4))
        } | {"themes": forms.CheckboxSelectMultiple}
        labels: ClassVar[dict[str, Any]] = {
            "forum": _("The forum responsible for it"),
            "summary": _("In two sentences"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "title": _("As printed on its cover."),
            "short_name": _("What people call it, such as MCAP. It stands where there is little room."),
            "theory_of_change": _("Why the planned activities should lead to the results hoped for."),
            "source_url": _("An address where the plan itself can be read."),
        }

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan, fields = self.instance, self.fields
        fields["language"] = forms.ChoiceField(
            label=_("Written in"), choices=language_choices, help_text=_("The language of what you type here.")
        )
        if plan._state.adding:
            self.initial["language"] = active_language()
        access: Any = fields["access"]
        access.choices = access_choices(closed=str(_("Closed: only its authority’s and its forum’s people may see it")))
        chosen = [] if plan._state.adding else [theme.pk for theme in plan.themes.all()]
        themes: Any = fields["themes"]
        themes.queryset = Theme.objects.offered(chosen)
        choose_among(themes, themes.queryset)
        self._offer_forums(by)
        self._offer_earlier(by)
        let_text_lead(fields.values())

    def _offer_forums(self, by: Any) -> None:
        """Offer the authority's forums. Somebody who edits the plan as a forum's secretary can choose only their own forums."""
        plan = self.instance
        speaks = can_edit_authority(by, plan.authority)
        offered = Forum.objects.filter(authority=plan.authority)
        field: Any = self.fields["forum"]
        field.queryset = offered if speaks else Forum.objects.editable_by(by).filter(authority=plan.authority)
        rows = list(field.queryset)
        if not rows:
            del self.fields["forum"]
            return
        field.required = not speaks
        choose_among(field, rows, empty=str(pgettext_lazy("forum", "None")) if speaks else None)
        if plan._state.adding and len(rows) == 1:
            self.initial["forum"] = rows[0].pk

    def _offer_earlier(self, by: Any) -> None:
        """Offer plans of the authority that no other plan replaces. The action decides which may be chosen: a form that
        is sent twice finds its choice taken by what it made.
        """
        plan = self.instance
        others = ActionPlan.objects.visible_to(by).filter(authority=plan.authority).exclude(pk=plan.pk)
        field: Any = self.fields["supersedes"]
        field.queryset = others
        free = [each for each in others.select_related("superseded_by") if _free(each, plan)]
        choose_among(field, free, label="title", empty=str(pgettext_lazy("plan", "None")))
        if not others:
            del self.fields["supersedes"]

    def validate_unique(self) -> None:
        """Leave it to the action, as above."""

    def clean(self) -> dict[str, Any]:
        """Check that the period is in order, and fill in the next version."""
        cleaned = super().clean()
        plan = self.instance
        if "begins" in cleaned and "ends" in cleaned:
            if plan.from_on and plan.until_on and plan.until_on < plan.from_on:
                self.add_error("ends", _("Enter an end that is no earlier than the beginning."))
            elif plan.from_on and plan.until_on and plan.until_on.year - plan.from_on.year > MOST_YEARS:
                self.add_error(
                    "ends", _("Enter an end within %(years)s years of the beginning.") % {"years": MOST_YEARS}
                )
            self._keep_activities(plan)
        plan.version = cleaned.get("number") or self._next_version()
        return cleaned

    def foresee(self) -> dict[str, str]:
        """What it needs, and its place among the plans of its authority."""
        return plan_faults(self.instance)

    def _keep_activities(self, plan: ActionPlan) -> None:
        """Refuse days that leave out an activity of the plan."""
        outside = Q()
        if plan.from_on:
            outside |= Q(from_on__lt=plan.from_on) | Q(until_on__lt=plan.from_on)
        if plan.until_on:
            last = last_day(plan.until_on, plan.until_precision)
            outside |= Q(from_on__gt=last) | Q(until_on__gt=last)
        if not outside or plan._state.adding or not {"begins", "ends"} & set(self.changed_data):
            return
        found = Activity.objects.filter(outside, objective__pillar__plan=plan).first()
        if found is not None:
            words = _("Choose days within which “%(activity)s” falls, or change its days first.")
            self.add_error("ends", words % {"activity": found.title})

    def _next_version(self) -> int:
        """Return the first free version number after those of the authority's other plans."""
        others = ActionPlan.objects.filter(authority=self.instance.authority).exclude(pk=self.instance.pk)
        return (others.aggregate(last=Max("version"))["last"] or 0) + 1


class PlanForm(OnceForm, _PlanFields):
    """A new plan, a draft."""


class PlanChangeForm(VersionForm, _PlanFields):
    """A plan, changed, adopted or ended."""

    state = forms.ChoiceField(
        label=pgettext_lazy("plan", "State"), choices=PlanState.choices, widget=forms.RadioSelect,
        help_text=_("A draft is seen by those who may edit it and by the forum’s people, whatever is chosen above."),
    )  # fmt: skip
