"""The form of a promise: who will do what, until when, and its place in the plan."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jirani.acting.facts import OWN, held, type_held
from jirani.acting.forms import InstanceForm, OnceForm, VersionForm
from jirani.acting.rows import RowForm, RowsForm
from jirani.commitments.actions import Step
from jirani.commitments.models import Commitment
from jirani.core.enums import AccessMode
from jirani.core.text import active_language
from jirani.lessons.actions import modes_within
from jirani.members.entry.forms.fields import PartialDateField
from jirani.members.forms import offer_organisations, offer_papers
from jirani.members.models import Agreement, Grant, Organisation
from jirani.plans.actions import day_fault
from jirani.plans.enums import Status
from jirani.plans.forms import objective_choices
from jirani.plans.models import ActionPlan, Activity, Objective
from jirani.translation.forms import choose_among, language_choices, named
from jirani.translation.models import translate_now
from jirani.ui.forms import DayInput, Need, Several, let_text_lead, not_in_future, type_needs


class MilestoneForm(RowForm):
    """A step on the way. A new promise has none that is done."""

    title = forms.CharField(label=_("Step"), max_length=240, required=False)
    due_on = forms.DateField(label=_("Due"), required=False, widget=DayInput)
    done_on = forms.DateField(
        label=pgettext_lazy("milestone", "Done"), required=False, widget=DayInput, validators=[not_in_future]
    )

    needed: type_needs = {
        "title": Need(
            _("needed with a day"), _("Say what is done by that day."),
            lambda data: bool(data.get("due_on") or data.get("done_on")),
        ),
    }  # fmt: skip

    def __init__(self, *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if new:
            del self.fields["done_on"]


class _CommitmentFields(RowsForm, InstanceForm[Commitment]):
    row, rows_prefix, most_rows = MilestoneForm, "milestones", 12

    made = PartialDateField(
        label=_("When it was made"), required=False, past=True, latest=False,
        help_text=_("2021-03-25, 2021-03 or 2021. If you leave it empty, the day you publish it is used."),
        error_messages={"required": _("Enter when it was made, as exactly as you know it.")},
    )  # fmt: skip
    new_activity = forms.CharField(
        label=_("Or add an activity to the plan"), max_length=300, required=False,
        help_text=_("What is done, beginning with a verb. It is added together with the commitment."),
    )  # fmt: skip
    new_objective = forms.ModelChoiceField(Objective.objects.none(), label=_("Under which objective"), required=False)

    held: ClassVar[type_held] = {
        "made": held("made_on", "made_precision"),
        "new_activity": None,
        "new_objective": OWN,
    }
    needed: type_needs = {
        "title": Need(_("needed before it is published")),
        "new_objective": Need(
            _("needed with a new activity"), _("Choose the objective of the plan that it belongs to."),
            lambda data: bool(data.get("new_activity")) and not data.get("activity"),
        ),
    }  # fmt: skip

    class Meta:
        model = Commitment
        fields = (
            "organisation", "title", "problem", "description", "language", "lead", "supporting", "due_on",
            "transfer_step", "agreement", "grant", "activity", "access", "source_url",
        )  # fmt: skip
        widgets = {
            "problem": forms.Textarea(attrs={"rows": 3}),
            "description": forms.Textarea(attrs={"rows": 5}),
            "supporting": Several,
            "due_on": DayInput,
            "transfer_step": forms.RadioSelect,
            "access": forms.RadioSelect,
        }
        labels = {"agreement": _("Agreement"), "grant": _("Grant")}
        help_texts = {
            "title": _("Such as “Rotate the seats in pillar meetings from July”."),
            "problem": _("What is wrong today, and for whom."),
            "lead": _("A post, not a name: people change, posts stay. Such as “Director of public participation”."),
            "supporting": _("Organisations that help. They are also asked what became of it."),
            "agreement": _("An agreement signed with others, if it contains this promise."),
            "grant": _("The grant that pays for it, if a donor funds it."),
            "transfer_step": _("How far you are: finding out how it works, adapting it to your place, or using it."),
        }

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = active_language()
        self.fields["language"] = forms.ChoiceField(label=_("Written in"), choices=language_choices())
        if self.instance._state.adding and here in dict(language_choices()):
            self.initial["language"] = here
        self.fields["transfer_step"].choices = Commitment._meta.get_field("transfer_step").choices  # type: ignore[attr-defined]
        self._offer_organisations(by)
        self._offer_plans(by)
        self._offer_papers(by)
        self._offer_modes()
        self._offer_steps()
        self._offer_day()
        let_text_lead(self.fields.values())

    def _offer_day(self) -> None:
        """Ask when it was made, as exactly as that is known. A published commitment must keep a day."""
        field: Any = self.fields["made"]
        if self.instance.status != Status.DRAFT:
            field.help_text, field.required = _("2021-03-25, 2021-03 or 2021."), self.instance.made_on is not None

    def _offer_organisations(self, by: Any) -> None:
        own = Organisation.objects.editable_by(by).distinct()
        rows = list(own)
        field: Any = self.fields["organisation"]
        field.queryset = own
        choose_among(field, rows, empty=None if len(rows) == 1 else str(_("Choose an organisation")))
        if len(rows) == 1:
            self.initial["organisation"] = rows[0].pk
        countries = {row.country for row in rows if row.country}
        near = Q(country__in=[*countries, ""])
        if not self.instance._state.adding:  # of a new one, without a key, it would be whoever supports nothing
            near |= Q(pk__in=self.instance.supporting.values("pk"))
        others = Organisation.objects.filter(near).exclude(pk__in=[rows[0].pk] if len(rows) == 1 else [])
        offer_organisations(self, "supporting", others, country=countries.pop() if len(countries) == 1 else "")

    def _offer_plans(self, by: Any) -> None:
        """Offer open activities and the current one; a user who may not edit its plan cannot change it."""
        plans, kept = list(ActionPlan.objects.editable_by(by)), self.instance.activity
        if not plans or (kept and kept.objective.pillar.plan not in plans):
            for name in ("activity", "new_activity", "new_objective"):
                del self.fields[name]
            return
        activity: Any = self.fields["activity"]
        activity.queryset = (
            Activity.objects.filter(~Q(status=Status.DROPPED) | Q(pk=kept.pk if kept else None))
            .filter(objective__pillar__plan__in=plans)
            .select_related("objective__pillar__plan")
            .order_by("objective__pillar__plan", "objective__pillar__number", "objective__number", "number")
        )
        activity.choices = [
            ("", pgettext_lazy("activity of the plan", "None yet")),
            *_activity_choices(activity.queryset),
        ]
        objective: Any = self.fields["new_objective"]
        objective.queryset = Objective.objects.filter(pillar__plan__in=plans).select_related("pillar__plan")
        objective.choices = [("", _("Choose an objective")), *objective_choices(plans)]

    def _offer_papers(self, by: Any) -> None:
        """Offer the agreements that the user's organisations signed, and grants, as far as the user may see them. If
        there are none, or the user may not see the one that is chosen, the field is left out and the stored choice
        stays.
        """
        own: Any = self.fields["organisation"]
        agreements = Agreement.objects.visible_to(by).filter(parties__in=own.queryset.values("pk")).distinct()
        offer_papers(self, "agreement", agreements, label="title")
        offer_papers(self, "grant", Grant.objects.visible_to(by), label="programme")

    def _offer_modes(self) -> None:
        modes = modes_within(self.instance.lesson)
        field: Any = self.fields["access"]
        field.choices = [(mode.value, mode.label) for mode in modes]
        if self.instance._state.adding:
            self.initial["access"] = modes[0].value
        field.help_text = (
            _("Never wider than the lesson.")
            if len(modes) < len(AccessMode)
            else _("Public: everybody. Network: signed-in people of members. Closed: the people of your organisation.")
        )

    def _offer_steps(self) -> None:
        new = self.instance._state.adding
        known = [] if new else self.instance.milestones.values("title", "due_on", "done_on")
        self.offer_rows(known, new=new)

    @property
    def steps(self) -> list[Step]:
        """The milestones as typed, without the empty rows."""
        return [Step(**row.cleaned_data) for row in self.sent_rows if row.cleaned_data.get("title")]

    def clean(self) -> dict[str, Any]:
        """Allow one activity at most, and require days in order."""
        cleaned = super().clean()
        self._keep_days(cleaned)
        new, objective = cleaned.get("new_activity"), cleaned.get("new_objective")
        if new and cleaned.get("activity"):
            self.add_error("new_activity", _("Choose an activity or add one, not both."))
        elif objective and not new:
            self.add_error("new_activity", _("Say what is done."))
        elif new and objective and (fault := day_fault(objective.pillar.plan, cleaned.get("due_on"))):
            self.add_error("due_on", fault)
        agreement, who = cleaned.get("agreement"), cleaned.get("organisation")
        if agreement and who and not agreement.parties.filter(pk=who.pk).exists():
            self.add_error("agreement", _("Choose an agreement that this organisation signed."))
        return cleaned

    def _keep_days(self, cleaned: dict[str, Any]) -> None:
        """Check that due and done days are not before the day it was made."""
        if "made" not in cleaned:
            return
        made = cleaned["made"][0] or (timezone.localdate() if self.instance._state.adding else None)
        self._keep_after(self, "due_on", made)
        for row in self.sent_rows:
            for name in ("due_on", "done_on"):
                self._keep_after(row, name, made)

    def _keep_after(self, form: Any, name: str, made: date | None) -> None:
        day = form.cleaned_data.get(name)
        if day and made and day < made and (name in form.changed_data or "made" in self.changed_data):
            form.add_error(name, _("Enter a day no earlier than the one on which it was made."))

    @property
    def added_activity(self) -> Activity | None:
        """The activity to add to the plan, led by the organisation, due when the commitment is."""
        title, objective = self.cleaned_data.get("new_activity"), self.cleaned_data.get("new_objective")
        if not title or not objective:
            return None
        return Activity(
            objective=objective, title=title, language=self.instance.language, lead=self.instance.organisation,
            until_on=self.instance.due_on,
        )  # fmt: skip

    @property
    def facts(self) -> dict[str, Any]:
        """Return the milestones and the activity to be added, besides the record's own columns."""
        return {**super().facts, "steps": self.steps, "new_activity": self.added_activity}


def _activity_choices(activities: Any) -> list[tuple[str, list[tuple[int, str]]]]:
    rows = list(activities)
    pillars = [row.objective.pillar for row in rows]
    plans = [pillar.plan for pillar in pillars]
    translate_now(rows, pillars, plans)
    several = len({plan.pk for plan in plans}) > 1
    groups: dict[str, list[tuple[int, str]]] = {}
    for row in rows:
        pillar = row.objective.pillar
        heading = f"{pillar.number}. {named(pillar, 'title')}"
        heading = f"{named(pillar.plan, 'title')} – {heading}" if several else heading
        number = f"{pillar.number}.{row.objective.number}.{row.number}"
        groups.setdefault(heading, []).append((row.pk, f"{number} {named(row, 'title')}"))
    return list(groups.items())


class CommitmentForm(OnceForm, _CommitmentFields):
    """A new commitment."""


class CommitmentChangeForm(VersionForm, _CommitmentFields):
    """A commitment, changed."""
