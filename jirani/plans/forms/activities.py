"""Forms of a plan's activities."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.acting.forms import InstanceForm, OnceForm, VersionForm
from jirani.core.text import active_language
from jirani.forums.models import Decision
from jirani.members.entry.forms.fields import CurrencyField
from jirani.members.forms import offer_organisations, offer_papers
from jirani.members.models import Grant, Organisation
from jirani.plans.actions import day_fault
from jirani.plans.enums import Completion, Status
from jirani.plans.models import ActionPlan, Activity, Objective
from jirani.translation.forms import ask_in_its_language, choose_among, language_choices, named
from jirani.translation.models import translate_now
from jirani.ui.forms import DayInput, Need, Several, let_text_lead, type_needs


def objective_choices(plans: list[ActionPlan]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Objectives by plan and pillar, by their names in the reader's language."""
    objectives = list(
        Objective.objects.filter(pillar__plan__in=plans)
        .select_related("pillar__plan")
        .order_by("pillar__plan", "pillar__number", "number")
    )
    translate_now(objectives, [o.pillar for o in objectives], [o.pillar.plan for o in objectives])
    groups: dict[str, list[tuple[int, str]]] = {}
    for objective in objectives:
        pillar = objective.pillar
        plan = f"{named(pillar.plan, 'title')} – " if len(plans) > 1 else ""
        heading = f"{plan}{pillar.number}. {named(pillar, 'title')}"
        groups.setdefault(heading, []).append(
            (objective.pk, f"{pillar.number}.{objective.number}. {named(objective, 'title')}")
        )
    return list(groups.items())


def organisations_near(plan: ActionPlan) -> Any:
    """Return organisations that could lead or support here: those of the country and of the forum, those that work in many countries, and
    those that already do.
    """
    near = (
        Q(country__in=[plan.authority.country, ""])
        | Q(activities_led__objective__pillar__plan=plan)
        | Q(activities_co_led__objective__pillar__plan=plan)
        | Q(activities_supported__objective__pillar__plan=plan)
        | Q(pillars_led_for_civil_society__plan=plan)
        | Q(pillars_led_for_government__plan=plan)
    )
    if plan.forum_id:
        near |= Q(forum_seats__forum=plan.forum_id)
    return Organisation.objects.filter(near).distinct()


class _ActivityFields(InstanceForm[Activity]):
    class Meta:
        model = Activity
        fields = (
            "title", "objective", "description", "language", "lead", "co_lead", "supporting", "from_on", "until_on",
            "no_cost", "budget", "currency", "grant", "funding_source", "means_of_verification", "decided_in", "source_url",
        )  # fmt: skip
        widgets = {
            "supporting": Several,
            "from_on": DayInput,
            "until_on": DayInput,
            "description": forms.Textarea(attrs={"rows": 4}),
            "means_of_verification": forms.Textarea(attrs={"rows": 3}),
        }
        field_classes = {"currency": CurrencyField}
        labels = {"objective": _("Objective")}
        help_texts = {
            "title": _("What is done, beginning with a verb."),
            "means_of_verification": _("How you can tell that it was done: minutes, a register, a photograph."),
            "decided_in": _("The decision of the forum that asked for it."),
        }

    needed: type_needs = {
        "currency": Need(
            _("needed with a budget"), _("Say in which currency, such as KES."),
            lambda data: data.get("budget") is not None and not data.get("no_cost"),
        ),
    }  # fmt: skip

    def __init__(self, *args: Any, plan: ActionPlan, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        here = active_language()
        self.fields["language"] = forms.ChoiceField(label=_("Written in"), choices=language_choices())
        if self.instance._state.adding and here in dict(language_choices()):
            self.initial["language"] = here
        self._offer(plan)
        offer_papers(self, "grant", Grant.objects.visible_to(by), label="programme")
        let_text_lead(self.fields.values())

    def _offer(self, plan: ActionPlan) -> None:
        objective: Any = self.fields["objective"]
        objective.queryset = Objective.objects.filter(pillar__plan=plan)
        objective.choices = [("", _("Choose an objective")), *objective_choices([plan])]
        near, none = list(organisations_near(plan)), str(pgettext_lazy("organisation", "None"))
        for name, empty in (("lead", none), ("co_lead", none), ("supporting", None)):
            offer_organisations(self, name, near, country=plan.authority.country, empty=empty)
        decided: Any = self.fields["decided_in"]
        decided.queryset = Decision.objects.filter(meeting__forum=plan.forum_id)
        if not decided.queryset.exists():
            del self.fields["decided_in"]
        else:
            choose_among(decided, decided.queryset, label="text", empty=str(pgettext_lazy("decision", "None")))

    def clean(self) -> dict[str, Any]:
        """Check that dates are in order, and that there is either a budget or no cost."""
        cleaned = super().clean()
        start, end = cleaned.get("from_on"), cleaned.get("until_on")
        if start and end and end < start:
            self.add_error("until_on", _("Enter an end that is no earlier than the beginning."))
        if cleaned.get("no_cost") and cleaned.get("budget") is not None:
            self.add_error("budget", _("Leave the budget empty if there is no cost."))
        for name in ("from_on", "until_on"):
            fault = day_fault(self.plan, cleaned.get(name)) if name in self.changed_data else ""
            if fault:
                self.add_error(name, fault)
        return cleaned


class ActivityForm(OnceForm, _ActivityFields):
    """A new activity."""


class ActivityChangeForm(VersionForm, _ActivityFields):
    """An activity, changed."""


class ProgressForm(VersionForm):
    """An activity's status and completion."""

    completion = forms.ChoiceField(
        label=_("How far it got"), choices=Completion.choices, widget=forms.RadioSelect,
        help_text=_("This does not change what a commitment tied to it says."),
    )  # fmt: skip
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(status.value, status.label) for status in (Status.OPEN, Status.DONE, Status.DROPPED)],
        widget=forms.RadioSelect,
    )
    dropped_because = forms.CharField(
        label=_("Why it was dropped"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The next city wants to know."),
    )  # fmt: skip

    needed: type_needs = {
        "dropped_because": Need(
            _("needed if it is dropped"), _("Say why it was dropped: the next city wants to know."),
            lambda data: data.get("status") == Status.DROPPED,
        ),
    }  # fmt: skip

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, record=activity, **kwargs)
        ask_in_its_language(self.fields["dropped_because"], activity)
